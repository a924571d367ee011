"""kombu, the messaging library under Celery: each publish waits for its confirm."""

from collections.abc import Sequence

from kombu import Connection

from services.chassis.events.rabbit.message import properties_of
from services.chassis.events.rabbit.topology import EXCHANGE
from services.chassis.events.telling.sink import Outgoing
from tests.benchmarks.events import raw


class KombuPublisher:
    """A producer of kombu with confirms, which it has off unless asked."""

    def __init__(self, url: str) -> None:
        self._connection = Connection(url, transport_options={"confirm_publish": True})
        self._producer = self._connection.Producer()

    def publish(self, events: Sequence[Outgoing]) -> None:
        """Return once the broker has confirmed all events."""
        for event in events:
            said = properties_of(event, raw.SERVICE)
            self._producer.publish(
                event.data,
                exchange=EXCHANGE,
                routing_key=event.type,
                mandatory=True,
                content_type=said.content_type,
                content_encoding="binary",
                delivery_mode=said.delivery_mode,
                message_id=said.message_id,
                type=said.type,
                app_id=said.app_id,
                timestamp=said.timestamp,
                headers=said.headers,
            )

    def close(self) -> None:
        """Leave the broker."""
        self._connection.release()
