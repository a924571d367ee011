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

import services.items.rows
import services.rooms.rows
from services.chassis.database import open_database
from services.chassis.entities.idempotency import IdempotencyBase
from services.chassis.errors import DatabaseUnusable
from services.chassis.events.tables import EventsBase
from services.chassis.migrations import migrate
from tests.services.databases import Database, on_both_databases

START = """
import sys
from pathlib import Path
from services.chassis.database import open_database
from services.chassis.migrations import migrate
from tests.services.databases import Database, on_both_databases
migrate(open_database(sys.argv[1], "items"), Path(sys.argv[2]))
"""


def folder_of(service: ModuleType) -> Path:
    return Path(str(service.__file__)).parent / "migrations"


@on_both_databases
@pytest.mark.parametrize(
    ("service", "base"),
    [
        (services.items, services.items.rows.Base),
        (services.rooms, services.rooms.rows.Base),
    ],
)
def test_migrations_make_the_tables_that_the_code_uses(
    database: Database, service: ModuleType, base: type[DeclarativeBase]
) -> None:
    engine = open_database(database("a"), "mine")
    migrate(engine, folder_of(service))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        # A sequence of them is what Alembic documents, though not in its types.
        declared: Any = [IdempotencyBase.metadata, EventsBase.metadata, base.metadata]
        differences = compare_metadata(context, declared)
    engine.dispose()
    assert differences == []


@on_both_databases
def test_a_second_start_changes_nothing(engine: Engine) -> None:
    with engine.begin() as connection:
        row = text(
            "INSERT INTO inbox_cursor (source, feed, position, behind)"
            " VALUES ('rooms', :feed, 7, false)"
        )
        connection.execute(row, {"feed": "0" * 32})
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


@on_both_databases
def test_processes_that_start_at_once_make_the_tables_once(database: Database) -> None:
    url = database("new folder/100%")
    words = [sys.executable, "-c", START, url, str(folder_of(services.items))]
    starting = [subprocess.Popen(words, stderr=subprocess.PIPE) for _ in range(4)]
    errors = [process.communicate(timeout=60)[1] for process in starting]
    assert [process.returncode for process in starting] == [0] * 4, errors
    engine = open_database(url, "items")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM feed")) == 1
    tables = inspect(engine).get_table_names()
    engine.dispose()
    assert {"items", "outbox", "inbox"} <= set(tables)


@on_both_databases
def test_a_database_of_a_newer_version_is_refused_with_what_to_do_and_stays_as_it_is(
    engine: Engine,
) -> None:
    with engine.begin() as connection:
        newer = "UPDATE alembic_version SET version_num = :new WHERE version_num LIKE 'items%'"
        connection.execute(text(newer), {"new": "items_9999"})
    with pytest.raises(DatabaseUnusable) as caught:
        migrate(engine, folder_of(services.items))
    assert "migrations that are not here: items_9999" in str(caught.value)
    assert "Run that version" in str(caught.value)
    with engine.connect() as connection:
        seen = set(connection.scalars(text("SELECT version_num FROM alembic_version")))
    assert seen >= {"items_9999", "events_0002"}
