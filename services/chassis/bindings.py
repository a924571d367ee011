"""What every service can inject."""

from collections.abc import Callable
from typing import TypeAlias

from injector import Binder, Injector, Module, provider, singleton
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from services.chassis.auth.bindings import AuthModule
from services.chassis.database import open_database
from services.chassis.events.declaration import Events
from services.chassis.events.waiting import Stopping
from services.chassis.settings import Settings
from services.chassis.wiring import RequestScope, per_request

Configure: TypeAlias = Callable[[Binder], None]


def injector_of(settings: Settings, *modules: Configure) -> Injector:
    """Return what gives a service's objects, to handlers, effects and scripts alike.

    Of the modules a later one overrides those before it.
    """
    return Injector([ChassisModule(settings), AuthModule(), *modules])


class ChassisModule(Module):
    """Binds the settings, the database, one session per request, and the signal to stop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def configure(self, binder: Binder) -> None:
        """Bind what needs no making."""
        binder.bind(Settings, to=self._settings)
        binder.bind(Events, to=Events())
        binder.bind(Stopping, to=Stopping())

    @singleton
    @provider
    def engine(self, settings: Settings) -> Engine:
        """Open the database."""
        return open_database(settings.database_url, settings.name)

    @per_request
    @provider
    def session(self, engine: Engine, scope: RequestScope) -> Session:
        """Open a session that closes with the request."""
        return scope.enter(Session(engine, expire_on_commit=False))
