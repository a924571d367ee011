"""PostgreSQL: a schema for each service, order among writers, and a bound on what waits."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import NoReturn

import psycopg
import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

import services.items
import services.rooms
from services.chassis.database import exclusively, open_database, transact, writing
from services.chassis.database import postgresql as implementation
from services.chassis.errors import DatabaseAway, DatabaseUnusable, TransactionRefused
from services.chassis.events.declaration import Events
from services.chassis.events.tables import OutboxRow
from services.chassis.events.telling.outbox import Outbox
from services.chassis.events.telling.sequencer import Sequencer
from services.chassis.events.telling.waiting import Waiting
from services.chassis.migrations import migrate
from services.chassis.settings import Settings
from services.chassis.stopping import Stopping
from services.items.rows import KnownRoomRow
from tests.ports import free_port
from tests.services import examples
from tests.services.conftest import ITEMS_MIGRATIONS
from tests.services.databases import on_postgresql

Opened = Callable[..., Engine]


@pytest.fixture
def opened(postgresql: str) -> Iterator[Opened]:
    """Opens engines of this database; the query of its URL can be given."""
    engines: list[Engine] = []

    def opens(query: str = "", schema: str = "items") -> Engine:
        engines.append(open_database(f"{postgresql}?{query}", schema))
        return engines[-1]

    yield opens
    for each in engines:
        each.dispose()


def test_services_on_one_database_have_a_schema_each_and_leave_public_alone(
    postgresql: str, opened: Opened
) -> None:
    for service in (services.items, services.rooms):
        name = service.__name__.rpartition(".")[2]
        service.create_app(Settings(name=name, port=0, database_url=postgresql))
    with opened().connect() as connection:
        found = connection.execute(
            text("SELECT schemaname, tablename FROM pg_tables WHERE tablename ~ 'room|alembic'")
        )
        assert {tuple(row) for row in found} == {
            ("items", "alembic_version"),
            ("items", "known_rooms"),
            ("rooms", "alembic_version"),
            ("rooms", "rooms"),
        }
        public = text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert connection.scalar(public) == 0


def test_every_wait_of_a_connection_is_bounded(opened: Opened) -> None:
    with opened().connect() as connection:
        shown = {
            name: connection.scalar(text(f"SHOW {name}"))
            for name in (
                "application_name",
                "timezone",
                "client_encoding",
                "transaction_isolation",
                "statement_timeout",
                "lock_timeout",
                "idle_in_transaction_session_timeout",
            )
        }
    assert shown == {
        "application_name": "items",
        "timezone": "UTC",
        "client_encoding": "UTF8",
        "transaction_isolation": "read committed",
        "statement_timeout": "10s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "30s",
    }


def test_the_url_overrides_what_is_usual_but_not_the_schema(opened: Opened) -> None:
    options = "-c%20statement_timeout%3D2min%20-c%20search_path%3Dpublic"
    engine = opened(f"application_name=mine&options={options}")
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "2min"
        assert connection.scalar(text("SHOW application_name")) == "mine"
        assert connection.scalar(text("SHOW search_path")) == '"items"'


def fail(session: Session, state: str) -> None:
    session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'told' USING ERRCODE = '{state}'; END $$"))


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ("08006", DatabaseAway),
        ("25006", DatabaseAway),
        ("53100", DatabaseAway),
        ("53300", DatabaseAway),
        ("55P03", DatabaseAway),
        ("57014", DatabaseAway),
        ("58030", DatabaseAway),
        ("40001", TransactionRefused),
        ("40P01", TransactionRefused),
        ("22003", DataError),
        ("23505", IntegrityError),
        ("42703", ProgrammingError),
    ],
)
def test_what_the_server_says_is_an_outage_or_what_it_was(
    opened: Opened, state: str, error: type[Exception]
) -> None:
    with Session(opened()) as session, pytest.raises(error) as caught:
        fail(session, state)
    assert type(caught.value) is error


@pytest.mark.parametrize(("refusals", "runs"), [(0, 1), (2, 3), (3, 4)])
def test_a_transaction_that_was_refused_is_run_again(
    opened: Opened, refusals: int, runs: int
) -> None:
    seen: list[int] = []

    def work(session: Session) -> int:
        seen.append(len(seen))
        if len(seen) <= refusals:
            fail(session, "40001")
        return len(seen)

    assert transact(partial(Session, opened()), work) == len(seen) == runs


def test_a_transaction_is_not_run_again_for_ever(opened: Opened) -> None:
    seen: list[int] = []

    def work(session: Session) -> NoReturn:
        seen.append(len(seen))
        fail(session, "40P01")
        raise AssertionError

    with pytest.raises(TransactionRefused):
        transact(partial(Session, opened()), work)
    assert len(seen) == 4


@on_postgresql
def test_of_two_transactions_in_a_deadlock_both_succeed(engine: Engine) -> None:
    met, seen = Barrier(2, timeout=20), []

    def work(session: Session, purposes: list[str]) -> None:
        session.execute(text("SET LOCAL deadlock_timeout = '20ms'"))
        seen.append(purposes)
        exclusively(session.connection(), purposes[0])
        if len(seen) <= 2:
            met.wait()
        exclusively(session.connection(), purposes[1])

    with ThreadPoolExecutor() as threads:
        runs = [
            threads.submit(transact, partial(Session, engine), partial(work, purposes=each))
            for each in (["a", "b"], ["b", "a"])
        ]
        for each in runs:
            each.result(timeout=30)
    assert len(seen) == 3


def test_a_statement_that_waits_too_long_for_a_lock_is_an_outage(opened: Opened) -> None:
    engine = opened("options=-c%20lock_timeout%3D50ms")
    migrate(engine, ITEMS_MIGRATIONS)
    with engine.begin() as other:
        other.execute(text("LOCK TABLE known_rooms"))
        with Session(engine) as session, pytest.raises(DatabaseAway) as caught, writing(session):
            session.scalars(select(KnownRoomRow))
    assert "lock timeout" in caught.value.reason


def test_more_work_than_connections_is_refused_in_time(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(implementation, "_POOL_SECONDS", 0.1)
    monkeypatch.setattr(implementation, "POOL_SIZE", 1)
    monkeypatch.setattr(implementation, "POOL_OVERFLOW", 1)
    engine = opened()
    with engine.connect(), engine.connect():
        for _ in range(3):
            with pytest.raises(DatabaseAway):
                engine.connect()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    assert [each for each in caplog.messages if "all 2 connections are in use" in each] == [
        caplog.messages[0]
    ]


def store(engine: Engine, writer: int, entities: int, versions: int) -> None:
    waiting = Waiting(Stopping())
    for version in range(1, versions + 1):
        for entity in range(entities):
            changed = examples.room_changed(examples.room(), version)
            with Session(engine) as session, writing(session):
                Outbox(Events(), waiting).append(session, changed, f"{writer}-{entity}", version)


@on_postgresql
def test_positions_are_dense_and_in_the_order_of_each_entity_whoever_numbers(
    engine: Engine,
) -> None:
    writers, entities, versions = 4, 3, 12
    everything = writers * entities * versions
    with ThreadPoolExecutor() as threads:
        storing = [
            threads.submit(store, engine, writer, entities, versions) for writer in range(writers)
        ]

        def number() -> int:
            done = 0
            while not all(each.done() for each in storing):
                done += Sequencer(engine).run()
            return done

        numbering = [threads.submit(number) for _ in range(3)]
        for each in storing:
            each.result(timeout=60)
        numbered = sum(each.result(timeout=60) for each in numbering) + Sequencer(engine).run()
    rows = select(OutboxRow.position, OutboxRow.aggregate_id, OutboxRow.aggregate_version)
    with Session(engine) as session:
        told = session.execute(rows.order_by(OutboxRow.position)).all()
    assert [position for position, _, _ in told] == list(range(1, everything + 1))
    assert numbered == everything
    for entity in {aggregate for _, aggregate, _ in told}:
        versions_told = [version for _, each, version in told if each == entity]
        assert versions_told == list(range(1, versions + 1))


def test_a_connection_that_died_in_the_pool_is_replaced_without_an_error(
    opened: Opened, postgresql: str
) -> None:
    engine = opened("application_name=to_be_ended")
    with engine.connect() as connection:
        first = connection.scalar(text("SELECT pg_backend_pid()"))
    with psycopg.connect(postgresql.replace("+psycopg", "")) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) != first


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://me:hunter2@127.0.0.1:{port}/test",
        "postgresql+psycopg://me@127.0.0.1:{port}/test?password=hunter2",
    ],
)
def test_a_server_that_does_not_run_is_told_at_the_start_without_the_password(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    engine = open_database(url.format(port=port), "items")
    with pytest.raises(DatabaseUnusable) as caught:
        migrate(engine, ITEMS_MIGRATIONS)
    told = str(caught.value)
    assert f"127.0.0.1:{port}/test" in told
    assert "see that it runs" in told
    assert "\n" not in told
    assert "hunter2" not in told + caplog.text
