"""Transactions that write, and databases that cannot be used or are gone."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from services.chassis.database import open_database, writing
from services.chassis.errors import DatabaseAway, DatabaseGone, DatabaseUnusable
from services.chassis.migrations import migrate
from services.items.rows import KnownRoomRow
from tests.services.conftest import ITEMS_MIGRATIONS
from tests.services.examples import ROOM_BODY, room


def row(name: str) -> KnownRoomRow:
    return KnownRoomRow(id=room().id, version=1, name=name, deleted=False)


def names(engine: Engine) -> set[str]:
    with Session(engine) as session:
        return set(session.scalars(select(KnownRoomRow.name)))


def test_a_write_within_another_is_stored_with_it_or_not_at_all(engine: Engine) -> None:
    def write(*, fail: bool) -> None:
        with Session(engine) as session, writing(session):
            session.add(row("outer"))
            with writing(session):
                session.add(row("inner"))
            assert names(engine) == set()
            if fail:
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write(fail=True)
    assert names(engine) == set()
    write(fail=False)
    assert names(engine) == {"outer", "inner"}


def test_a_write_within_another_may_fail_alone(engine: Engine) -> None:
    first = row("first")
    with Session(engine) as session, writing(session):
        session.add(first)
        session.flush()
        again = row("again")
        again.id = first.id
        session.expunge(first)
        with pytest.raises(IntegrityError), writing(session):
            session.add(again)
        session.add(row("last"))
    assert names(engine) == {"first", "last"}


def remove(path: Path) -> None:
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()


def replace(path: Path) -> None:
    remove(path)
    sqlite3.connect(path).close()
    path.write_bytes(b"")


@pytest.mark.parametrize("lose", [remove, replace])
def test_nothing_is_stored_in_a_database_that_was_removed(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture, lose: object
) -> None:
    assert names(engine) == set()
    assert callable(lose)
    lose(tmp_path / "items.sqlite")
    left = sorted(tmp_path.iterdir())
    for _ in range(3):
        with pytest.raises(DatabaseGone), Session(engine) as session, writing(session):
            session.add(row("lost"))
    engine.dispose()
    with pytest.raises(DatabaseGone):
        names(engine)
    assert sorted(tmp_path.iterdir()) == left
    (line,) = caplog.messages
    assert str(tmp_path / "items.sqlite") in line
    assert "start it again" in line


def test_a_file_that_is_removed_while_it_is_opened_is_not_made_anew(
    engine: Engine, tmp_path: Path
) -> None:
    assert names(engine) == set()
    engine.dispose()

    @event.listens_for(engine, "do_connect")
    def just_before(*_: object) -> None:
        remove(tmp_path / "items.sqlite")

    with pytest.raises(DatabaseAway):
        names(engine)
    with pytest.raises(DatabaseGone):
        names(engine)
    assert not list(tmp_path.glob("items.sqlite*"))


def test_a_service_without_its_database_answers_503_that_says_what_to_do(
    rooms: TestClient, tmp_path: Path
) -> None:
    assert rooms.post("/v1/rooms", json=ROOM_BODY).status_code == 201
    remove(tmp_path / "rooms.sqlite")
    for answer in (
        rooms.post("/v1/rooms", json=ROOM_BODY | {"url": "https://a.example/2"}),
        rooms.get("/v1/rooms"),
        rooms.get("/v1/events"),
    ):
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert "must be started again" in answer.json()["detail"]
        assert str(tmp_path) not in answer.text


def garbage(path: Path) -> None:
    path.write_bytes(b"no database at all" * 1000)


def newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
        connection.execute("INSERT INTO alembic_version VALUES ('events_9999')")
    connection.close()


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE outbox (letters TEXT)")
    connection.close()


@pytest.mark.parametrize("prepare", [garbage, newer, foreign, Path.mkdir])
def test_a_file_that_is_no_database_of_the_service_is_refused_in_one_line_that_names_it(
    tmp_path: Path, prepare: object
) -> None:
    path = tmp_path / "items.sqlite"
    assert callable(prepare)
    prepare(path)
    engine = open_database(f"sqlite:///{path}")
    with pytest.raises(DatabaseUnusable) as caught:
        migrate(engine, ITEMS_MIGRATIONS)
    engine.dispose()
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    engine = open_database(f"sqlite:///{tmp_path}/file/below/items.sqlite")
    with pytest.raises(DatabaseUnusable, match="Not a directory"):
        migrate(engine, ITEMS_MIGRATIONS)


def test_a_foreign_database_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "items.sqlite"
    foreign(path)
    engine = open_database(f"sqlite:///{path}")
    with pytest.raises(DatabaseUnusable):
        migrate(engine, ITEMS_MIGRATIONS)
    with engine.connect() as connection:
        tables = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        assert tables.all() == ["outbox"]
    engine.dispose()
