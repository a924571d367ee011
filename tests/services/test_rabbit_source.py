"""The queue of a service in a real RabbitMQ, and what its follower makes of it."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pika
import pytest
from pika.adapters.blocking_connection import BlockingChannel

from services.chassis.events.hearing.source import Batch, Message, SourceAway
from services.chassis.events.rabbit.message import properties_of
from services.chassis.events.rabbit.source import RabbitSource
from services.chassis.events.rabbit.topology import DEAD, EXCHANGE, declare_exchange
from services.chassis.events.telling.sink import Outgoing
from services.chassis.stopping import Stopping
from tests.services import examples
from tests.services.examples import FEED, message

QUEUE = "items.rooms"
TYPE = "rooms.RoomChanged"


@pytest.fixture
def channel(rabbitmq: str) -> Iterator[BlockingChannel]:
    """A way to the broker beside that of the source."""
    connection = pika.BlockingConnection(pika.URLParameters(rabbitmq))
    opened = connection.channel()
    opened.confirm_delivery()
    declare_exchange(opened)
    yield opened
    connection.close()


class Opened:
    """Makes sources, notes when one misses its queue, and closes them all."""

    def __init__(self, url: str) -> None:
        self.missed = 0
        self.stopping = Stopping()
        self._url = url
        self._sources: list[RabbitSource] = []

    def source(self, missing: Callable[[], None] | None = None) -> RabbitSource:
        made = RabbitSource(self._url, QUEUE, [TYPE], missing or self._miss, self.stopping)
        self._sources.append(made)
        return made

    def close(self) -> None:
        for each in self._sources:
            each.close()

    def _miss(self) -> None:
        self.missed += 1


@pytest.fixture
def opened(rabbitmq: str) -> Iterator[Opened]:
    opened = Opened(rabbitmq)
    yield opened
    opened.close()


def told(position: int, name: str = "A") -> Message:
    return message(position, examples.room_changed(examples.room(name=name)))


def publish(channel: BlockingChannel, *messages: Message) -> None:
    for each in messages:
        outgoing = Outgoing(
            feed=each.feed or FEED,
            position=each.position,
            event_id=each.event_id,
            type=each.type,
            aggregate_id=each.aggregate_id,
            dataschema=each.dataschema,
            occurred_at=datetime.now(UTC),
            data=each.data,
        )
        channel.basic_publish(EXCHANGE, each.type, each.data, properties_of(outgoing, "rooms"))


def gathered(source: RabbitSource, count: int) -> list[Message]:
    """Read and settle until there are as many messages."""
    messages: list[Message] = []
    deadline = time.monotonic() + 10
    while len(messages) < count:
        assert time.monotonic() < deadline, messages
        batch = source.read(0, 1)
        messages += batch.messages
        source.settle(batch)
    return messages


def test_messages_come_as_they_were_told_and_in_their_order(
    opened: Opened, channel: BlockingChannel
) -> None:
    source = opened.source()
    source.open()
    messages = [told(position) for position in range(1, 21)]
    publish(channel, *messages)
    assert gathered(source, 20) == messages
    assert source.read(0, 0).messages == ()


def test_what_is_not_settled_comes_again_also_to_the_next_who_reads(
    opened: Opened, channel: BlockingChannel
) -> None:
    source = opened.source()
    source.open()
    publish(channel, told(1))
    first = source.read(0, 5)
    assert source.read(0, 0) is first
    source.close()
    assert opened.source().read(0, 5).messages == first.messages


def test_a_queue_that_is_not_there_is_missed_before_it_is_made(
    opened: Opened, channel: BlockingChannel
) -> None:
    class Died(Exception):
        pass

    def die() -> None:
        raise Died

    with pytest.raises(Died):
        opened.source(die).open()
    opened.source().open()
    assert opened.missed == 1
    opened.source().open()
    assert opened.missed == 1
    publish(channel, told(1))


def test_a_queue_that_is_deleted_is_away_and_missed(
    opened: Opened, channel: BlockingChannel
) -> None:
    source = opened.source()
    source.open()
    channel.queue_delete(QUEUE)
    with pytest.raises(SourceAway, match=r"the queue items\.rooms was deleted"):
        source.read(0, 5)
    source.open()
    assert opened.missed == 2


def test_a_queue_with_other_arguments_is_away_with_what_to_do(
    opened: Opened, channel: BlockingChannel
) -> None:
    channel.queue_declare(QUEUE, durable=True)
    with pytest.raises(SourceAway, match=r"rabbitmqctl delete_queue items\.rooms"):
        opened.source().open()


@pytest.mark.usefixtures("virtual_host")
@pytest.mark.parametrize("url", ["amqp://guest:wrong@127.0.0.1:5672/", "amqp://x:y@127.0.0.1:9/"])
def test_a_broker_that_is_away_or_refuses_says_so_without_the_password(url: str) -> None:
    source = RabbitSource(url, QUEUE, [TYPE], lambda: None, Stopping())
    with pytest.raises(SourceAway) as caught:
        source.read(0, 0)
    assert str(caught.value)
    assert not [word for word in ("wrong", "x:y") if word in f"{caught.value} {source.name}"]


def test_who_reads_leaves_at_once_when_the_service_stops(opened: Opened) -> None:
    source = opened.source()
    source.open()
    with ThreadPoolExecutor() as threads:
        reading = threads.submit(source.read, 0, 60)
        opened.stopping.set()
        assert reading.result(timeout=10).messages == ()


def test_what_the_broker_has_given_up_comes_alone_and_is_settled(
    opened: Opened, channel: BlockingChannel
) -> None:
    source = opened.source()
    source.open()
    dead = told(1)
    publish(channel, told(2))
    channel.basic_publish(DEAD, QUEUE, dead.data, pika.BasicProperties(type=TYPE))
    batches: list[Batch] = []
    while len(batches) < 2:
        batch = source.read(0, 5)
        assert batch.messages, "five seconds in vain"
        source.settle(batch)
        batches.append(batch)
    shown = [(each.given_up, len(each.messages)) for each in batches]
    assert sorted(shown) == [(False, 1), (True, 1)]
    source.close()
    assert channel.queue_declare(f"{QUEUE}.dead", passive=True).method.message_count == 0
