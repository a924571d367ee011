"""A RabbitMQ broker for tests: each worker of pytest has a virtual host of its own."""

import os
import subprocess
from collections.abc import Iterator
from uuid import uuid4

import pika
import pytest
from pika import BasicProperties
from pika.exceptions import AMQPConnectionError
from sqlalchemy import make_url

from services.chassis.events.rabbit.topology import DEAD, EXCHANGE

SERVER = os.environ.get("TEST_RABBITMQ_URL") or "amqp://guest:guest@127.0.0.1:5672/"


@pytest.fixture(scope="session")
def virtual_host() -> Iterator[str]:
    """A virtual host on the broker for tests; its name is this run's own.

    Skips where no broker answers or rabbitmqctl may not command it, but not in CI.
    """
    name = f"test_{uuid4().hex}"
    try:
        pika.BlockingConnection(pika.URLParameters(SERVER)).close()
        _rabbitmqctl("add_vhost", name)
    except (AMQPConnectionError, OSError, subprocess.SubprocessError) as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no RabbitMQ answers at TEST_RABBITMQ_URL, to rabbitmqctl as well: {error!r}")
    user = make_url(SERVER).username or "guest"
    _rabbitmqctl("set_permissions", "-p", name, user, ".*", ".*", ".*")
    yield name
    _rabbitmqctl("delete_vhost", name)


@pytest.fixture
def rabbitmq(virtual_host: str) -> Iterator[str]:
    """The URL of a virtual host; the queues and exchanges of a test are gone after it."""
    url = SERVER.rpartition("/")[0] + "/" + virtual_host
    yield url
    queues = _rabbitmqctl("list_queues", "-q", "--no-table-headers", "-p", virtual_host, "name")
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    for queue in queues.split():
        channel.queue_delete(queue)
    for exchange in (EXCHANGE, DEAD):
        channel.exchange_delete(exchange)
    connection.close()


def taken(
    url: str, queue: str, count: int, *, keep: bool = True
) -> list[tuple[BasicProperties, bytes]]:
    """Return the first messages of a queue, which are acknowledged, or rejected for good.

    Fails where they do not come within seconds.
    """
    found: list[tuple[BasicProperties, bytes]] = []
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        while len(found) < count:
            method, properties, body = next(channel.consume(queue, inactivity_timeout=10))
            assert method, f"{len(found)} of {count} messages came"
            assert method.delivery_tag
            assert properties
            assert body is not None
            if keep:
                channel.basic_ack(method.delivery_tag)
            else:
                channel.basic_reject(method.delivery_tag, requeue=False)
            found.append((properties, body))
        channel.cancel()
    return found


def break_connections(url: str) -> None:
    """Close all connections to a virtual host under those who use them."""
    _rabbitmqctl("close_all_connections", "-p", url.rpartition("/")[2], "a test")


def _rabbitmqctl(*words: str) -> str:
    ran = subprocess.run(
        ["rabbitmqctl", *words], check=True, capture_output=True, text=True, timeout=60
    )
    return ran.stdout
