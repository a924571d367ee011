"""A virtual host of the broker for one run: what else is there is left alone."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import uuid4

import pika
from pika.exceptions import AMQPError

from tests.benchmarks.events.missing import Missing
from tests.services.brokers import SERVER


@contextmanager
def virtual_host() -> Iterator[str]:
    """Give the URL of an empty virtual host, which is removed at the end. Raises Missing."""
    parts = urlsplit(SERVER)
    name = f"bench_{uuid4().hex}"
    try:
        pika.BlockingConnection(pika.URLParameters(SERVER)).close()
        _control("add_vhost", name)
    except AMQPError as error:
        raise Missing(f"no RabbitMQ answers at TEST_RABBITMQ_URL ({parts.hostname})") from error
    except (OSError, subprocess.CalledProcessError) as error:
        raise Missing(f"rabbitmqctl makes no virtual host: {error}") from error
    try:
        _control("set_permissions", "-p", name, parts.username or "guest", ".*", ".*", ".*")
        yield urlunsplit(parts._replace(path=f"/{quote(name, safe='')}"))
    finally:
        _control("delete_vhost", name)


def _control(*words: str) -> None:
    subprocess.run(["rabbitmqctl", "--quiet", *words], check=True, capture_output=True, timeout=60)
