"""What every service can inject."""

from collections.abc import Callable
from importlib import import_module
from typing import TypeAlias

from injector import Binder, Injector, Module, provider, singleton
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from services.chassis.auth.bindings import AuthModule
from services.chassis.database import open_database
from services.chassis.errors import SettingsError
from services.chassis.events.declaration import Events
from services.chassis.events.rabbit.sink import RabbitSink
from services.chassis.events.telling.sink import Sink
from services.chassis.observing.metrics import Metrics
from services.chassis.schemas import Schemas, tree
from services.chassis.schemas.confluent import ConfluentRegistry
from services.chassis.settings import Broker, Settings
from services.chassis.stopping import Stopping
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

    @singleton
    @provider
    def schemas(self, settings: Settings) -> Schemas:
        """Look up schemas in this checkout, then in the registry of the settings."""
        url = settings.events.registry_url
        return Schemas(tree(), ConfluentRegistry(url) if url else None)

    @per_request
    @provider
    def session(self, engine: Engine, scope: RequestScope) -> Session:
        """Open a session that closes with the request."""
        return scope.enter(Session(engine, expire_on_commit=False))

    @singleton
    @provider
    def sink(self, settings: Settings, metrics: Metrics) -> Sink:
        """Return where the relay puts events. Raises SettingsError."""
        if settings.events.url is None:
            raise SettingsError(["EVENTS_URL: a relay needs the URL of a broker."])
        if settings.events.broker is Broker.KAFKA:
            # An extra, which is not there elsewhere.
            kafka = import_module("services.chassis.events.kafka.sink")
            sink: Sink = kafka.KafkaSink(settings.events.url, settings.name, tree())
            return sink
        return RabbitSink(settings.events.url, settings.name, metrics.count_unrouted)
