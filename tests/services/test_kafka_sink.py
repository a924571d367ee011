"""The sink of Kafka: order, what it says when a cluster takes no event, and that it never hangs."""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from confluent_kafka import KafkaError, Message

from registry import wire
from services.chassis.events.kafka import delivery
from services.chassis.events.kafka.sink import KafkaSink
from services.chassis.events.telling.sink import Outgoing, SinkAway
from services.chassis.schemas import tree
from tests.ports import free_port
from tests.services import examples
from tests.services.kafkas import PARTITIONS, Kafka, kafka

__all__ = ["kafka"]

TYPE = "rooms.RoomChanged"
EVENT = Outgoing(
    feed=UUID(int=1),
    position=1,
    event_id=UUID(int=2),
    type=TYPE,
    aggregate_id="a room",
    dataschema=f"{TYPE}/{examples.room_changed(examples.room(), 1).VERSION}",
    occurred_at=datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC),
    data=wire.encode(examples.room_changed(examples.room(), 1)),
)


def events(count: int, rooms: int = 50) -> list[Outgoing]:
    return [
        replace(EVENT, position=each, event_id=uuid4(), aggregate_id=f"room {each % rooms}")
        for each in range(1, count + 1)
    ]


def put(sink: KafkaSink, put: Sequence[Outgoing]) -> None:
    for first in range(0, len(put), 500):
        sink.put(put[first : first + 500])
    sink.flush()


def header(message: Message, name: str) -> str:
    headers = message.headers()
    assert isinstance(headers, list)
    (value,) = [each for key, each in headers if key == name]
    assert isinstance(value, bytes)
    return value.decode()


def first_positions(messages: Sequence[Message]) -> dict[bytes, list[int]]:
    """Return by key when each event came for the first time, in the order of its partition."""
    found: defaultdict[bytes, dict[int, None]] = defaultdict(dict)
    for each in messages:
        found[bytes(each.key() or b"")].setdefault(int(header(each, "position")))
    return {key: list(positions) for key, positions in found.items()}


def is_all_in_order(messages: Sequence[Message], put: Sequence[Outgoing]) -> bool:
    expected: defaultdict[bytes, list[int]] = defaultdict(list)
    for each in put:
        expected[each.aggregate_id.encode()].append(each.position)
    return first_positions(messages) == expected


@pytest.fixture
def sink(kafka: Kafka) -> Iterator[KafkaSink]:
    # Small requests, so that several are on the way.
    sink = KafkaSink(f"{kafka.url}/?batch.num.messages=50", "rooms", tree())
    sink.open()
    yield sink
    sink.close()


def test_of_each_entity_events_are_in_one_partition_in_order(sink: KafkaSink, kafka: Kafka) -> None:
    told = events(2000)
    put(sink, told)
    found = kafka.taken(TYPE, 2000)
    assert len(found) == 2000
    assert is_all_in_order(found, told)
    assert len({each.partition() for each in found}) == PARTITIONS


