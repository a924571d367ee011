"""A batch of messages goes to RabbitMQ in few pieces, and arrives as if it went one by one."""

from typing import Any

import pika
import pytest
from pika import BasicProperties
from pika.adapters.base_connection import BaseConnection

from services.chassis.events.rabbit.connection import parameters_of
from services.chassis.events.rabbit.link import Link
from services.chassis.events.rabbit.topology import declare_queue
from tests.services.brokers import rabbitmq, taken, virtual_host

__all__ = ["rabbitmq", "virtual_host"]

TYPE = "rooms.RoomChanged"
QUEUE = "items.rooms"


@pytest.fixture
def link(rabbitmq: str) -> Link:
    with pika.BlockingConnection(pika.URLParameters(rabbitmq)) as connection:
        declare_queue(connection.channel(), QUEUE, [TYPE])
    found = Link(parameters_of(rabbitmq, "test"), lambda _: None)
    found.wait_until_open()
    return found


def test_a_batch_is_sent_in_few_pieces(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces: list[int] = []
    send = vars(BaseConnection)["_adapter_emit_data"]

    def sent(connection: "BaseConnection[Any]", data: bytes) -> None:
        pieces.append(len(data))
        send(connection, data)

    monkeypatch.setattr(BaseConnection, "_adapter_emit_data", sent)
    link.publish([(TYPE, BasicProperties(), bytes(200))] * 200)
    link.wait_until_confirmed()
    link.close()
    assert sum(pieces) > 200 * 200
    assert len(pieces) < 10


def test_messages_arrive_whole_and_in_order_whatever_their_size(link: Link, rabbitmq: str) -> None:
    # A frame holds 128 KiB, a piece 256.
    bodies = [b"first", bytes(300_000), b"", b"second", bytes(100_000), bytes(200_000), b"last"]
    link.publish([(TYPE, BasicProperties(), body) for body in bodies])
    link.wait_until_confirmed()
    link.close()
    assert [body for _, body in taken(rabbitmq, QUEUE, len(bodies))] == bodies
