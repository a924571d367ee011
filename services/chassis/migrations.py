"""Brings a database to the tables of today: those of events and the service's own."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from services.chassis.database import for_writing

_ALEMBIC: Final = Path(__file__).with_name("alembic")
_EVENTS: Final = Path(__file__).parent / "events" / "migrations"


def migrate(engine: Engine, own: Path) -> None:
    """Run the migrations that the database has not seen; `own` is the service's folder of them.

    It is one transaction that takes the write lock first, so processes may start at once.
    """
    config = Config()
    config.set_main_option("script_location", _escaped(_ALEMBIC))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", f"{_escaped(_EVENTS)}\n{_escaped(own)}")
    with for_writing(engine).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "heads")


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")
