"""Connexion with our parts in its places: what it finds, checks, writes and runs handlers with."""

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any, Final

from connexion import FlaskApp
from connexion.jsonifier import Jsonifier
from injector import Injector

from services.chassis.auth.security import security_map
from services.chassis.avro_bodies import VALIDATORS
from services.chassis.events.telling import api as events_api
from services.chassis.events.telling.waiting import MOST_WAITING
from services.chassis.serving.lifetime import running
from services.chassis.validation.requests import StrictURIParser
from services.chassis.wiring import InjectingResolver
from services.chassis.wsgi import ThreadedWSGI

# Requests that wait for events hold a thread each; as many are left for the others.
_THREADS: Final = 2 * MOST_WAITING
# At each request it warns that an operation takes bodies of several media types.
logging.getLogger("connexion.operations.openapi3").setLevel(logging.ERROR)


def connexion_app(api: ModuleType, injector: Injector) -> FlaskApp:
    """Return an app without an API yet, whose handlers are in `api` and get what is injected."""

    @asynccontextmanager
    async def lifespan(_app: object) -> AsyncIterator[None]:
        with running(injector):
            yield

    app = FlaskApp(
        api.__name__,
        lifespan=lifespan,
        resolver=InjectingResolver(injector, [api, events_api]),
        security_map=security_map(injector),
        strict_validation=True,
        validate_responses=True,
        validator_map=VALIDATORS,
        uri_parser_class=StrictURIParser,  # type: ignore[arg-type]  # it is a type
        jsonifier=Jsonifier(json, separators=(",", ":")),
    )
    # The chassis answers OPTIONS itself, alike for all paths.
    app.app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    flask: Any = app._middleware_app  # noqa: SLF001 Connexion has no setting for it
    flask.asgi_app = ThreadedWSGI(app.app.wsgi_app, _THREADS)
    return app
