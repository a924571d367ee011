"""Where a follower reads the events of another service: its queue in RabbitMQ.

The queue gathers what is told while nobody reads. Where it was not there (this is the first start,
somebody has deleted it, the broker has lost its disk), events may have passed by: that is said
before it is made, so that it is not forgotten if this process dies between.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from pika import BasicProperties, BlockingConnection
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError, ChannelClosedByBroker
from pika.spec import Basic

from services.chassis.events.hearing.source import Batch, SourceAway
from services.chassis.events.rabbit.connection import parameters_of, reason_of, shown
from services.chassis.events.rabbit.message import message_of
from services.chassis.events.rabbit.tolerant import TolerantConnection
from services.chassis.events.rabbit.topology import dead_queue_of, declare_queue, exists
from services.chassis.stopping import Stopping

_BATCH: Final = 500
_MOST_BYTES: Final = 4 << 20
_LOOK_SECONDS: Final = 0.25
_OTHER_ARGUMENTS: Final = 406

_Delivered: TypeAlias = tuple[Basic.Deliver, BasicProperties, bytes]


@dataclass(slots=True)
class _Reading:
    """A consumer of one queue, on a channel of its own, with what it has been given."""

    channel: BlockingChannel
    given_up: bool
    waiting: deque[_Delivered] = field(default_factory=deque)

    def take(self) -> list[_Delivered]:
        """Return what is there, at most a batch."""
        taken: list[_Delivered] = []
        size = 0
        while self.waiting and len(taken) < _BATCH and size < _MOST_BYTES:
            taken.append(self.waiting.popleft())
            size += len(taken[-1][2])
        return taken


@dataclass(slots=True)
class _Unsettled:
    """A batch that was given and is to be given again until it is settled."""

    reading: _Reading
    last: int
    batch: Batch


class RabbitSource:
    """The queue `queue` for events of `types`, at the broker `url`.

    `missing` is called before a queue that was not there is made.
    """

    def __init__(
        self,
        url: str,
        queue: str,
        types: Sequence[str],
        missing: Callable[[], None],
        stopping: Stopping,
    ) -> None:
        self.name = f"the queue {queue} of {shown(url)}"
        self._url = url
        self._queue = queue
        self._types = types
        self._missing = missing
        self._stopping = stopping
        self._connection: BlockingConnection | None = None
        self._readings: list[_Reading] = []
        self._unsettled: _Unsettled | None = None
        self._cancelled = ""

    def open(self) -> None:
        """Be ready: what is told from now on is in the queue. Raises SourceAway."""
        with self._away():
            if self._connection is None:
                self._connection = BlockingConnection(
                    parameters_of(self._url, f"{self._queue}: reading"),
                    TolerantConnection,  # type: ignore[arg-type]  # it is to be a class
                )
                self._begin(self._connection)
            # Also answers heartbeats, where something else is read for a while.
            self._look(0)

    def read(self, after: int, wait: float) -> Batch:  # noqa: ARG002 a queue knows its place
        """Return what is in the queue; wait `wait` seconds at most for the first of it.

        What the broker has given up on comes alone. Raises SourceAway.
        """
        self.open()
        if self._unsettled is None:
            with self._away():
                self._gather(time.monotonic() + wait)
            self._unsettled = next(map(_unsettled, filter(_has_some, self._readings)), None)
        return Batch(()) if self._unsettled is None else self._unsettled.batch

    def settle(self, batch: Batch) -> None:
        """Let the broker forget a batch. Raises SourceAway."""
        unsettled = self._unsettled
        if unsettled is not None and unsettled.batch is batch:
            with self._away():
                unsettled.reading.channel.basic_ack(unsettled.last, multiple=True)
            self._unsettled = None

    def close(self) -> None:
        """Leave the broker, which keeps what was not settled."""
        connection, self._connection = self._connection, None
        self._readings, self._unsettled, self._cancelled = [], None, ""
        if connection is not None and connection.is_open:
            with suppress(AMQPError, OSError):
                connection.close()

    def _begin(self, connection: BlockingConnection) -> None:
        if not exists(connection, self._queue):
            self._missing()
        declare_queue(connection.channel(), self._queue, self._types)
        # What was given up comes first: there is little of it, and nobody waits for long.
        for queue, given_up in ((dead_queue_of(self._queue), True), (self._queue, False)):
            self._consume(_Reading(connection.channel(), given_up), queue)

    def _consume(self, reading: _Reading, queue: str) -> None:
        def deliver(
            _channel: BlockingChannel, way: Basic.Deliver, says: BasicProperties, body: bytes
        ) -> None:
            reading.waiting.append((way, says, body))

        def cancel(_frame: object) -> None:
            self._cancelled = f"the queue {queue} was deleted, or is not to be read now"

        reading.channel.add_on_cancel_callback(cancel)
        reading.channel.basic_qos(prefetch_count=2 * _BATCH)
        reading.channel.basic_consume(queue, deliver)
        self._readings.append(reading)

    def _gather(self, deadline: float) -> None:
        """Wait for the first message, then take in those that have come with it."""
        while not any(map(_has_some, self._readings)):
            left = deadline - time.monotonic()
            if left <= 0 or self._stopping.is_set():
                return
            self._look(min(left, _LOOK_SECONDS))
        self._look(0)

    def _look(self, seconds: float) -> None:
        if self._connection is not None:
            self._connection.process_data_events(seconds)
        if self._cancelled:
            raise SourceAway(self._cancelled)

    @contextmanager
    def _away(self) -> Iterator[None]:
        """Leave the broker where something fails, so that all begins anew."""
        try:
            yield
        except SourceAway:
            self.close()
            raise
        except ChannelClosedByBroker as error:
            self.close()
            if error.reply_code == _OTHER_ARGUMENTS:
                raise SourceAway(_other(self._queue, error)) from error
            raise SourceAway(reason_of(error)) from error
        except (AMQPError, OSError) as error:
            self.close()
            raise SourceAway(reason_of(error)) from error
        except BaseException:
            self.close()
            raise


def _unsettled(reading: _Reading) -> _Unsettled:
    taken = reading.take()
    messages = [message_of(says, body, way.routing_key or "") for way, says, body in taken]
    batch = Batch(messages, given_up=reading.given_up)
    return _Unsettled(reading, taken[-1][0].delivery_tag or 0, batch)


def _has_some(reading: _Reading) -> bool:
    return bool(reading.waiting)


def _other(queue: str, error: ChannelClosedByBroker) -> str:
    return (
        f"the queue {queue} or what it stands on is there with other arguments than it should have "
        f"({error.reply_text}): delete that, for example by `rabbitmqctl delete_queue {queue}`; "
        "nothing is lost, as what was told is read from the feed"
    )