def test_it_goes_on_after_a_broken_cluster_with_nothing_lost_and_in_order(
    sink: KafkaSink, kafka: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_CONFIRM_SECONDS", 0.3)
    told = events(600, rooms=7)
    put(sink, told[:200])
    kafka.slow(100)
    sink.put(told[200:])
    kafka.goes()
    with pytest.raises(SinkAway, match=r"confirms nothing within 0\.3 seconds"):
        sink.flush()
    with pytest.raises(SinkAway, match="not open"):
        sink.flush()
    kafka.comes()
    kafka.slow(0)
    monkeypatch.undo()
    sink.open()
    put(sink, told[200:])
    found = kafka.taken(TYPE, 600)
    assert is_all_in_order(found, told)


@pytest.mark.parametrize(
    "error", [KafkaError.MSG_SIZE_TOO_LARGE, KafkaError.TOPIC_AUTHORIZATION_FAILED]
)
def test_an_event_that_is_refused_lets_none_after_it_through(
    sink: KafkaSink, kafka: Kafka, error: int
) -> None:
    told = [replace(each, aggregate_id="one") for each in events(450)]
    put(sink, told[:150])
    kafka.slow(20)
    kafka.refuse(error)
    with pytest.raises(SinkAway, match=TYPE):
        put(sink, told[150:])
    sink.open()
    put(sink, told[150:])
    assert is_all_in_order(kafka.taken(TYPE, 450), told)


def test_what_can_be_tried_again_is_tried_again(sink: KafkaSink, kafka: Kafka) -> None:
    told = events(100, rooms=3)
    kafka.refuse(*[KafkaError.NOT_LEADER_FOR_PARTITION, KafkaError.REQUEST_TIMED_OUT] * 2)
    put(sink, told)
    found = kafka.taken(TYPE, 100)
    assert is_all_in_order(found, told)
    assert len(found) == 100


def test_a_cluster_that_is_not_there_is_away_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delivery, "_REACH_SECONDS", 1.0)
    sink = KafkaSink(f"kafka://127.0.0.1:{free_port()}", "rooms", tree())
    with pytest.raises(SinkAway, match="refused"):
        sink.open()
    with pytest.raises(SinkAway, match="not open"):
        sink.put([EVENT])


def test_a_cluster_that_is_away_at_first_is_found_when_it_comes(
    kafka: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_REACH_SECONDS", 0.3)
    kafka.goes()
    sink = KafkaSink(kafka.url, "rooms", tree())
    with pytest.raises(SinkAway):
        sink.open()
    kafka.comes()
    monkeypatch.undo()
    sink.open()
    put(sink, [EVENT])
    sink.close()


def test_a_topic_that_cannot_be_written_is_named(sink: KafkaSink, kafka: Kafka) -> None:
    kafka.refuse_topic(TYPE, KafkaError.TOPIC_AUTHORIZATION_FAILED)
    with pytest.raises(SinkAway, match=rf"authorization failed.*{TYPE}"):
        put(sink, [EVENT])


def test_settings_that_make_no_sense_are_told() -> None:
    sink = KafkaSink("kafka://127.0.0.1:9/?no.such.setting=1", "rooms", tree())
    with pytest.raises(SinkAway, match=r"no\.such\.setting"):
        sink.open()


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (replace(EVENT, dataschema=f"{TYPE}/999"), f"{TYPE}/999"),
        (replace(EVENT, dataschema="shop.Order/1"), r"shop\.Order"),
        (replace(EVENT, data=b"\xc3\x01 other words"), "fingerprint"),
        (replace(EVENT, data=b"datum"), "begin with 64 61"),
    ],
)
def test_an_event_that_cannot_be_framed_is_told_and_none_of_its_batch_is_put(
    sink: KafkaSink, kafka: Kafka, event: Outgoing, reason: str
) -> None:
    with pytest.raises(SinkAway, match=reason):
        sink.put([*events(3), event])
    sink.open()
    put(sink, [EVENT])
    assert len(kafka.taken(TYPE, 1)) == 1


def test_closing_ends_a_flush_that_waits(sink: KafkaSink, kafka: Kafka) -> None:
    kafka.goes()
    sink.put(events(3))
    with ThreadPoolExecutor() as pool:
        flushing = pool.submit(sink.flush)
        began = time.monotonic()
        while not flushing.done():
            sink.close()
        with pytest.raises(SinkAway):
            flushing.result()
    assert time.monotonic() - began < 10


def test_a_sink_that_tries_again_and_again_leaves_nothing_behind(
    kafka: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_REACH_SECONDS", 0.1)
    kafka.goes()
    sink = KafkaSink(kafka.url, "rooms", tree())
    counts = []
    for _ in range(6):
        with pytest.raises(SinkAway):
            sink.open()
        counts.append(len(list(Path("/dev/fd").iterdir())))
    assert counts[-1] <= counts[0]
