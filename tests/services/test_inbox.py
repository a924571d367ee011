"""The consumer's side: each event has its effect once, and a bad one holds up nobody."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from injector import Inject, Injector
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from registry import wire
from registry.records.events.page.v1 import Page
from registry.records.rooms.room_changed.v1 import RoomChange, RoomChanged
from services.chassis.errors import DatabaseAway
from services.chassis.events.declaration import Events, Subscription
from services.chassis.events.inbox import Inbox
from services.chassis.events.tables import DeadLetterRow
from services.items.effects import room_changed
from services.items.provider import ItemsProvider
from services.items.rows import KnownRoomRow
from tests.services import examples
from tests.services.databases import on_both_databases
from tests.services.examples import envelope, page_of

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
    return Inbox(injector, "rooms", [Subscription("rooms", RoomChanged, heard.take)])


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


def created(position: int, name: str) -> Page:
    return page_of(envelope(position, examples.room_changed(examples.room(name=name))))


def test_an_event_takes_effect_and_moves_the_position(
    items_injector: Injector, engine: Engine
) -> None:
    heard = Heard()
    receiver = inbox(items_injector, heard)
    assert receiver.position() == 0
    receiver.receive(created(1, "A"), after=0)
    assert (heard.names, known(engine), receiver.position()) == (["A"], {"A"}, 1)


def test_an_event_that_comes_again_has_no_second_effect(items_injector: Injector) -> None:
    heard = Heard()
    event = envelope(1, examples.room_changed(examples.room(name="A")))
    again = envelope(2, examples.room_changed(examples.room(name="A")), id=event.id)
    receiver = inbox(items_injector, heard)
    receiver.receive(page_of(event), after=0)
    receiver.receive(page_of(again), after=1)
    assert (heard.names, receiver.position()) == (["A"], 2)


def test_a_page_that_another_follower_was_faster_with_changes_nothing(
    items_injector: Injector, engine: Engine
) -> None:
    heard = Heard()
    inbox(items_injector, Heard()).receive(created(1, "A"), after=0)
    inbox(items_injector, heard).receive(created(1, "B"), after=0)
    assert (heard.names, known(engine)) == ([], {"A"})


def test_two_followers_of_one_feed_have_each_effect_once(items_injector: Injector) -> None:
    heard = Heard()
    pages = [created(number + 1, f"room {number}") for number in range(20)]

    def follow() -> None:
        receiver = inbox(items_injector, heard)
        while (after := receiver.position()) < len(pages):
            receiver.receive(pages[after], after)

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
    receiver.receive(page_of(envelope(1, changed, type="rooms.RoomPainted")), after=0)
    assert (heard.names, receiver.position(), dead_letters(engine)) == ([], 1, [])


def test_another_feed_is_read_from_its_beginning(
    items_injector: Injector, caplog: pytest.LogCaptureFixture
) -> None:
    heard, anew = Heard(), uuid4()
    receiver = inbox(items_injector, heard)
    receiver.receive(created(1, "A"), after=0)
    first, second = (examples.room_changed(examples.room(name=name)) for name in "BC")
    receiver.receive(page_of(envelope(2, second), feed=anew), after=1)
    assert (heard.names, receiver.position()) == (["A"], 0)
    assert "rooms has a new feed" in caplog.text
    both = page_of(envelope(1, first), envelope(2, second), feed=anew)
    receiver.receive(both, after=0)
    assert (heard.names, receiver.position()) == (["A", "B", "C"], 2)


def test_an_empty_page_after_the_end_of_the_same_feed_changes_nothing(
    items_injector: Injector,
) -> None:
    receiver = inbox(items_injector, Heard())
    receiver.receive(created(7, "A"), after=0)
    receiver.receive(page_of(position=7), after=7)
    assert receiver.position() == 7


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
    bad = envelope(1, CHANGED, **overrides)
    good = envelope(2, examples.room_changed(examples.room(name="B")))
    inbox(items_injector, heard).receive(page_of(bad, good), after=0)
    (letter,) = dead_letters(engine)
    assert heard.names == ["B"]
    assert (letter.position, letter.event_id, letter.reason) == (1, bad.id, reason)
    assert (letter.source, letter.data, letter.dataschema) == ("rooms", bad.data, bad.dataschema)
    assert letter.detail


def test_an_event_whose_effect_fails_becomes_a_dead_letter_without_any_effect(
    items_injector: Injector, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    heard = Heard(fail_on="A")
    receiver = inbox(items_injector, heard)
    receiver.receive(created(1, "A"), after=0)
    receiver.receive(created(2, "B"), after=1)
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
        receiver.receive(created(1, "A"), after=0)
    assert (receiver.position(), dead_letters(engine), known(engine)) == (0, [], set())


def test_one_line_binds_a_fake_provider_for_effects(items_injector: Injector) -> None:
    fake, room = Left(), examples.room()
    items_injector.binder.bind(ItemsProvider, to=fake)
    deleted = examples.room_changed(room, 1, RoomChange.DELETED)
    Inbox(items_injector, "rooms", items_injector.get(Events).hears).receive(
        page_of(envelope(1, deleted)), after=0
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
    receiver = Inbox(items_injector, "rooms", [Subscription("rooms", RoomChanged, effect)])
    receiver.receive(page_of(envelope(1, changed), envelope(2, changed)), after=0)
    assert (len(seen), seen[0] is seen[1], seen[0].in_transaction()) == (2, True, False)
    receiver.receive(page_of(envelope(3, changed)), after=2)
    assert seen[2] is not seen[0]
