"""Messages of RabbitMQ: what is told of an event, and what is made of anything that comes."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pika
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pika import BasicProperties

from services.chassis.events.rabbit.message import message_of, properties_of
from services.chassis.events.rabbit.topology import (
    EXCHANGE,
    dead_queue_of,
    declare_queue,
    exists,
    queue_of,
)
from services.chassis.events.telling.sink import Outgoing
from tests.services.brokers import taken

EVENT = Outgoing(
    feed=UUID(int=1),
    position=1 << 40,
    event_id=UUID(int=2),
    type="rooms.RoomChanged",
    aggregate_id="a room",
    dataschema="rooms.RoomChanged/1",
    occurred_at=datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC),
    data=b"\xc3\x01datum",
)

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=9)
    | st.binary(max_size=9)
    | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=5,
)


def test_a_message_says_all_of_its_event() -> None:
    properties = properties_of(EVENT, "rooms")
    assert (properties.app_id, properties.type, properties.delivery_mode) == (
        "rooms",
        "rooms.RoomChanged",
        2,
    )
    assert properties.timestamp == 1_767_323_045
    assert properties.headers == {
        "dataschema": "rooms.RoomChanged/1",
        "subject": "a room",
        "position": 1 << 40,
        "feed": str(UUID(int=1)),
    }
    message = message_of(properties, EVENT.data)
    assert (message.event_id, message.feed, message.position) == (UUID(int=2), UUID(int=1), 1 << 40)
    assert (message.type, message.dataschema) == (EVENT.type, EVENT.dataschema)
    assert (message.aggregate_id, message.data) == (EVENT.aggregate_id, EVENT.data)


@given(st.dictionaries(st.sampled_from(["dataschema", "subject", "position", "feed"]), anything))
def test_whatever_headers_say_there_is_a_message(headers: dict[str, Any]) -> None:
    properties = BasicProperties(headers=headers)
    message = message_of(properties, b"body", "key")
    assert message == message_of(properties, b"body", "key")
    assert (message.type, message.data) == ("key", b"body")
    assert 0 <= message.position < 1 << 63
    assert "\0" not in message.dataschema + message.aggregate_id
    assert len(message.dataschema) <= 255


def test_messages_without_an_id_have_one_by_what_they_say() -> None:
    bare = BasicProperties()
    one = message_of(bare, b"one", "key")
    assert one.event_id == message_of(bare, b"one", "key").event_id
    assert one.event_id != message_of(bare, b"two", "key").event_id
    assert one.event_id != message_of(BasicProperties(message_id="x"), b"one", "key").event_id
    assert (one.position, one.feed, one.dataschema) == (0, None, "")


@pytest.mark.parametrize("sent", ["", "no uuid", "\0"])
def test_an_id_that_is_none_becomes_one(sent: str) -> None:
    assert message_of(BasicProperties(message_id=sent), b"").event_id.version == 5


def test_a_queue_gets_the_types_it_is_bound_to(rabbitmq: str) -> None:
    queue = queue_of("items", "rooms")
    with pika.BlockingConnection(pika.URLParameters(rabbitmq)) as connection:
        assert not exists(connection, queue)
        for _ in range(2):
            declare_queue(connection.channel(), queue, ["rooms.RoomChanged", "rooms.Other"])
        assert exists(connection, queue)
        assert exists(connection, dead_queue_of(queue))
        channel = connection.channel()
        channel.confirm_delivery()
        for position, key in enumerate(("rooms.RoomChanged", "rooms.Other", "rooms.NotHeard"), 1):
            properties = properties_of(replace(EVENT, position=position), "rooms")
            channel.basic_publish(EXCHANGE, key, EVENT.data, properties)
    got = taken(rabbitmq, queue, 2)
    assert [properties.type for properties, _ in got] == ["rooms.RoomChanged"] * 2
    assert [message_of(*each).position for each in got] == [1, 2]


def test_a_message_that_is_rejected_rests_in_the_queues_dead_queue(rabbitmq: str) -> None:
    queue, sent = "items.rooms", str(uuid4())
    with pika.BlockingConnection(pika.URLParameters(rabbitmq)) as connection:
        channel = connection.channel()
        declare_queue(channel, queue, ["a"])
        channel.confirm_delivery()
        channel.basic_publish(EXCHANGE, "a", b"", BasicProperties(message_id=sent))
    ((properties, _),) = taken(rabbitmq, queue, 1, keep=False)
    assert properties.message_id == sent
    ((properties, _),) = taken(rabbitmq, dead_queue_of(queue), 1)
    assert properties.message_id == sent
