"""The same service on the stock stack: Connexion's own validators, parser and adapter (a2wsgi).

Only what makes injection work at all is ours, with who may call, and the table of problems.
"""

from pathlib import Path
from types import ModuleType

from connexion import FlaskApp
from connexion.options import SwaggerUIOptions
from flask_injector import FlaskInjector
from injector import Injector
from sqlalchemy import Engine

from services.chassis import problems
from services.chassis.app import Configure
from services.chassis.auth import scheme
from services.chassis.auth.bindings import AuthModule
from services.chassis.auth.security import security_map
from services.chassis.bindings import ChassisModule
from services.chassis.contract import load_contract
from services.chassis.events.telling import api as events_api
from services.chassis.migrations import migrate
from services.chassis.schemas import tree
from services.chassis.settings import Settings
from services.chassis.wiring import InjectingResolver, RequestScope


def stock_app(api: ModuleType, settings: Settings, *modules: Configure) -> FlaskApp:
    """Return the service whose handlers are in `api`, as `create_app` does."""
    folder = Path(str(api.__file__)).parent
    contract = load_contract(folder / "openapi.yaml", tree()).document
    injector = Injector()
    app = FlaskApp(
        api.__name__,
        security_map=security_map(injector),
        resolver=InjectingResolver(injector, [api, events_api]),
        strict_validation=True,
        validate_responses=True,
        swagger_ui_options=SwaggerUIOptions(serve_spec=False),
    )
    app.add_api(scheme.protect(contract, settings.auth))
    problems.install(app)
    FlaskInjector(
        app.app,
        modules=[ChassisModule(settings), AuthModule(), *modules],
        injector=injector,
        request_scope_class=RequestScope,
    )
    migrate(injector.get(Engine), folder / "migrations")
    return app
