"""The rooms service: rooms for rent."""

from connexion import FlaskApp

from services.chassis.app import Configure
from services.chassis.app import create_app as create_service
from services.chassis.settings import Settings
from services.rooms import api
from services.rooms.bindings import configure

PORT = 9091


def create_app(settings: Settings, *overrides: Configure) -> FlaskApp:
    """Return the service; `overrides` bind over what `configure` binds."""
    return create_service(api, settings, configure, *overrides)
