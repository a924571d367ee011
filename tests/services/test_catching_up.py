"""A follower with a queue: what the queue has missed is read from the feed first."""

from collections.abc import Callable, Sequence
from threading import Thread
from uuid import uuid4

import pytest
from injector import Inject, Injector
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from registry.records.rooms.room_changed.v1 import RoomChanged
from services.chassis.database import exclusively, writing
from services.chassis.errors import DatabaseAway, RegistryAway
from services.chassis.events.declaration import Hears
from services.chassis.events.hearing.cursor import Cursor
from services.chassis.events.hearing.follower import Follower
from services.chassis.events.hearing.inbox import Inbox, following
from services.chassis.events.hearing.letters import why
from services.chassis.events.hearing.source import Batch, Message, SourceAway
from services.chassis.events.tables import DeadLetterRow
from services.chassis.stopping import Stopping
from tests.services import examples
from tests.services.databases import on_both_databases, on_postgresql
from tests.services.examples import FEED, feed_batch, message, queue_batch


class FakeFeed:
    """All that was told, in pages of two."""

    name = "http://rooms.test"

    def __init__(self) -> None:
        self.told: list[Message] = []
        self.feed = FEED
        self.away = False
        self.reads = 0

    def open(self) -> None:
        pass

    def read(self, after: int, wait: float) -> Batch:  # noqa: ARG002 nobody waits here
        if self.away:
            raise SourceAway("refused")
        self.reads += 1
        page = [each for each in self.told if each.position > after][:2]
        return Batch(page, self.feed, after, page[-1].position if page else after)

    def settle(self, batch: Batch) -> None:
        pass

    def close(self) -> None:
        pass


class FakeQueue:
    """A queue that gathers from when it is opened, unless it was there before."""

    name = "the queue items.rooms"

    def __init__(self, missing: Callable[[], None]) -> None:
        self.exists = False
        self.batches: list[Batch] = []
        self.settled: list[Batch] = []
        self._missing = missing

    def open(self) -> None:
        if not self.exists:
            self._missing()
        self.exists = True

    def read(self, after: int, wait: float) -> Batch:  # noqa: ARG002 a queue knows its place
        return self.batches[0] if self.batches else Batch(())

    def settle(self, batch: Batch) -> None:
        if self.batches and self.batches[0] is batch:
            self.settled.append(self.batches.pop(0))

    def close(self) -> None:
        pass


class House:
    """A follower of rooms, and which events have taken effect."""

    def __init__(self, injector: Injector) -> None:
        self.heard: list[int] = []
        self.error: Exception | None = None
        self.inbox = Inbox(injector, "rooms", [Hears("rooms", RoomChanged, self._take)])
        self.feed = FakeFeed()
        self.queue = FakeQueue(self.inbox.fall_behind)
        self.follower = Follower("rooms", self.feed, self.inbox, Stopping(), self.queue)

    def _take(self, event: RoomChanged, session: Inject[Session]) -> None:
        assert session.in_transaction()
        if self.error is not None:
            raise self.error
        self.heard.append(event.entity_version)

    def tell(self, *positions: int) -> Sequence[Message]:
        changes = [examples.room_changed(examples.room(), position) for position in positions]
        told = [message(each.entity_version, each) for each in changes]
        self.feed.told += told
        return told

    def follow(self, times: int = 10) -> None:
        for _ in range(times):
            self.follower.attempt()


@pytest.fixture
def house(items_injector: Injector) -> House:
    return House(items_injector)


@on_both_databases
def test_before_its_queue_a_new_consumer_reads_the_feed_to_its_end(house: House) -> None:
    told = house.tell(1, 2, 3, 4, 5)
    house.queue.batches.append(queue_batch(*told[3:], *house.tell(6)))
    house.feed.told.pop()  # the queue is ahead of the page
    states = []
    for _ in range(6):
        house.follower.attempt()
        states.append(house.follower.state)
    assert house.heard == [1, 2, 3, 4, 5, 6]
    assert states[:4] == ["catching up"] * 3 + ["following"]
    assert house.inbox.cursor() == Cursor(FEED, 6, behind=False)
    assert (len(house.queue.settled), house.feed.reads) == (1, 4)


def test_a_queue_that_was_lost_is_made_up_for_from_where_it_was(house: House) -> None:
    house.queue.batches.append(queue_batch(*house.tell(1, 2)))
    house.follow()
    house.queue.exists = False
    house.tell(3, 4)
    house.follow()
    assert house.heard == [1, 2, 3, 4]
    assert house.follower.state == "following"


