"""The program that is one service, as users run it, but that its effects leave rows."""

import os
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from connexion import FlaskApp
from injector import Binder

from services.chassis.database import open_database
from services.chassis.errors import ServiceError
from services.chassis.events.declaration import Events
from services.chassis.logs import set_up_logs
from services.chassis.serving.discovery import default_ports, load
from services.chassis.serving.listening import listen
from services.chassis.serving.server import serve
from services.chassis.settings import Settings
from tests.faults.chaos.effects import make_table, recorded


class Recording(ModuleType):
    """The package of a service, whose app records effects."""

    def __init__(self, package: Any) -> None:
        super().__init__(package.__name__)
        self._package = package

    def create_app(self, settings: Settings, *overrides: Any) -> FlaskApp:
        """Return the service, whose database is up to date and has the table of effects."""
        declared: Events = sys.modules[f"{self.__name__}.events"].EVENTS

        def record(binder: Binder) -> None:
            binder.bind(Events, to=recorded(declared))

        app: FlaskApp = self._package.create_app(settings, *overrides, record)
        engine = open_database(settings.database_url, settings.name)
        make_table(engine)
        engine.dispose()
        return app


def main(words: Sequence[str]) -> None:
    """Serve until a signal, or end where the service cannot start."""
    (name,) = words
    set_up_logs()
    settings = Settings.read(name, default_ports(), os.environ).overridden(empty=True, port=None)
    set_up_logs(settings)
    try:
        serve(Recording(load(name)), settings, listen(settings))
    except ServiceError as error:
        sys.exit(str(error))
