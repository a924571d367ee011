"""What the outbox forgets, and what it keeps: nothing that somebody may still need."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.orm import Session

from services.chassis.database import writing
from services.chassis.events.tables import OutboxRow, SinkCursorRow
from services.chassis.events.telling import pruning
from services.chassis.events.telling.pruning import OutboxPruning
from services.chassis.events.telling.readers import Readers
from services.chassis.events.telling.sequencer import Sequencer
from services.chassis.settings import EventsSettings, Settings
from services.chassis.stopping import Stopping
from tests.services.databases import on_both_databases

OLD, YOUNG = timedelta(days=8), timedelta(days=6)


def put(engine: Engine, entity: str, version: int, age: timedelta = OLD) -> UUID:
    event_id = uuid4()
    row = {
        "event_id": event_id,
        "type": "rooms.RoomChanged",
        "aggregate_id": entity,
        "aggregate_version": version,
        "dataschema": "rooms.RoomChanged/1",
        "occurred_at": datetime.now(UTC) - age,
        "data": b"",
    }
    with Session(engine) as session, writing(session):
        session.execute(insert(OutboxRow).values(row))
    return event_id


def point(engine: Engine, sink: str, position: int, age: timedelta = timedelta(0)) -> None:
    seen = {"sink": sink, "position": position, "moved_at": datetime.now(UTC) - age}
    with Session(engine) as session, writing(session):
        session.execute(insert(SinkCursorRow).values(seen))


def left(engine: Engine) -> list[int | None]:
    with Session(engine) as session:
        return list(session.scalars(select(OutboxRow.position).order_by(OutboxRow.id)))


def cursors(engine: Engine) -> dict[str, int]:
    with Session(engine) as session:
        return {row.sink: row.position for row in session.scalars(select(SinkCursorRow))}


@pytest.fixture
def prunes(engine: Engine, items_settings: Settings) -> OutboxPruning:
    return OutboxPruning(engine, items_settings)


@on_both_databases
def test_what_is_old_and_outdated_goes_and_the_newest_of_each_entity_stays(
    engine: Engine, prunes: OutboxPruning
) -> None:
    for entity, version in (("a", 1), ("b", 1), ("a", 2), ("a", 3)):
        put(engine, entity, version)
    Sequencer(engine).run()
    assert prunes.run(Stopping()) == 2
    assert left(engine) == [2, 4]
    put(engine, "b", 2)
    Sequencer(engine).run()
    assert left(engine) == [2, 4, 5]


@on_both_databases
def test_what_is_young_stays(engine: Engine, prunes: OutboxPruning) -> None:
    put(engine, "a", 1, YOUNG)
    put(engine, "a", 2, YOUNG)
    Sequencer(engine).run()
    assert prunes.run(Stopping()) == 0


@on_both_databases
def test_what_a_sink_or_a_reader_has_not_yet_stays(engine: Engine, prunes: OutboxPruning) -> None:
    for version in range(1, 6):
        put(engine, "a", version)
    Sequencer(engine).run()
    point(engine, "rabbitmq", 4)
    point(engine, "feed/items", 2)
    assert prunes.run(Stopping()) == 2
    assert left(engine) == [3, 4, 5]


@on_both_databases
def test_an_event_without_a_position_does_not_push_out_the_last_that_was_given(
    engine: Engine, prunes: OutboxPruning
) -> None:
    put(engine, "a", 1)
    Sequencer(engine).run()
    put(engine, "a", 2)
    assert prunes.run(Stopping()) == 0
    Sequencer(engine).run()
    assert left(engine) == [1, 2]


def test_a_reader_or_former_sink_that_was_not_seen_for_a_month_holds_nothing_back(
    engine: Engine, items_settings: Settings
) -> None:
    month = timedelta(days=31)
    point(engine, "feed/gone", 0, month)
    point(engine, "feed/here", 7)
    point(engine, "rabbitmq", 3, month)
    with_broker = EventsSettings(url="amqp://broker/")
    for events, expected in (
        (with_broker, {"feed/here": 7, "rabbitmq": 3}),
        (EventsSettings(url="kafka://broker"), {"feed/here": 7}),
        (EventsSettings(), {"feed/here": 7}),
    ):
        changed = Settings(name="items", port=0, database_url="", events=events)
        OutboxPruning(engine, changed).run(Stopping())
        assert cursors(engine) == expected
    assert items_settings.events.url is None


def test_it_looks_at_all_events_a_few_at_a_time(
    engine: Engine, prunes: OutboxPruning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "_CHUNK", 3)
    for version in range(1, 11):
        put(engine, "a", version)
    Sequencer(engine).run()
    assert prunes.run(Stopping()) == 9
    assert left(engine) == [10]


def test_it_ends_early_when_the_service_stops(engine: Engine, prunes: OutboxPruning) -> None:
    put(engine, "a", 1)
    put(engine, "a", 2)
    Sequencer(engine).run()
    stopping = Stopping()
    stopping.set()
    assert prunes.run(stopping) == 0


@given(
    entities=st.lists(st.sampled_from("abc"), max_size=12),
    numbered=st.integers(0, 12),
    known=st.none() | st.integers(0, 12),
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whoever_reads_from_the_beginning_knows_the_last_of_each_entity(
    engine: Engine, prunes: OutboxPruning, entities: list[str], numbered: int, known: int | None
) -> None:
    with Session(engine) as session, writing(session):
        session.execute(delete(OutboxRow))
        session.execute(delete(SinkCursorRow))
    versions: dict[str, int] = {}
    ids = []
    for place, entity in enumerate(entities):
        if place == numbered:
            Sequencer(engine).run()
        versions[entity] = versions.get(entity, 0) + 1
        ids.append((put(engine, entity, versions[entity]), entity, versions[entity]))
    if known is not None:
        point(engine, "rabbitmq", known)
    prunes.run(Stopping())
    Sequencer(engine).run()
    with Session(engine) as session:
        rows = session.scalars(select(OutboxRow).order_by(OutboxRow.position)).all()
    assert {row.aggregate_id: row.aggregate_version for row in rows} == versions
    assert [row.id for row in rows] == sorted(row.id for row in rows)
    # Those after the cursor are all there.
    assert sum(1 for row in rows if (row.position or 0) > (known or 0)) == (
        len(ids) - min(known, len(ids)) if known is not None else len(rows)
    )


@on_both_databases
def test_a_reader_is_noted_where_it_is_once_a_minute(engine: Engine) -> None:
    readers = Readers(engine)
    readers.note("items", 5)
    readers.note("items", 6)
    assert cursors(engine) == {"feed/items": 5}
    Readers(engine).note("items", 3)
    assert cursors(engine) == {"feed/items": 3}


def test_more_readers_than_the_most_are_not_noted(engine: Engine) -> None:
    for number in range(100):
        point(engine, f"feed/{number}", 1)
    readers = Readers(engine)
    readers.note("late", 1)
    readers.note("7", 9)
    found = cursors(engine)
    assert (len(found), found["feed/7"]) == (100, 9)


def test_a_reader_gets_its_page_when_its_cursor_cannot_be_stored(engine: Engine) -> None:
    with Session(engine) as session, writing(session):
        SinkCursorRow.__table__.drop(session.connection())  # type: ignore[attr-defined]
    Readers(engine).note("items", 5)
