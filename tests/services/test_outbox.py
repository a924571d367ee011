"""The producer's side: outbox, sequencer and feed."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event as Flag
from threading import Thread
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry import wire
from registry.records.events.page.v1 import Page
from registry.records.rooms.room_changed.v1 import RoomChanged
from services.chassis.database import writing
from services.chassis.events.declaration import Events
from services.chassis.events.tables import OutboxRow
from services.chassis.events.telling import waiting
from services.chassis.events.telling.feed import Feed
from services.chassis.events.telling.outbox import Outbox
from services.chassis.events.telling.sequencer import Sequencer
from services.chassis.events.telling.waiting import Waiting
from services.chassis.migrations import migrate
from services.chassis.stopping import Stopping
from tests.services import examples
from tests.services.conftest import ITEMS_MIGRATIONS
from tests.services.databases import on_both_databases

pytestmark = on_both_databases


def tell(
    engine: Engine, room_id: UUID | None = None, version: int = 1, waits: Waiting | None = None
) -> RoomChanged:
    changed = examples.room_changed(examples.room(room_id), version)
    with Session(engine) as session, writing(session):
        Outbox(Events(), waits or Waiting(Stopping())).append(
            session, changed, changed.room.id, version
        )
    return changed


def positions(engine: Engine) -> list[int | None]:
    with Session(engine) as session:
        return list(session.scalars(select(OutboxRow.position).order_by(OutboxRow.id)))


def feed(engine: Engine, waits: Waiting | None = None) -> Feed:
    return Feed(engine, Sequencer(engine), waits or Waiting(Stopping()))


def test_an_event_of_a_transaction_that_fails_is_not_told(engine: Engine) -> None:
    changed = examples.room_changed(examples.room())

    def fail() -> None:
        with Session(engine) as session, writing(session):
            Outbox(Events(), Waiting(Stopping())).append(session, changed, changed.room.id, 1)
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert positions(engine) == []


def test_an_entity_has_one_event_of_a_version(engine: Engine) -> None:
    changed = tell(engine)
    with pytest.raises(IntegrityError):
        tell(engine, changed.room.id, 1)


def test_the_sequencer_numbers_events_from_1_without_a_gap(engine: Engine) -> None:
    for _ in range(3):
        tell(engine)
    assert Sequencer(engine).run() == 3
    tell(engine)
    assert Sequencer(engine).run() == 1
    assert Sequencer(engine).run() == 0
    assert positions(engine) == [1, 2, 3, 4]


def test_a_page_holds_what_was_told_and_decodes_to_it(engine: Engine) -> None:
    changed = tell(engine)
    page = feed(engine).read(after=0, limit=10, wait=0)
    (event,) = page.events
    assert (page.position, event.position, event.aggregate_version) == (1, 1, 1)
    assert event.dataschema == "rooms.RoomChanged/1"
    assert timedelta(0) <= event.occurred_at - changed.occurred_at < timedelta(minutes=1)
    assert event.aggregate_id == str(changed.room.id)
    assert wire.decode(event.data, RoomChanged) == changed


def test_pages_follow_each_other_by_position(engine: Engine) -> None:
    for _ in range(5):
        tell(engine)
    reader = feed(engine)
    first = reader.read(after=0, limit=3, wait=0)
    second = reader.read(after=first.position, limit=3, wait=0)
    third = reader.read(after=second.position, limit=3, wait=0)
    told = [event.position for page in (first, second, third) for event in page.events]
    assert told == [1, 2, 3, 4, 5]
    assert third.position == 5


def test_a_page_of_large_events_is_cut_so_that_a_reader_can_take_it(engine: Engine) -> None:
    with Session(engine) as session, writing(session):
        for number in range(12):
            large = examples.room(name="x" * (1 << 20))
            Outbox(Events(), Waiting(Stopping())).append(
                session, examples.room_changed(large), number, 1
            )
    reader, after, sizes = feed(engine), 0, []
    while events := (page := reader.read(after, limit=500, wait=0)).events:
        sizes.append(len(events))
        after = page.position
        assert wire.decode(wire.encode(page), Page) == page
    assert (sum(sizes), after, max(sizes)) == (12, 12, 4)


def test_a_reader_that_waits_is_answered_by_the_next_event(engine: Engine) -> None:
    with ThreadPoolExecutor() as threads:
        reader = threads.submit(feed(engine).read, after=0, limit=10, wait=20)
        tell(engine)
        assert len(reader.result(timeout=10).events) == 1


def test_a_reader_that_waits_is_woken_when_the_event_is_committed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "_LOOK_SECONDS", 60)
    shared = Waiting(Stopping())
    with ThreadPoolExecutor() as threads:
        reader = threads.submit(feed(engine, shared).read, after=0, limit=10, wait=20)
        tell(engine, waits=shared)
        assert len(reader.result(timeout=10).events) == 1


def test_pages_name_one_feed_for_as_long_as_the_database_is_there(engine: Engine) -> None:
    first = feed(engine).read(after=0, limit=10, wait=0)
    tell(engine)
    migrate(engine, ITEMS_MIGRATIONS)
    assert feed(engine).read(after=0, limit=10, wait=0).feed == first.feed


def test_a_reader_that_waits_in_vain_is_answered_with_the_position_it_asked_for(
    engine: Engine,
) -> None:
    page = feed(engine).read(after=7, limit=10, wait=0.1)
    assert (page.events, page.position) == ([], 7)


def test_nobody_waits_for_a_feed_that_is_stopping(engine: Engine) -> None:
    stopping = Stopping()
    stopping.set()
    began = time.monotonic()
    feed(engine, Waiting(stopping)).read(after=0, limit=10, wait=30)
    assert time.monotonic() - began < 10


def test_no_reader_skips_an_event_while_several_write(engine: Engine) -> None:
    writers, each, done = 4, 25, Flag()
    read: list[list[int]] = [[], []]

    def write() -> None:
        for _ in range(each):
            tell(engine)

    def follow(positions: list[int]) -> None:
        reader, after = feed(engine), 0
        while True:
            last_look = done.is_set()
            page = reader.read(after, limit=7, wait=0)
            after = page.position
            positions += [event.position for event in page.events]
            if last_look and not page.events:
                return

    readers = [Thread(target=follow, args=[positions]) for positions in read]
    for reader in readers:
        reader.start()
    with ThreadPoolExecutor(writers) as threads:
        for writing_ended in [threads.submit(write) for _ in range(writers)]:
            writing_ended.result()
    done.set()
    for reader in readers:
        reader.join()
    assert read == [list(range(1, writers * each + 1))] * 2


def test_those_who_wait_are_woken_once_what_a_savepoint_told_is_committed(engine: Engine) -> None:
    waits, changed = Waiting(Stopping()), examples.room_changed(examples.room())
    seen: list[int] = []
    waits.when_told(lambda: seen.append(len(positions(engine))))
    with Session(engine) as session, writing(session):
        with writing(session):
            outbox = Outbox(Events(), waits)
            outbox.append(session, changed, changed.room.id, 1)
            outbox.append(session, changed, changed.room.id, 2)
        assert seen == []
    assert seen == [2]
