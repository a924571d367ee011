"""The items service: things that are offered, on their own or with a room."""

from connexion import FlaskApp

from services.chassis.app import Configure
from services.chassis.app import create_app as create_service
from services.chassis.settings import Settings
from services.items import api
from services.items.bindings import configure

PORT = 9090


def create_app(settings: Settings, *overrides: Configure) -> FlaskApp:
    """Return the service; `overrides` bind over what `configure` binds."""
    return create_service(api, settings, configure, *overrides)
