"""Messages in RabbitMQ that the client library itself fails to read, as anybody could send them."""

import struct
from typing import Any

import pika
import pika.data
import pytest
from pika import BasicProperties

from services.chassis.events.rabbit.source import RabbitSource
from services.chassis.events.rabbit.topology import EXCHANGE, declare_exchange
from services.chassis.stopping import Stopping

TYPE = "rooms.RoomChanged"


def nested(kind: bytes, depth: int) -> bytes:
    """Return a value of AMQP that holds itself so many times."""
    value = b"V"
    for _ in range(depth):
        entry = (b"\1a" if kind == b"F" else b"") + value
        value = kind + struct.pack(">I", len(entry)) + entry
    return value


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(b"T" + struct.pack(">Q", (1 << 64) - 1), id="time after all years"),
        pytest.param(nested(b"F", 5000), id="tables within tables"),
        pytest.param(nested(b"A", 5000), id="arrays within arrays"),
    ],
)
def test_a_message_whose_headers_cannot_be_read_holds_up_none_that_follow(
    value: bytes, rabbitmq: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = RabbitSource(rabbitmq, "items.rooms", [TYPE], lambda: None, Stopping())
    source.open()
    publish(rabbitmq, value, monkeypatch)
    came: list[bytes] = []
    try:
        while len(came) < 2:
            batch = source.read(0, 5)
            assert batch.messages, came
            came += [each.data for each in batch.messages]
            source.settle(batch)
    finally:
        source.close()
    assert came == [b"hostile", b"harmless"]


def publish(url: str, value: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish a message with a header of these bytes, and one with none."""

    def as_it_is(pieces: list[bytes], _value: Any) -> int:
        pieces.append(value)
        return len(value)

    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        declare_exchange(channel)
        channel.confirm_delivery()
        with monkeypatch.context() as patched:
            patched.setattr(pika.data, "encode_value", as_it_is)
            channel.basic_publish(EXCHANGE, TYPE, b"hostile", BasicProperties(headers={"x": 1}))
        channel.basic_publish(EXCHANGE, TYPE, b"harmless")
