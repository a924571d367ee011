"""The factory: a Connexion app with its API, its bindings and injection into the handlers."""

from dataclasses import replace
from pathlib import Path
from types import ModuleType

from connexion import FlaskApp
from flask_injector import FlaskInjector
from sqlalchemy import Engine

from services.chassis import problems
from services.chassis.auth import development_api, scheme
from services.chassis.bindings import Configure, injector_of
from services.chassis.connexion_app import connexion_app
from services.chassis.contract import feed_path, load_contract
from services.chassis.edge import add_edge
from services.chassis.entities import negotiation
from services.chassis.front.middleware import add_front
from services.chassis.health import health_of
from services.chassis.migrations import migrate
from services.chassis.pages import serve_pages, swagger_page
from services.chassis.schemas import tree
from services.chassis.settings import Settings
from services.chassis.wiring import RequestScope

__all__ = ["Configure", "create_app"]


def create_app(
    api: ModuleType, settings: Settings, *modules: Configure, front: bool = True
) -> FlaskApp:
    """Return the service whose handlers are in `api`, beside its openapi.yaml and migrations.

    Of the modules, which bind what handlers take, a later one overrides those before it. Its
    database is brought up to date. Without the front, Connexion does all that it does, and answers
    the same. Raises ContractError, DatabaseUnusable and DevelopmentKeyUnusable.
    """
    folder = Path(str(api.__file__)).parent
    contract = load_contract(folder / "openapi.yaml", tree())
    contract = replace(contract, document=scheme.protect(contract.document, settings.auth))
    injector = injector_of(settings, health_of(folder / "migrations"), *modules)

    app = connexion_app(api, injector)
    app.add_api(contract.document, swagger_ui_options=swagger_page(contract.document, settings))
    add_edge(app, injector, feed_path(contract.document))
    problems.install(app)
    negotiation.install(app.app)
    FlaskInjector(app.app, injector=injector, request_scope_class=RequestScope)

    serve_pages(app, contract, injector)
    development_api.install(app, injector, scheme.scopes(contract.document))
    if front:
        add_front(app)
    migrate(injector.get(Engine), folder / "migrations")
    return app
