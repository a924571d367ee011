"""The consumer's side: each event has its effect once, and a bad one holds up nobody."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from injector import Inject, Injector
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from registry import wire
from registry.records.rooms.room_changed.v1 import RoomChange, RoomChanged
from services.chassis.errors import DatabaseAway
from services.chassis.events.declaration import Events, Hears
from services.chassis.events.hearing.inbox import Inbox
from services.chassis.events.hearing.source import Batch
from services.chassis.events.tables import DeadLetterRow, OutboxRow
from services.chassis.wiring import unit_of_work
from services.items.events import room_changed
from services.items.provider import ItemsProvider
from services.items.rows import ItemRow, KnownRoomRow
from tests.services import examples
from tests.services.databases import on_both_databases
from tests.services.examples import feed_batch, message

pytestmark = on_both_databases


class Heard:
    """An effect that counts, besides what the items service does."""

    def __init__(self, *, fail_on: str = "", error: Exception | None = None) -> None:
        self.names: list[str] = []
        self._fail_on = fail_on
        self._error = error or ZeroDivisionError("by zero")

    def take(
        self, event: RoomChanged, session: Inject[Session], items: Inject[ItemsProvider]
    ) -> None:
        room_changed(event, session, items)
        session.flush()
        if event.room.name == self._fail_on:
            raise self._error
        self.names.append(event.room.name)


def inbox(injector: Injector, heard: Heard) -> Inbox:
    return Inbox(injector, "rooms", [Hears("rooms", RoomChanged, heard.take)])


class Left(ItemsProvider):
    """Keeps which rooms were left."""

    def __init__(self) -> None:
        self.rooms: list[UUID] = []

    def leave(self, room_id: UUID) -> None:
        self.rooms.append(room_id)


def known(engine: Engine) -> set[str]:
    with Session(engine) as session:
        return set(session.scalars(select(KnownRoomRow.name)))


def dead_letters(engine: Engine) -> list[DeadLetterRow]:
    with Session(engine) as session:
        return list(session.scalars(select(DeadLetterRow)))


def created(position: int, name: str) -> Batch:
    changed = examples.room_changed(examples.room(name=name))
    return feed_batch(position - 1, message(position, changed))


def test_an_event_takes_effect_and_moves_the_position(
    items_injector: Injector, engine: Engine
) -> None:
    heard = Heard()
    receiver = inbox(items_injector, heard)
    assert receiver.cursor().position == 0
    receiver.receive(created(1, "A"))
    assert (heard.names, known(engine), receiver.cursor().position) == (["A"], {"A"}, 1)


def test_an_event_that_comes_again_has_no_second_effect(items_injector: Injector) -> None:
    heard = Heard()
    event = message(1, examples.room_changed(examples.room(name="A")))
    again = message(2, examples.room_changed(examples.room(name="A")), event_id=event.event_id)
    receiver = inbox(items_injector, heard)
    receiver.receive(feed_batch(0, event))
    receiver.receive(feed_batch(1, again))
    assert (heard.names, receiver.cursor().position) == (["A"], 2)


def test_a_page_that_another_follower_was_faster_with_changes_nothing(
    items_injector: Injector, engine: Engine
) -> None:
    heard = Heard()
    inbox(items_injector, Heard()).receive(created(1, "A"))
    inbox(items_injector, heard).receive(created(1, "B"))
    assert (heard.names, known(engine)) == ([], {"A"})


def test_two_followers_of_one_feed_have_each_effect_once(items_injector: Injector) -> None:
    heard = Heard()
    pages = [created(number + 1, f"room {number}") for number in range(20)]

    def follow() -> None:
        receiver = inbox(items_injector, heard)
        while (after := receiver.cursor().position) < len(pages):
            receiver.receive(pages[after])

    with ThreadPoolExecutor() as threads:
        for follower in [threads.submit(follow) for _ in range(2)]:
            follower.result()
    assert sorted(heard.names) == sorted(f"room {number}" for number in range(20))


def test_an_event_of_a_type_that_nobody_hears_is_passed(
    items_injector: Injector, engine: Engine
) -> None:
    heard = Heard()
    changed = examples.room_changed(examples.room())
    receiver = inbox(items_injector, heard)
    receiver.receive(feed_batch(0, message(1, changed, type="rooms.RoomPainted")))
    assert (heard.names, receiver.cursor().position, dead_letters(engine)) == ([], 1, [])


def test_another_feed_is_read_from_its_beginning(
    items_injector: Injector, caplog: pytest.LogCaptureFixture
) -> None:
    heard, anew = Heard(), uuid4()
    receiver = inbox(items_injector, heard)
    receiver.receive(created(1, "A"))
    first, second = (examples.room_changed(examples.room(name=name)) for name in "BC")
    receiver.receive(feed_batch(1, message(2, second), feed=anew))
    assert (heard.names, receiver.cursor().position) == (["A"], 0)
    assert "rooms has a new feed" in caplog.text
    receiver.receive(feed_batch(0, message(1, first), message(2, second), feed=anew))
    assert (heard.names, receiver.cursor().position) == (["A", "B", "C"], 2)


def test_an_empty_page_after_the_end_of_the_same_feed_changes_nothing(
    items_injector: Injector,
) -> None:
    receiver = inbox(items_injector, Heard())
    receiver.receive(feed_batch(0, message(7, CHANGED)))
    receiver.receive(feed_batch(7))
    assert receiver.cursor().position == 7


CHANGED = examples.room_changed(examples.room())
FRAMED = wire.encode(CHANGED)


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        ({"data": b"poison"}, "NotFramed"),
        ({"data": b""}, "NotFramed"),
        ({"data": FRAMED[:-1]}, "Undecodable"),
        ({"data": FRAMED[:2] + bytes(8) + FRAMED[10:]}, "UnknownSchema"),
        ({"dataschema": "rooms.RoomChanged/99"}, "UnknownSchema"),
        ({"dataschema": "nonsense"}, "UnknownSchema"),
    ],
)
def test_an_event_that_cannot_be_read_becomes_a_dead_letter_and_the_next_has_its_effect(
    items_injector: Injector, engine: Engine, overrides: dict[str, object], reason: str
) -> None:
    heard = Heard()
    bad = message(1, CHANGED, **overrides)
    good = message(2, examples.room_changed(examples.room(name="B")))
    inbox(items_injector, heard).receive(feed_batch(0, bad, good))
    (letter,) = dead_letters(engine)
    assert heard.names == ["B"]
    assert (letter.position, letter.event_id, letter.reason) == (1, bad.event_id, reason)
    assert (letter.source, letter.data, letter.dataschema) == ("rooms", bad.data, bad.dataschema)
    assert letter.detail


def test_an_event_whose_effect_fails_becomes_a_dead_letter_without_any_effect(
    items_injector: Injector, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    heard = Heard(fail_on="A")
    receiver = inbox(items_injector, heard)
    receiver.receive(created(1, "A"))
    receiver.receive(created(2, "B"))
    (letter,) = dead_letters(engine)
    assert (letter.position, letter.reason) == (1, "ZeroDivisionError")
    assert (heard.names, known(engine)) == (["B"], {"B"})
    assert "Traceback" in caplog.text


def test_a_database_that_is_away_is_no_fault_of_the_event(
    items_injector: Injector, engine: Engine
) -> None:
    away = DatabaseAway("gone")
    receiver = inbox(items_injector, Heard(fail_on="A", error=away))
    with pytest.raises(DatabaseAway):
        receiver.receive(created(1, "A"))
    assert (receiver.cursor().position, dead_letters(engine), known(engine)) == (0, [], set())


def test_one_line_binds_a_fake_provider_for_effects(items_injector: Injector) -> None:
    fake, room = Left(), examples.room()
    items_injector.binder.bind(ItemsProvider, to=fake)
    deleted = examples.room_changed(room, 1, RoomChange.DELETED)
    Inbox(items_injector, "rooms", items_injector.get(Events).hears).receive(
        feed_batch(0, message(1, deleted))
    )
    assert fake.rooms == [room.id]


def test_the_effects_of_a_page_share_one_session_that_closes_with_it(
    items_injector: Injector,
) -> None:
    seen: list[Session] = []

    def effect(_event: RoomChanged, session: Inject[Session]) -> None:
        assert session.in_transaction()
        seen.append(session)

    changed = examples.room_changed(examples.room())
    receiver = Inbox(items_injector, "rooms", [Hears("rooms", RoomChanged, effect)])
    receiver.receive(feed_batch(0, message(1, changed), message(2, changed)))
    assert (len(seen), seen[0] is seen[1], seen[0].in_transaction()) == (2, True, False)
    receiver.receive(feed_batch(2, message(3, changed)))
    assert seen[2] is not seen[0]


def test_whatever_an_event_says_of_itself_it_becomes_a_dead_letter(
    items_injector: Injector, engine: Engine
) -> None:
    says = {"dataschema": "rooms\0" * 100, "aggregate_id": "\0" * 300, "data": b"poison"}
    bad = message(1, examples.room_changed(examples.room()), **says)
    assert inbox(items_injector, Heard()).receive(feed_batch(0, bad))
    (letter,) = dead_letters(engine)
    assert letter.data == b"poison"
    assert letter.dataschema.startswith("rooms\N{REPLACEMENT CHARACTER}")


def swallow(session: Session) -> None:
    with suppress(SQLAlchemyError):
        session.execute(text("INSERT INTO known_rooms (id) VALUES (NULL)"))


@pytest.mark.parametrize("end", [Session.rollback, Session.commit, swallow])
def test_an_effect_that_ends_the_transaction_loses_no_event(
    items_injector: Injector, engine: Engine, end: Callable[[Session], None]
) -> None:
    def effect(event: RoomChanged, session: Inject[Session], items: Inject[ItemsProvider]) -> None:
        room_changed(event, session, items)
        if event.room.name == "B":
            end(session)

    rooms = [examples.room(name=name) for name in "ABC"]
    messages = [message(n, examples.room_changed(room)) for n, room in enumerate(rooms, start=1)]
    receiver = Inbox(items_injector, "rooms", [Hears("rooms", RoomChanged, effect)])
    receiver.receive(feed_batch(0, *messages))
    assert receiver.cursor().position == 3
    assert {"A", "C"} <= known(engine)
    assert ("B" in known(engine)) or [each.position for each in dead_letters(engine)] == [2]


def test_what_an_effect_changes_by_a_provider_is_a_part_of_the_batch(
    items_injector: Injector, engine: Engine
) -> None:
    room = examples.room()
    receiver = Inbox(items_injector, "rooms", items_injector.get(Events).hears)
    receiver.receive(feed_batch(0, message(1, examples.room_changed(room))))
    with unit_of_work(items_injector):
        items_injector.get(ItemsProvider).add(examples.ITEM_BODY | {"room_id": str(room.id)})
    deleted = examples.room_changed(room, 2, RoomChange.DELETED)
    receiver.receive(feed_batch(1, message(2, deleted)))
    with Session(engine) as session:
        assert session.scalars(select(ItemRow.room_id)).all() == [None]
        assert session.scalars(select(OutboxRow.aggregate_version)).all() == [1, 2]
    assert dead_letters(engine) == []
