"""The relay: what is told reaches RabbitMQ in order, whatever happens on the way."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pika
import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from services.chassis.database import writing
from services.chassis.events.declaration import Events
from services.chassis.events.rabbit.message import message_of
from services.chassis.events.rabbit.sink import RabbitSink
from services.chassis.events.rabbit.topology import declare_queue
from services.chassis.events.tables import OutboxRow, SinkCursorRow
from services.chassis.events.telling.outbox import Outbox
from services.chassis.events.telling.relay import Relay
from services.chassis.events.telling.waiting import Waiting
from services.chassis.events.telling.watching import Watcher
from services.chassis.stopping import Stopping
from tests.services import examples
from tests.services.brokers import taken
from tests.services.databases import on_both_databases

QUEUE = "items.rooms"
TYPE = "rooms.RoomChanged"


def tell(engine: Engine, count: int) -> None:
    with Session(engine) as session, writing(session):
        for _ in range(count):
            changed = examples.room_changed(examples.room(), 1)
            Outbox(Events(), Waiting(Stopping())).append(session, changed, changed.room.id, 1)


def cursor(engine: Engine) -> int | None:
    with Session(engine) as session:
        return session.scalar(select(SinkCursorRow.position))


def until(is_so: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline, "twenty seconds in vain"
        time.sleep(0.01)


def heard(url: str, count: int) -> list[int]:
    return [message_of(*each).position for each in taken(url, QUEUE, count)]


@pytest.fixture
def queue(rabbitmq: str) -> str:
    with pika.BlockingConnection(pika.URLParameters(rabbitmq)) as connection:
        declare_queue(connection.channel(), QUEUE, [TYPE])
    return rabbitmq


class Relays:
    """Makes relays, and stops them."""

    def __init__(self, engine: Engine, url: str) -> None:
        self._engine = engine
        self.url = url
        self.unrouted: list[str] = []
        self._made: list[tuple[Relay, Stopping]] = []

    def __call__(self) -> Relay:
        stopping = Stopping()
        sink = RabbitSink(self.url, "rooms", self.unrouted.append)
        waiting = Waiting(stopping)
        watcher = Watcher(self._engine, waiting, stopping)
        relay = Relay(self._engine, sink, waiting, watcher, stopping)
        self._made.append((relay, stopping))
        relay.start()
        return relay

    def stop(self, relay: Relay) -> None:
        for each, stopping in self._made:
            if each is relay:
                stopping.set()
        relay.join()
        assert relay.state == "stopped"

    def stop_all(self) -> None:
        for relay, stopping in self._made:
            stopping.set()
            relay.join()


@pytest.fixture
def relays(engine: Engine, queue: str) -> Iterator[Relays]:
    made = Relays(engine, queue)
    yield made
    made.stop_all()


@on_both_databases
def test_all_that_is_told_reaches_the_queue_in_order(engine: Engine, relays: Relays) -> None:
    tell(engine, 1200)
    relay = relays()
    assert heard(relays.url, 1200) == list(range(1, 1201))
    tell(engine, 3)
    assert heard(relays.url, 3) == [1201, 1202, 1203]
    until(lambda: cursor(engine) == 1203)
    assert relay.state == "leading"


@on_both_databases
def test_of_two_relays_one_leads_and_the_other_takes_over(engine: Engine, relays: Relays) -> None:
    first = relays()
    until(lambda: first.state == "leading")
    second = relays()
    until(lambda: second.state == "standing by")
    tell(engine, 2)
    assert heard(relays.url, 2) == [1, 2]
    relays.stop(first)
    tell(engine, 2)
    assert heard(relays.url, 2) == [3, 4]
    assert second.state == "leading"


@on_both_databases
def test_a_cursor_that_was_set_back_puts_events_again(engine: Engine, relays: Relays) -> None:
    tell(engine, 5)
    relays()
    assert heard(relays.url, 5) == [1, 2, 3, 4, 5]
    until(lambda: cursor(engine) == 5)
    with Session(engine) as session, writing(session):
        session.execute(update(SinkCursorRow).values(position=2))
    assert heard(relays.url, 3) == [3, 4, 5]
    until(lambda: cursor(engine) == 5)


def test_an_event_that_nobody_hears_is_counted_and_those_after_it_go_on(
    engine: Engine, relays: Relays, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    tell(engine, 3)
    with Session(engine) as session, writing(session):
        session.execute(update(OutboxRow).where(OutboxRow.id <= 2).values(type="rooms.Unheard"))
    relays()
    assert heard(relays.url, 1) == [3]
    until(lambda: cursor(engine) == 3)
    assert relays.unrouted == ["rooms.Unheard"] * 2
    assert caplog.text.count("Nobody hears rooms.Unheard") == 1
