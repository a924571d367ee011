import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import DeclarativeBase

import services.items.events
import services.rooms.provider
from services.chassis.database import open_database
from services.chassis.events.tables import EventsBase
from services.chassis.migrations import migrate

START = """
import sys
from pathlib import Path
from services.chassis.database import open_database
from services.chassis.migrations import migrate
migrate(open_database(sys.argv[1]), Path(sys.argv[2]))
"""


def folder_of(service: ModuleType) -> Path:
    return Path(str(service.__file__)).parent / "migrations"


@pytest.mark.parametrize(
    ("service", "base"),
    [
        (services.items, services.items.events.Base),
        (services.rooms, services.rooms.provider.Base),
    ],
)
def test_migrations_make_the_tables_that_the_code_uses(
    tmp_path: Path, service: ModuleType, base: type[DeclarativeBase]
) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/a.sqlite")
    migrate(engine, folder_of(service))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        # A sequence of them is what Alembic documents, though not in its types.
        declared: Any = [EventsBase.metadata, base.metadata]
        differences = compare_metadata(context, declared)
    engine.dispose()
    assert differences == []


def test_a_second_start_changes_nothing(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO inbox_cursor VALUES ('rooms', 'f', 7)"))
    migrate(engine, folder_of(services.items))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT position FROM inbox_cursor")) == 7


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "100% mine, %(all)s"
    shutil.copytree(folder_of(services.items), folder)
    engine = open_database(f"sqlite:///{tmp_path}/a.sqlite")
    migrate(engine, folder)
    assert inspect(engine).has_table("items")
    engine.dispose()


def test_processes_that_start_at_once_make_the_tables_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new folder/100%.sqlite"
    words = [sys.executable, "-c", START, url, str(folder_of(services.items))]
    starting = [subprocess.Popen(words, stderr=subprocess.PIPE) for _ in range(4)]
    errors = [process.communicate(timeout=60)[1] for process in starting]
    assert [process.returncode for process in starting] == [0] * 4, errors
    engine = open_database(url)
    tables = inspect(engine).get_table_names()
    engine.dispose()
    assert {"items", "outbox", "inbox"} <= set(tables)