def test_while_the_feed_is_away_the_queue_waits(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.queue.batches.append(queue_batch(*house.tell(1)))
    house.feed.away = True
    house.follow()
    assert (house.heard, house.queue.settled, house.follower.state) == ([], [], "away")
    assert [each for each in caplog.messages if house.feed.name in each] == caplog.messages
    assert len(caplog.messages) == 1
    house.feed.away = False
    house.follow()
    assert (house.heard, len(house.queue.settled)) == ([1], 1)


def test_once_it_has_caught_up_the_feed_may_be_away(house: House) -> None:
    house.follow()
    house.feed.away = True
    house.queue.batches.append(queue_batch(*house.tell(1)))
    house.follow()
    assert (house.heard, house.follower.state) == ([1], "following")


def test_what_a_queue_gives_while_the_inbox_is_set_back_waits_for_the_feed(house: House) -> None:
    house.follow()
    house.tell(1, 2)
    late = queue_batch(*house.tell(3))
    house.inbox.fall_behind()
    assert not house.inbox.receive(late)
    house.queue.batches.append(late)
    house.follow()
    assert house.heard == [1, 2, 3]


def test_a_feed_that_has_begun_anew_is_read_from_its_beginning_while_catching_up(
    house: House,
) -> None:
    house.tell(1, 2, 3)
    house.follow()
    house.feed.feed, house.feed.told = uuid4(), []
    house.tell(1)
    house.inbox.fall_behind()
    house.follow()
    assert house.heard == [1, 2, 3, 1]
    assert house.inbox.cursor() == Cursor(house.feed.feed, 1, behind=False)


def test_a_position_that_an_unreadable_message_says_moves_nothing(
    house: House, engine: Engine
) -> None:
    house.follow()
    changed = examples.room_changed(examples.room())
    poison = message(1 << 60, changed, data=b"poison")
    placeless = message(0, examples.room_changed(examples.room(), 7), feed=None)
    house.queue.batches.append(queue_batch(poison, placeless))
    house.follow()
    assert (house.heard, house.inbox.cursor().position) == ([7], 0)
    with Session(engine) as session:
        assert session.scalars(select(DeadLetterRow.position)).all() == [1 << 60]


@on_both_databases
def test_what_the_broker_has_given_up_is_a_dead_letter_unless_it_took_effect(
    house: House, engine: Engine
) -> None:
    house.follow()
    took, did_not = house.tell(1, 2)
    house.queue.batches += [queue_batch(took), queue_batch(took, did_not, given_up=True)]
    house.follow()
    with Session(engine) as session:
        (letter,) = session.scalars(select(DeadLetterRow)).all()
    assert house.heard == [1]
    assert (letter.event_id, letter.reason) == (did_not.event_id, "DeliveryLimit")


@pytest.mark.parametrize("error", [DatabaseAway("gone"), RegistryAway("gone")])
def test_an_outage_is_told_once_and_nothing_is_settled(
    house: House, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    house.follow()
    caplog.clear()
    house.error = error
    house.queue.batches.append(queue_batch(*house.tell(1)))
    house.follow(3)
    assert (house.follower.state, house.queue.settled) == ("failing", [])
    (line,) = caplog.messages
    assert "(gone): rooms is followed when it works" in line
    house.error = None
    house.follow(1)
    assert (house.follower.state, house.heard) == ("following", [1])


def test_a_source_that_fails_as_nobody_foresaw_is_told_once_and_tried_again(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    fine, house.feed.told = house.feed.told, None  # type: ignore[assignment]
    house.follow(3)
    assert house.follower.state == "failing"
    assert caplog.text.count("Traceback") == 1
    house.feed.told = fine
    house.follow(1)
    assert house.follower.state == "following"


def test_half_a_character_is_kept_as_a_question() -> None:
    assert why(ValueError("a\ud800")) == {"reason": "ValueError", "detail": "a?"}


@on_both_databases
def test_a_queue_that_is_missed_while_a_batch_takes_effect_is_not_forgotten(
    items_injector: Injector,
) -> None:
    caught_up = Inbox(items_injector, "rooms", [])
    caught_up.receive(feed_batch(0))
    assert not caught_up.cursor().behind
    missing = Thread(target=caught_up.fall_behind)

    def meanwhile(_event: RoomChanged) -> None:
        missing.start()
        missing.join(0.2)

    hears = [Hears("rooms", RoomChanged, meanwhile)]
    changed = examples.room_changed(examples.room())
    Inbox(items_injector, "rooms", hears).receive(queue_batch(message(1, changed)))
    missing.join()
    assert caught_up.cursor().behind


@on_postgresql
def test_a_follower_does_not_wait_for_another_that_is_at_it(
    items_injector: Injector, engine: Engine
) -> None:
    heard: list[RoomChanged] = []
    second = Inbox(items_injector, "rooms", [Hears("rooms", RoomChanged, heard.append)])
    page = feed_batch(0, message(1, examples.room_changed(examples.room())))
    with Session(engine) as first, writing(first):
        exclusively(first.connection(), following("rooms"))
        assert not second.receive(page)
    assert not heard
    assert second.receive(page)
    assert len(heard) == 1
