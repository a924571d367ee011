"""The sink of RabbitMQ: what it says when a broker takes no event, and that it never hangs."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import enumerate as threads
from uuid import uuid4

import pika
import pytest

from services.chassis.events.rabbit import link
from services.chassis.events.rabbit.message import message_of
from services.chassis.events.rabbit.sink import RabbitSink
from services.chassis.events.rabbit.topology import EXCHANGE, declare_exchange, declare_queue
from services.chassis.events.telling.sink import Outgoing, SinkAway
from tests.ports import free_port
from tests.services.brokers import taken
from tests.services.proxy import Proxy, proxied
from tests.services.test_rabbit_message import EVENT

QUEUE = "items.rooms"


def events(count: int) -> list[Outgoing]:
    return [replace(EVENT, position=each, event_id=uuid4()) for each in range(1, count + 1)]


def through(proxy: Proxy, url: str) -> str:
    return url.replace(f":{pika.URLParameters(url).port}/", f":{proxy.port}/")


def put_again_and_again(sink: RabbitSink) -> None:
    for _ in range(10):
        put(sink, 2)


def put(sink: RabbitSink, count: int) -> None:
    sink.put(events(count))
    sink.flush()


@pytest.fixture
def queue(rabbitmq: str) -> str:
    with pika.BlockingConnection(pika.URLParameters(rabbitmq)) as connection:
        declare_queue(connection.channel(), QUEUE, [EVENT.type])
    return rabbitmq


@pytest.fixture
def proxy(queue: str) -> Iterator[Proxy]:
    with proxied(int(free_port()), pika.URLParameters(queue).port) as proxy:
        yield proxy


@pytest.fixture
def sink(queue: str, proxy: Proxy) -> Iterator[RabbitSink]:
    sink = RabbitSink(through(proxy, queue), "rooms")
    sink.open()
    yield sink
    sink.close()


def test_what_was_put_is_in_the_queue_in_order(sink: RabbitSink, queue: str) -> None:
    put(sink, 700)
    put(sink, 3)
    found = [message_of(*each).position for each in taken(queue, QUEUE, 703)]
    assert found == [*range(1, 701), 1, 2, 3]


def test_a_connection_that_is_cut_is_noticed_at_once_and_made_anew(
    sink: RabbitSink, proxy: Proxy
) -> None:
    proxy.hold()
    with ThreadPoolExecutor() as pool:
        putting = pool.submit(put, sink, 3)
        proxy.cut()
        with pytest.raises(SinkAway):
            putting.result(timeout=20)
    with pytest.raises(SinkAway):
        put(sink, 1)
    sink.open()
    put(sink, 1)


def test_a_broker_that_is_not_there_is_away(sink: RabbitSink, proxy: Proxy) -> None:
    proxy.end()
    with pytest.raises(SinkAway):
        put(sink, 1)
    with pytest.raises(SinkAway, match="refused"):
        sink.open()
    proxy.start()
    sink.open()
    put(sink, 1)


def test_a_broker_that_confirms_nothing_is_away(
    sink: RabbitSink, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "_CONFIRM_SECONDS", 0.2)
    monkeypatch.setattr(link, "_JOIN_SECONDS", 0.1)
    proxy.hold()
    with pytest.raises(SinkAway, match=r"it confirms nothing within 0\.2 seconds"):
        put(sink, 1)


def test_a_broker_that_does_not_greet_is_away(
    queue: str, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "_OPEN_SECONDS", 0.2)
    proxy.hold()
    sink = RabbitSink(through(proxy, queue), "rooms")
    with pytest.raises(SinkAway, match=r"it does not greet within 0\.2 seconds"):
        sink.open()
    sink.close()


def test_an_event_that_is_refused_is_told(rabbitmq: str) -> None:
    with pika.BlockingConnection(pika.URLParameters(rabbitmq)) as connection:
        channel = connection.channel()
        declare_exchange(channel)
        full = {"x-max-length": 2, "x-overflow": "reject-publish"}
        channel.queue_declare("full", durable=True, arguments=full)
        channel.queue_bind("full", EXCHANGE, EVENT.type)
    sink = RabbitSink(rabbitmq, "rooms")
    sink.open()
    with pytest.raises(SinkAway, match="refused an event"):
        put_again_and_again(sink)
    taken(rabbitmq, "full", 2)
    sink.open()
    put(sink, 1)
    sink.close()


def test_an_exchange_of_another_kind_is_told(rabbitmq: str) -> None:
    with pika.BlockingConnection(pika.URLParameters(rabbitmq)) as connection:
        connection.channel().exchange_declare(EXCHANGE, "fanout")
    sink = RabbitSink(rabbitmq, "rooms")
    with pytest.raises(SinkAway, match="PRECONDITION_FAILED"):
        sink.open()
    sink.close()


def test_a_wrong_password_is_told_without_it(rabbitmq: str) -> None:
    host = rabbitmq.rpartition("@")[2]
    sink = RabbitSink(f"amqp://guest:geheim@{host}", "rooms")
    with pytest.raises(SinkAway, match="ACCESS_REFUSED") as refused:
        sink.open()
    sink.close()
    assert "geheim" not in str(refused.value) + sink.where


def test_a_sink_that_tries_again_and_again_leaves_nothing_behind(proxy: Proxy, queue: str) -> None:
    sink = RabbitSink(through(proxy, queue), "rooms")
    proxy.end()
    counts = []
    for _ in range(6):
        with pytest.raises(SinkAway):
            sink.open()
        sink.close()
        counts.append(len(list(Path("/dev/fd").iterdir())))
    assert counts[-1] == counts[0]
    assert "rabbitmq" not in [each.name for each in threads()]


def test_closing_ends_a_put_that_waits(sink: RabbitSink, proxy: Proxy) -> None:
    proxy.hold()
    with ThreadPoolExecutor() as pool:
        putting = pool.submit(put, sink, 1)
        began = time.monotonic()
        proxy.cut()
        sink.close()
        with pytest.raises(SinkAway):
            putting.result(timeout=20)
        assert time.monotonic() - began < 10


def test_closing_ends_the_wait_for_a_broker_that_is_silent(sink: RabbitSink, proxy: Proxy) -> None:
    put(sink, 1)
    proxy.hold()
    sink.put(events(1))
    with ThreadPoolExecutor() as pool:
        flushing = pool.submit(sink.flush)
        sink.close()
        with pytest.raises(SinkAway):
            flushing.result(timeout=3)
