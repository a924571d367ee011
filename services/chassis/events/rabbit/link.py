"""One connection that publishes, in a thread of its own, from its opening to its end."""

from collections.abc import Callable, Sequence
from threading import Condition, Thread
from typing import Any, TypeAlias

from pika import BasicProperties
from pika.channel import Channel
from pika.connection import Parameters
from pika.frame import Method
from pika.spec import Basic

from services.chassis.events.rabbit.connection import reason_of
from services.chassis.events.rabbit.gathering import GatheringConnection
from services.chassis.events.rabbit.topology import EXCHANGE
from services.chassis.events.telling.sink import SinkAway

# An event's type, which is its routing key, its properties and its datum.
Publication: TypeAlias = tuple[str, BasicProperties, bytes]

_OPEN_SECONDS = 15.0
_CONFIRM_SECONDS = 30.0
_JOIN_SECONDS = 1.0


class Link:
    """Publishes in order, and knows what of it the broker has not confirmed.

    After anything went wrong that is not known any more: each call raises SinkAway then, and
    another link must begin with what was not confirmed. `unrouted` is called with the type of an
    event that no queue wants.
    """

    def __init__(self, parameters: Parameters, unrouted: Callable[[str], None]) -> None:
        self._unrouted = unrouted
        self._changed = Condition()
        self._wrong: str | None = None
        self._blocked = False
        self._channel: Channel | None = None
        self._sent = 0
        # The tags that are not confirmed, in order, as a dict keeps them.
        self._open: dict[int, None] = {}
        self._connection = GatheringConnection(
            parameters,
            on_open_callback=lambda connection: connection.channel(
                on_open_callback=self._on_channel
            ),
            on_open_error_callback=self._on_end,
            on_close_callback=self._on_end,
        )
        self._connection.add_on_connection_blocked_callback(lambda *_: self._block(blocked=True))
        self._connection.add_on_connection_unblocked_callback(lambda *_: self._block(blocked=False))
        self._thread = Thread(target=self._run, name="rabbitmq", daemon=True)
        self._thread.start()

    @property
    def is_blocked(self) -> bool:
        """Whether the broker takes nothing now, as it is short of memory or disk."""
        return self._blocked

    @property
    def is_open(self) -> bool:
        """Whether nothing has gone wrong so far."""
        return self._wrong is None

    def wait_until_open(self) -> None:
        """Return once events can be published. Raises SinkAway."""
        self._wait(lambda: self._channel is not None, _OPEN_SECONDS, "does not greet")

    def publish(self, publications: Sequence[Publication]) -> None:
        """Hand events to the connection's thread; what goes wrong is told when one waits."""
        with self._changed:
            self._open.update(
                dict.fromkeys(range(self._sent + 1, self._sent + 1 + len(publications)))
            )
            self._sent += len(publications)
        self._call(lambda: self._publish(publications))

    def wait_until_confirmed(self) -> None:
        """Return once the broker has confirmed all that was published. Raises SinkAway."""
        self._wait(lambda: not self._open, _CONFIRM_SECONDS, "confirms nothing")

    def close(self) -> None:
        """End the connection, whatever its state, and the wait of whoever waits for it."""
        self._fail("the connection was closed")
        self._call(self._close)
        self._thread.join(_JOIN_SECONDS)

    def _run(self) -> None:
        loop = self._connection.ioloop
        try:
            loop.start()
        except Exception as error:  # noqa: BLE001 whoever publishes is told
            self._fail(reason_of(error))
        finally:
            self._fail("the connection ended")
            loop.close()

    def _call(self, work: Callable[[], None]) -> None:
        """Let the connection's thread do it; a thread that has ended has said what is wrong."""
        try:
            self._connection.ioloop.add_callback_threadsafe(work)
        except (OSError, AttributeError, ValueError):
            self._fail("the connection ended")

    def _wait(self, is_done: Callable[[], bool], seconds: float, lacks: str) -> None:
        with self._changed:
            while self._wrong is None and not is_done():
                came = self._changed.wait_for(lambda: self._wrong or is_done(), seconds)
                # A broker that is short of memory or disk takes its time, and says so.
                if not came and not self._blocked:
                    self._wrong = f"it {lacks} within {seconds:g} seconds"
            if self._wrong is not None:
                raise SinkAway(self._wrong)

    def _fail(self, reason: str) -> None:
        with self._changed:
            self._wrong = self._wrong or reason
            self._changed.notify_all()

    def _on_end(self, _: object, error: BaseException) -> None:
        self._fail(reason_of(error))
        self._connection.ioloop.stop()

    def _on_channel(self, channel: Channel) -> None:
        channel.add_on_close_callback(self._on_channel_end)
        channel.add_on_return_callback(self._on_return)
        channel.confirm_delivery(self._on_answer)
        channel.exchange_declare(
            EXCHANGE, "topic", durable=True, callback=lambda _: self._on_ready(channel)
        )

    def _on_ready(self, channel: Channel) -> None:
        with self._changed:
            self._channel = channel
            self._changed.notify_all()

    def _on_channel_end(self, _: Channel, error: Exception) -> None:
        self._fail(reason_of(error))
        self._close()

    def _on_return(
        self, _channel: Channel, _method: Basic.Return, properties: BasicProperties, _body: bytes
    ) -> None:
        self._unrouted(properties.type or "")

    def _on_answer(self, answer: Method[Any]) -> None:
        method = answer.method
        if isinstance(method, Basic.Nack):
            self._fail("it refused an event (nack)")
            self._close()
            return
        with self._changed:
            if method.multiple:
                for tag in [each for each in self._open if each <= method.delivery_tag]:
                    del self._open[tag]
            else:
                self._open.pop(method.delivery_tag, None)
            if not self._open:
                self._changed.notify_all()

    def _block(self, *, blocked: bool) -> None:
        with self._changed:
            self._blocked = blocked
            self._changed.notify_all()

    def _publish(self, publications: Sequence[Publication]) -> None:
        if self._channel is None or not self.is_open:
            return
        try:
            with self._connection.gathering():
                for key, properties, body in publications:
                    self._channel.basic_publish(EXCHANGE, key, body, properties, mandatory=True)
        except Exception as error:  # noqa: BLE001 whoever publishes is told
            self._fail(reason_of(error))
            self._close()

    def _close(self) -> None:
        if self._connection.is_closed:
            self._connection.ioloop.stop()
        elif not self._connection.is_closing:
            self._connection.close()
