"""Brings a database to the tables of today: those of the chassis and the service's own."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from services.chassis.database import exclusively, for_writing
from services.chassis.database.postgresql import make_schema, take_time
from services.chassis.errors import DatabaseAway, DatabaseUnusable

_ALEMBIC: Final = Path(__file__).with_name("alembic")
_SHARED: Final = [Path(__file__).parent / each / "migrations" for each in ("entities", "events")]
_SQLITE_REMEDY = "move it away, then a new one is made, or set VAR_DIR to another folder."
_REMEDY = "see that it runs and lets the service make tables, or set DATABASE_URL to another one."
_NEWER_REMEDY = (
    "it belongs to a newer version of this service, or to another one. Run that version, go back "
    "to a copy from before it, or set DATABASE_URL to another database."
)


def migrate(engine: Engine, own: Path) -> None:
    """Run the migrations that the database has not seen; `own` is the service's folder of them.

    It is one transaction that shuts out others of its kind first, so processes may start at once.
    Raises DatabaseUnusable, also where the database has seen migrations that are not there.
    """
    config = configuration(own)
    try:
        with for_writing(engine).begin() as connection:
            _take_turn(connection)
            _refuse_newer(connection, config)
            config.attributes["connection"] = connection
            command.upgrade(config, "heads")
        # A server that forks its workers from here must not share a connection among them.
        engine.dispose()
    except DatabaseAway as error:
        raise _unusable(engine, error.reason) from error
    except (OSError, SQLAlchemyError, CommandError) as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        raise _unusable(engine, reason) from error


def _take_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        take_time(connection, lock_timeout="10min")  # as long as another's migration may take
        exclusively(connection, "migrations")
        # While a change of a table waits, all who use the table wait behind it.
        take_time(connection, lock_timeout="5s")
        make_schema(connection)


def _refuse_newer(connection: Connection, config: Config) -> None:
    seen = MigrationContext.configure(connection).get_current_heads()
    known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
    unknown = sorted(set(seen) - known)
    if unknown:
        reason = f"it has migrations that are not here: {', '.join(unknown)}"
        raise _unusable(connection.engine, reason, _NEWER_REMEDY)


def _unusable(engine: Engine, reason: str, remedy: str | None = None) -> DatabaseUnusable:
    usual = _SQLITE_REMEDY if engine.dialect.name == "sqlite" else _REMEDY
    # Without the query, which may hold a password as well.
    return DatabaseUnusable(str(engine.url.set(query={})), reason, remedy or usual)


def configuration(own: Path) -> Config:
    """Return where Alembic finds the migrations; `own` is the service's folder of them."""
    config = Config()
    config.set_main_option("script_location", _escaped(_ALEMBIC))
    config.set_main_option("path_separator", "newline")
    folders = "\n".join(_escaped(each) for each in [*_SHARED, own])
    config.set_main_option("version_locations", folders)
    return config


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")
