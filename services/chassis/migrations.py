"""Brings a database to the tables of today: those of events and the service's own."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.chassis.database import for_writing
from services.chassis.errors import DatabaseUnusable

_ALEMBIC: Final = Path(__file__).with_name("alembic")
_EVENTS: Final = Path(__file__).parent / "events" / "migrations"


def migrate(engine: Engine, own: Path) -> None:
    """Run the migrations that the database has not seen; `own` is the service's folder of them.

    It is one transaction that takes the write lock first, so processes may start at once. Raises
    DatabaseUnusable.
    """
    config = Config()
    config.set_main_option("script_location", _escaped(_ALEMBIC))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", f"{_escaped(_EVENTS)}\n{_escaped(own)}")
    try:
        with for_writing(engine).begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "heads")
    except (OSError, SQLAlchemyError, CommandError) as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        raise DatabaseUnusable(str(engine.url), reason) from error


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")
