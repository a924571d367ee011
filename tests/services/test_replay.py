"""A source heard once more, and made anew what was made of it; what the inbox forgets."""

from datetime import UTC, datetime, timedelta

import pytest
from injector import Injector
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from registry.records.rooms.room_changed.v1 import RoomChange
from services.chassis.database import writing
from services.chassis.events.declaration import Events
from services.chassis.events.hearing.inbox import Inbox
from services.chassis.events.hearing.pruning import InboxPruning
from services.chassis.events.hearing.replay import NoReplay, replay
from services.chassis.events.hearing.source import Message
from services.chassis.events.tables import DeadLetterRow, InboxRow
from services.chassis.stopping import Stopping
from services.items.rows import KnownRoomRow
from tests.services import examples
from tests.services.databases import on_both_databases
from tests.services.examples import feed_batch, message, queue_batch

pytestmark = on_both_databases

FIRST, SECOND = examples.room(name="first"), examples.room(name="second")


def told() -> list[Message]:
    changes = [
        examples.room_changed(FIRST, 1),
        examples.room_changed(SECOND, 1),
        examples.room_changed(FIRST, 2, RoomChange.UPDATED),
    ]
    made = [message(position, each) for position, each in enumerate(changes, start=1)]
    return [*made, message(4, changes[0], data=b"poison")]


@pytest.fixture
def inbox(items_injector: Injector) -> Inbox:
    return Inbox(items_injector, "rooms", items_injector.get(Events).hears)


def names(engine: Engine) -> dict[str, int]:
    with Session(engine) as session:
        return {row.name: row.version for row in session.scalars(select(KnownRoomRow))}


def count(engine: Engine, table: type) -> int:
    with Session(engine) as session:
        return session.scalars(select(func.count()).select_from(table)).one()


def spoil(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        session.execute(update(KnownRoomRow).values(name="spoilt"))


def test_from_the_first_event_a_projection_is_made_of_nothing(
    items_injector: Injector, inbox: Inbox, engine: Engine
) -> None:
    messages = told()
    inbox.receive(feed_batch(0, *messages))
    spoil(engine)
    assert replay(items_injector, "rooms", 1) == 4
    assert (names(engine), count(engine, InboxRow), count(engine, DeadLetterRow)) == ({}, 0, 0)
    assert (inbox.cursor().position, inbox.cursor().behind) == (0, True)
    assert not inbox.receive(queue_batch(*messages))
    assert inbox.receive(feed_batch(0, *messages))
    assert names(engine) == {"first": 2, "second": 1}
    assert count(engine, DeadLetterRow) == 1


def test_from_a_later_event_what_follows_takes_effect_once_more(
    items_injector: Injector, inbox: Inbox, engine: Engine
) -> None:
    messages = told()
    inbox.receive(feed_batch(0, *messages))
    spoil(engine)
    assert replay(items_injector, "rooms", 3) == 4
    assert names(engine) == {"spoilt": 0}
    assert (count(engine, InboxRow), count(engine, DeadLetterRow)) == (2, 0)
    assert inbox.receive(feed_batch(2, *messages[2:]))
    assert names(engine) == {"first": 2, "spoilt": 0}


@pytest.mark.parametrize(
    ("source", "position", "why"),
    [
        ("rooms", 0, "the events 1 to 4 of rooms, so not from 0"),
        ("rooms", 6, "so not from 6"),
        ("others", 1, "does not hear others: it hears rooms"),
    ],
)
def test_what_was_not_heard_is_not_heard_again(
    items_injector: Injector, inbox: Inbox, source: str, position: int, why: str
) -> None:
    inbox.receive(feed_batch(0, *told()))
    with pytest.raises(NoReplay, match=why):
        replay(items_injector, source, position)
    assert inbox.cursor().position == 4


def test_events_of_an_older_release_of_unknown_source_are_heard_again(
    items_injector: Injector, inbox: Inbox, engine: Engine
) -> None:
    messages = told()
    inbox.receive(feed_batch(0, *messages))
    with Session(engine) as session, session.begin():
        session.execute(update(InboxRow).values(source="", position=0))
    replay(items_injector, "rooms", 1)
    inbox.receive(feed_batch(0, *messages))
    assert names(engine) == {"first": 2, "second": 1}


def test_the_inbox_forgets_what_is_old_and_before_its_cursor(
    items_injector: Injector, inbox: Inbox, engine: Engine
) -> None:
    inbox.receive(feed_batch(0, *told()))
    keep = timedelta(days=2 * 7)
    with Session(engine) as session, session.begin():
        for position, age in ((1, keep * 1.01), (2, keep * 0.99), (3, keep * 1.01)):
            row = update(InboxRow).where(InboxRow.position == position)
            session.execute(row.values(received_at=datetime.now(UTC) - age))
        session.execute(update(InboxRow).where(InboxRow.position == 3).values(position=99))
    assert items_injector.get(InboxPruning).run(Stopping()) == 1
    with Session(engine) as session:
        left = session.scalars(select(InboxRow.position).order_by(InboxRow.position)).all()
    assert left == [2, 4, 99]


def test_who_looks_for_what_is_old_waits_for_no_writer(
    items_injector: Injector, inbox: Inbox, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    inbox.receive(feed_batch(0, *told()))
    with Session(engine) as session, writing(session):
        assert items_injector.get(InboxPruning).run(Stopping()) == 0
    assert "could not be pruned" not in caplog.text
