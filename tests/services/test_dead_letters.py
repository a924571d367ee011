"""Dead letters: found, shown, tried again, dropped."""

import logging

import pytest
from injector import Inject, Injector
from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from registry.records.rooms.room_changed.v1 import RoomChanged
from services.chassis.errors import DatabaseAway, NoSuchEntity
from services.chassis.events.declaration import Events, Hears
from services.chassis.events.hearing.dead_letters import DeadLetters
from services.chassis.events.hearing.inbox import Inbox
from services.chassis.events.hearing.source import Message
from services.chassis.events.tables import DeadLetterRow
from services.items.events import room_changed
from services.items.provider import ItemsProvider
from services.items.rows import KnownRoomRow
from tests.services import examples
from tests.services.databases import on_both_databases
from tests.services.examples import feed_batch, message

pytestmark = on_both_databases


class Effect:
    """That of the items service, which fails as long as there is an error."""

    def __init__(self) -> None:
        self.error: Exception | None = ZeroDivisionError("by zero")

    def take(
        self, event: RoomChanged, session: Inject[Session], items: Inject[ItemsProvider]
    ) -> None:
        room_changed(event, session, items)
        session.flush()
        if self.error is not None:
            raise self.error


@pytest.fixture
def effect(items_injector: Injector) -> Effect:
    made = Effect()
    heard = Events(hears=(Hears("rooms", RoomChanged, made.take),))
    items_injector.binder.bind(Events, to=heard)
    return made


@pytest.fixture
def letters(items_injector: Injector, effect: Effect) -> DeadLetters:  # noqa: ARG001 it binds
    return items_injector.get(DeadLetters)


def told(position: int, **overrides: object) -> Message:
    return message(position, examples.room_changed(examples.room()), **overrides)


@pytest.fixture
def dead(items_injector: Injector, effect: Effect) -> list[Message]:
    """One whose effect fails, one that cannot be read."""
    messages = [told(1), told(2, data=b"poison")]
    hears = [Hears("rooms", RoomChanged, effect.take)]
    Inbox(items_injector, "rooms", hears).receive(feed_batch(0, *messages))
    return messages


def known(engine: Engine) -> int:
    with Session(engine) as session:
        return len(session.scalars(select(KnownRoomRow)).all())


def test_they_are_listed_oldest_first_by_source_and_reason(
    letters: DeadLetters, dead: list[Message]
) -> None:
    assert [each.event_id for each in letters.list()] == [each.event_id for each in dead]
    assert [each.position for each in letters.list(limit=1)] == [1]
    assert [each.position for each in letters.list(reason="NotFramed")] == [2]
    assert len(letters.list(source="rooms")) == 2
    assert letters.list(source="others") == []


def test_a_list_of_them_leaves_their_bytes_in_the_database(
    letters: DeadLetters, dead: list[Message]
) -> None:
    assert [inspect(each).unloaded for each in letters.list()] == [{"data"}] * len(dead)


def test_one_is_shown_whole(letters: DeadLetters, dead: list[Message]) -> None:
    first, second = letters.list()
    assert letters.get(first.id).detail == "by zero"
    assert letters.get(second.id).data == dead[1].data


def test_one_that_takes_effect_now_is_gone(
    letters: DeadLetters, dead: list[Message], effect: Effect, engine: Engine
) -> None:
    first, second = letters.list()
    effect.error = None
    assert letters.replay(first.id) is None
    assert ([each.id for each in letters.list()], known(engine)) == ([second.id], 1)
    with pytest.raises(NoSuchEntity):
        letters.replay(first.id)
    assert len(dead) == 2


@pytest.mark.usefixtures("dead")
def test_one_that_fails_again_stays_with_the_reason_of_now(
    letters: DeadLetters, effect: Effect, engine: Engine
) -> None:
    first = letters.list()[0]
    effect.error = KeyError("x")
    failed = letters.replay(first.id)
    assert failed is not None
    assert (failed.id, failed.reason, letters.get(first.id).reason) == (
        first.id,
        "KeyError",
        "KeyError",
    )
    assert known(engine) == 0


@pytest.mark.usefixtures("dead")
def test_an_outage_changes_no_reason(letters: DeadLetters, effect: Effect) -> None:
    first = letters.list()[0]
    effect.error = DatabaseAway("gone")
    with pytest.raises(DatabaseAway):
        letters.replay(first.id)
    assert letters.get(first.id).reason == "ZeroDivisionError"


def test_one_of_a_type_that_is_not_heard_any_more_stays(
    letters: DeadLetters, engine: Engine
) -> None:
    with Session(engine) as session, session.begin():
        gone = told(1)
        row = {name: getattr(gone, name) for name in ("event_id", "aggregate_id", "data")}
        about = {"type": "shop.Gone", "source": "shop", "position": 1, "dataschema": ""}
        why = {
            "reason": "X",
            "detail": "x",
            "received_at": examples.room_changed(examples.room()).occurred_at,
        }
        session.add(DeadLetterRow(**row, **about, **why))
    failed = letters.replay(letters.list()[0].id)
    assert failed is not None
    assert (failed.reason, "shop.Gone" in failed.detail) == ("NotHeard", True)


@pytest.mark.usefixtures("dead")
def test_one_that_is_dropped_is_gone_without_an_effect(
    letters: DeadLetters, engine: Engine
) -> None:
    first = letters.list()[0]
    letters.drop(first.id)
    assert (len(letters.list()), known(engine)) == (1, 0)
    for act in (letters.drop, letters.get):
        with pytest.raises(NoSuchEntity, match=f"There is no dead letter {first.id}"):
            act(first.id)


def test_one_that_comes_again_after_the_inbox_forgot_it_is_one_letter(
    items_injector: Injector, letters: DeadLetters, effect: Effect
) -> None:
    bad = told(1, data=b"poison")
    hears = [Hears("rooms", RoomChanged, effect.take)]
    for source in ("rooms", "others"):
        with Session(items_injector.get(Engine)) as session, session.begin():
            session.execute(DeadLetterRow.metadata.tables["inbox"].delete())
        Inbox(items_injector, source, hears).receive(feed_batch(0, bad))
    assert [each.source for each in letters.list()] == ["others"]


def test_a_failure_that_says_what_a_database_cannot_keep_is_kept_without_it(
    items_injector: Injector, letters: DeadLetters, effect: Effect, caplog: pytest.LogCaptureFixture
) -> None:
    # pytest-xdist cannot send such a line to who runs it.
    caplog.set_level(logging.CRITICAL, "services.chassis.events.hearing")
    effect.error = ValueError("a\0b\ud800" + "c" * 100_000)
    hears = [Hears("rooms", RoomChanged, effect.take)]
    Inbox(items_injector, "rooms", hears).receive(feed_batch(0, told(1)))
    (letter,) = letters.list()
    assert letter.detail.startswith("a\N{REPLACEMENT CHARACTER}b?ccc")
    assert len(letter.detail) == 10_000
