"""The factory: a Connexion app with its API, its bindings and injection into the handlers."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final, TypeAlias

from a2wsgi import WSGIMiddleware
from connexion import FlaskApp
from connexion.jsonifier import Jsonifier
from connexion.middleware import MiddlewarePosition
from connexion.options import SwaggerUIOptions
from flask import Response, redirect
from flask_injector import FlaskInjector
from injector import Binder, Injector
from sqlalchemy import Engine

from services.chassis import problems
from services.chassis.bindings import ChassisModule
from services.chassis.contract import Document, load_contract
from services.chassis.edge import Edge
from services.chassis.events import api as events_api
from services.chassis.events.waiting import MOST_WAITING
from services.chassis.lifetime import running
from services.chassis.migrations import migrate
from services.chassis.schemas import tree
from services.chassis.settings import Settings
from services.chassis.validation import VALIDATORS, StrictURIParser
from services.chassis.wiring import InjectingResolver, RequestScope

Configure: TypeAlias = Callable[[Binder], None]

# Requests that wait for events hold a thread each; as many are left for the others.
_THREADS: Final = 2 * MOST_WAITING


def create_app(api: ModuleType, settings: Settings, *modules: Configure) -> FlaskApp:
    """Return the service whose handlers are in `api`, beside its openapi.yaml and migrations.

    Of the modules, which bind what handlers take, a later one overrides those before it. Its
    database is brought up to date. Raises ContractError and DatabaseUnusable.
    """
    folder = Path(str(api.__file__)).parent
    contract = load_contract(folder / "openapi.yaml", tree())
    injector = Injector()
    app = _connexion_app(api, injector)
    app.add_api(contract)
    _serve_contract(app, contract)
    problems.install(app)
    FlaskInjector(
        app.app,
        modules=[ChassisModule(settings), *modules],
        injector=injector,
        request_scope_class=RequestScope,
    )
    _migrate(injector.get(Engine), folder / "migrations")
    return app


def _migrate(engine: Engine, migrations: Path) -> None:
    migrate(engine, migrations)
    # A server that forks its workers from here must not share a connection among them.
    engine.dispose()


def _connexion_app(api: ModuleType, injector: Injector) -> FlaskApp:
    @asynccontextmanager
    async def lifespan(_app: object) -> AsyncIterator[None]:
        with running(injector):
            yield

    app = FlaskApp(
        api.__name__,
        lifespan=lifespan,
        resolver=InjectingResolver(injector, [api, events_api]),
        strict_validation=True,
        validate_responses=True,
        validator_map=VALIDATORS,
        uri_parser_class=StrictURIParser,  # type: ignore[arg-type]  # it is a type
        jsonifier=Jsonifier(json, separators=(",", ":")),
        swagger_ui_options=SwaggerUIOptions(serve_spec=False),
    )
    app.add_middleware(Edge, position=MiddlewarePosition.BEFORE_EXCEPTION)
    wsgi: Any = app.app.wsgi_app  # the two libraries spell WSGI's types differently
    app._middleware_app.asgi_app = WSGIMiddleware(wsgi, _THREADS)  # noqa: SLF001 no setting for it
    return app


def _serve_contract(app: FlaskApp, contract: Document) -> None:
    """Serve the document as it is: Connexion's own would have its references resolved."""
    base = contract["servers"][0]["url"]
    text = json.dumps(contract)
    app.add_url_rule(
        f"{base}/openapi.json", "contract", lambda: Response(text, content_type="application/json")
    )
    for path in ("/", f"{base}/"):
        app.add_url_rule(path, f"home {path}", lambda: redirect(f"{base}/ui/"))
