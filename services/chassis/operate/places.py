"""Where the services are that a command is about, and their databases, as the environment says."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from injector import Injector
from sqlalchemy import Engine

from services.chassis.bindings import injector_of
from services.chassis.errors import ServiceError
from services.chassis.health import Revisions
from services.chassis.serving.discovery import default_ports, load
from services.chassis.settings import Settings


class NoSuchService(ServiceError):
    """No folder of services/ has that name."""

    def __init__(self, name: str) -> None:
        known = ", ".join(default_ports())
        super().__init__(f"There is no service {name!r}. There are: {known}.")


class NoTables(ServiceError):
    """The database of a service is not there yet, or lacks tables of today."""

    def __init__(self, name: str, engine: Engine, reason: str) -> None:
        # Without the query, which may hold a password as well.
        url = engine.url.set(query={})
        super().__init__(f"{url} {reason}: ./invoke run {name} makes what is missing.")


def settings_beside(name: str, client: str, environment: Mapping[str, str]) -> Settings:
    """Return settings that have the URL of the service `name`, and of all others.

    They are those of `client`, which is no service but calls them. Raises NoSuchService and
    SettingsError.
    """
    # It has no database, which the production profile would miss.
    with_database = {"DATABASE_URL": f"sqlite:///{client}.sqlite", **environment}
    return Settings.read(client, {**_ports(name), client: 0}, with_database)


@contextmanager
def opened(name: str, environment: Mapping[str, str]) -> Iterator[Injector]:
    """Give what the service `name` injects, on its database, whether it runs or not.

    Nothing is made. Raises NoSuchService, SettingsError, NoTables, and what the database raises.
    """
    settings = Settings.read(name, _ports(name), environment)
    package = load(name)
    injector = injector_of(settings, import_module(f"{package.__name__}.bindings").configure)
    engine = injector.get(Engine)
    try:
        _look(name, engine, Revisions(Path(str(package.__file__)).parent / "migrations"))
        yield injector
    finally:
        engine.dispose()


def _ports(name: str) -> Mapping[str, int]:
    ports = default_ports()
    if name not in ports:
        raise NoSuchService(name)
    return ports


def _look(name: str, engine: Engine, revisions: Revisions) -> None:
    # To connect would make the file.
    if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).is_file():
        raise NoTables(name, engine, "is not there yet")
    with engine.connect() as connection:
        current = set(MigrationContext.configure(connection).get_current_heads())
    if revisions.lack(current):
        older = "has tables of an older release" if current else "has no tables yet"
        raise NoTables(name, engine, older)
