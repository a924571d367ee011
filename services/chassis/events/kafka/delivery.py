"""One producer of Kafka, and what has become of the messages that it was given."""

import logging
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from services.chassis.events.kafka.message import Outbound
from services.chassis.events.telling.sink import SinkAway

_REACH_SECONDS: Final = 10.0
_CONFIRM_SECONDS: Final = 30.0

# What ends a producer is raised in the midst of callbacks, which Python takes amiss.
_FINAL: Final = (KafkaException, SystemError)

# librdkafka would write to the standard error; what matters comes as an error as well.
_nowhere: Final = logging.getLogger("librdkafka")
_nowhere.disabled = True


class _Told:
    """What a producer has told: the first failure of a message, the last one of its own."""

    def __init__(self) -> None:
        self.failed = ""
        self.heard = ""

    def deliver(self, error: KafkaError | None, message: Message) -> None:
        if error is not None and not self.failed:
            self.failed = f"{error.str()}, for the topic {message.topic()}"

    def hear(self, error: KafkaError) -> None:
        self.heard = error.str()


class Delivery:
    """A producer with these settings; once something has failed, it is to be closed.

    Raises SinkAway where they make no sense.
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        # An object of its own: a producer that refers to what holds it would stay for a while.
        self._told = told = _Told()
        try:
            self._producer = Producer({**settings, "error_cb": told.hear, "logger": _nowhere})
        except KafkaException as error:
            raise SinkAway(_said(error)) from error

    def reach(self) -> None:
        """Wait until the cluster answers. Raises SinkAway."""
        try:
            self._producer.list_topics(timeout=_REACH_SECONDS)
        except KafkaException as error:
            why = self._why(error)
            raise SinkAway(self._told.heard or why) from error

    def begin(self, message: Outbound) -> None:
        """Let a message be on its way, after those before it. Raises SinkAway."""
        try:
            self._producer.produce(
                message.topic,
                message.value,
                message.key,
                headers=message.headers,
                timestamp=message.timestamp,
                on_delivery=self._told.deliver,
            )
        except (BufferError, KafkaException) as error:
            why = f"{self._why(error)}, for the topic {message.topic}"
            raise SinkAway(self._told.failed or why) from error

    def end(self) -> None:
        """Wait until all replicas have all messages. Raises SinkAway."""
        try:
            left = self._producer.flush(_CONFIRM_SECONDS)
        except _FINAL as error:
            raise SinkAway(self._told.failed or _said(error)) from error
        if self._told.failed:
            raise SinkAway(self._told.failed)
        if left:
            why = f" ({self._told.heard})" if self._told.heard else ""
            raise SinkAway(f"it confirms nothing within {_CONFIRM_SECONDS:g} seconds{why}")

    def close(self) -> None:
        """Forget what has not arrived. It ends a wait of another thread."""
        # The producer ends where nobody has it any more: another thread may be in it now.
        self._producer.purge()

    def _why(self, error: Exception) -> str:
        """Return what has ended the producer, where something has; else what the error says."""
        try:
            self._producer.poll(0)  # in which it tells
        except _FINAL as final:
            return _said(final)
        return _said(error)


def _said(error: BaseException) -> str:
    cause = error.__cause__ or error
    said = next(iter(cause.args), None)
    return said.str() if isinstance(said, KafkaError) else str(cause)
