"""What wakes those who wait for events: events of other processes, too."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from services.chassis.database import open_database, writing
from services.chassis.events.declaration import Events
from services.chassis.events.telling import watching
from services.chassis.events.telling.outbox import Outbox
from services.chassis.events.telling.waiting import Waiting
from services.chassis.events.telling.watching import Watcher
from services.chassis.settings import Settings
from services.chassis.stopping import Stopping
from tests.services import examples
from tests.services.databases import on_both_databases, on_postgresql


class Process:
    """What a process has of its own: a pool, those who wait, and who wakes them."""

    def __init__(self, settings: Settings) -> None:
        self.stopping = Stopping()
        self.engine = open_database(settings.database_url, settings.name)
        self.waiting = Waiting(self.stopping)
        self.watcher = Watcher(self.engine, self.waiting, self.stopping)
        self.watcher.start()

    def tell(self) -> None:
        with Session(self.engine) as session, writing(session):
            changed = examples.room_changed(examples.room(), 1)
            Outbox(Events(), self.waiting).append(session, changed, changed.room.id, 1)

    def is_woken(self, by: Callable[[], None]) -> bool:
        told = self.waiting.told
        by()
        self.waiting.wait(told, 10)
        return self.waiting.told > told

    def end(self) -> None:
        self.stopping.set()
        self.watcher.join()
        self.engine.dispose()


@pytest.fixture
def processes(engine: Engine, items_settings: Settings) -> Iterator[list[Process]]:
    assert engine
    made = [Process(items_settings) for _ in range(2)]
    for one, other in (made, reversed(made)):
        until_heard(one, other)
    yield made
    for each in made:
        each.end()


def until_heard(one: Process, other: Process) -> None:
    """Wait until both have begun."""
    deadline = time.monotonic() + 20
    told = one.waiting.told
    while one.waiting.told == told:
        assert time.monotonic() < deadline, "twenty seconds in vain"
        other.tell()
        one.waiting.wait(told, 0.1)


def until_quiet(process: Process) -> int:
    """Wait until nothing is left of what was told before; return what `wait` compares with."""
    deadline = time.monotonic() + 20
    while True:
        told = process.waiting.told
        process.waiting.wait(told, 0.2)
        if process.waiting.told == told:
            return told
        assert time.monotonic() < deadline, "twenty seconds in vain"


@on_both_databases
def test_an_event_of_another_process_wakes_those_who_wait(processes: list[Process]) -> None:
    one, other = processes
    for _ in range(3):
        assert one.is_woken(by=other.tell)
        assert other.is_woken(by=one.tell)


@on_both_databases
def test_what_is_no_event_wakes_nobody(processes: list[Process]) -> None:
    one, other = processes
    told = until_quiet(one)
    with Session(other.engine) as session, writing(session):
        session.execute(text("UPDATE outbox SET position = NULL"))
    one.waiting.wait(told, 0.1)
    assert one.waiting.told == told


@on_postgresql
def test_services_on_one_database_do_not_wake_each_other(processes: list[Process]) -> None:
    one, other = processes
    told = until_quiet(one)
    with other.engine.connect() as connection:
        connection.execute(text('NOTIFY "outbox of rooms"'))
        connection.commit()
    one.waiting.wait(told, 0.1)
    assert one.waiting.told == told


@on_postgresql
def test_a_process_that_lost_its_connection_listens_again(processes: list[Process]) -> None:
    one, other = processes
    with other.engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%' OR query LIKE 'NOTIFY%'"
            )
        )
    until_heard(one, other)
    until_heard(other, one)


@on_both_databases
def test_no_thread_stays_behind(engine: Engine, items_settings: Settings) -> None:
    assert engine
    process = Process(items_settings)
    process.end()
    assert "watch-outbox" not in [each.name for each in threading.enumerate()]


def test_a_database_that_fails_is_watched_again(
    engine: Engine,
    items_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(watching, "_RETRY_SECONDS", 0.05)
    caplog.set_level("DEBUG", watching.__name__)
    rename(engine, "outbox", "away")
    made = [Process(items_settings) for _ in range(2)]
    deadline = time.monotonic() + 20
    while caplog.text.count("Nothing wakes those who wait") < len(made):
        assert time.monotonic() < deadline, "twenty seconds in vain"
        time.sleep(0.01)
    rename(engine, "away", "outbox")
    until_heard(*made)
    for each in made:
        each.end()


def rename(engine: Engine, table: str, name: str) -> None:
    with Session(engine) as session, writing(session):
        session.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))
