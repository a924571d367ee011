"""RabbitMQ as the sink of a relay: confirmed, in order, and mandatory."""

import logging
from collections.abc import Callable, Sequence

from services.chassis.events.rabbit.connection import parameters_of, shown
from services.chassis.events.rabbit.link import Link
from services.chassis.events.rabbit.message import properties_of
from services.chassis.events.telling.sink import Outgoing, SinkAway

_log = logging.getLogger(__name__)


class RabbitSink:
    """Puts the events of `service` to the exchange of events of the broker at `url`.

    What no queue wants is lost there, and that is no error: a service that hears it later begins
    with the feed. `unrouted` is called with the type of each such event.
    """

    name = "rabbitmq"

    def __init__(
        self, url: str, service: str, unrouted: Callable[[str], None] = lambda _: None
    ) -> None:
        self.where = shown(url)
        self._parameters = parameters_of(url, f"{service} tells")
        self._service = service
        self._link: Link | None = None
        self._unrouted = unrouted
        self._told: set[str] = set()

    @property
    def is_blocked(self) -> bool:
        """Whether the broker takes nothing now, as it is short of memory or disk."""
        return self._link is not None and self._link.is_blocked

    def open(self) -> None:
        """Connect, unless the connection is there. Raises SinkAway."""
        if self._link is not None and self._link.is_open:
            return
        self.close()
        self._link = Link(self._parameters, self._tell_unrouted)
        self._link.wait_until_open()

    def put(self, events: Sequence[Outgoing]) -> None:
        """Publish events, and wait for nothing. Raises SinkAway."""
        self._opened().publish(
            [(each.type, properties_of(each, self._service), each.data) for each in events]
        )

    def flush(self) -> None:
        """Return once the broker has confirmed all that was put. Raises SinkAway."""
        self._opened().wait_until_confirmed()

    def close(self) -> None:
        """End the connection."""
        if self._link is not None:
            self._link.close()
            self._link = None

    def _opened(self) -> Link:
        if self._link is None:
            raise SinkAway("it is not open")
        return self._link

    def _tell_unrouted(self, event_type: str) -> None:
        self._unrouted(event_type)
        if event_type not in self._told:
            self._told.add(event_type)
            _log.info("Nobody hears %s: no queue of RabbitMQ is bound to it.", event_type)
