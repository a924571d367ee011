"""pika and nothing else: what a program of our own could publish and consume at best."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any, Final

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.channel import Channel

from services.chassis.events.rabbit.message import properties_of
from services.chassis.events.rabbit.topology import EXCHANGE, declare_queue, queue_of
from services.chassis.events.telling.sink import Outgoing
from tests.benchmarks.events.sample import TYPE

SERVICE: Final = "rooms"
QUEUE: Final = queue_of("items", SERVICE)
# Between two of them pika may write, and read confirms.
_CHUNK: Final = 500


@contextmanager
def topology(url: str) -> Iterator[BlockingChannel]:
    """Make the exchange and the queue of items, as our own does; give a channel to it."""
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        declare_queue(channel, QUEUE, [TYPE])
        yield channel


class RawPublisher:
    """Publishes over a SelectConnection in a thread; waits for confirms only at the end."""

    def __init__(self, url: str) -> None:
        self._answers: SimpleQueue[object] = SimpleQueue()
        self._last = 0
        self._unconfirmed: set[int] = set()
        self._channel: Channel | None = None
        self._connection = pika.SelectConnection(
            pika.URLParameters(url),
            on_open_callback=lambda opened: opened.channel(on_open_callback=self._open),
            on_open_error_callback=lambda _, error: self._answers.put(error),
            on_close_callback=lambda _, error: self._close(error),
        )
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()
        self._wait()

    def publish(self, events: Sequence[Outgoing]) -> None:
        """Return once the broker has confirmed all events."""
        first = self._last + 1
        self._last += len(events)
        self._unconfirmed.update(range(first, self._last + 1))
        for start in range(0, len(events), _CHUNK):
            chunk = events[start : start + _CHUNK]
            self._connection.ioloop.add_callback_threadsafe(partial(self._put, chunk))
        self._wait()

    def close(self) -> None:
        """Leave the broker."""
        self._connection.ioloop.add_callback_threadsafe(self._connection.close)
        self._thread.join(5)

    def _run(self) -> None:
        self._connection.ioloop.start()
        self._connection.ioloop.close()

    def _put(self, events: Sequence[Outgoing]) -> None:
        assert self._channel is not None
        publish = self._channel.basic_publish
        for event in events:
            said = properties_of(event, SERVICE)
            publish(EXCHANGE, event.type, event.data, said, mandatory=True)

    def _open(self, channel: Channel) -> None:
        self._channel = channel
        channel.confirm_delivery(self._confirm, callback=lambda _: self._answers.put(None))

    def _confirm(self, frame: Any) -> None:
        tag = frame.method.delivery_tag
        if frame.method.multiple:
            self._unconfirmed = {each for each in self._unconfirmed if each > tag}
        else:
            self._unconfirmed.discard(tag)
        if not self._unconfirmed:
            self._answers.put(None)

    def _close(self, error: object) -> None:
        self._connection.ioloop.stop()
        self._answers.put(error)

    def _wait(self) -> None:
        error = self._answers.get(timeout=60)
        if error is not None:
            raise ConnectionError(str(error))
