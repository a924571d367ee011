"""Kafka as the sink of a relay: an idempotent producer, and a key for each entity."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from registry import SchemaTree
from registry.errors import RegistryError
from services.chassis.events.kafka.connection import settings_of, shown
from services.chassis.events.kafka.delivery import Delivery
from services.chassis.events.kafka.message import message_of
from services.chassis.events.telling.sink import Outgoing, SinkAway


class KafkaSink:
    """Puts the events of `service` to the cluster at `url`, framed with the ids of `tree`.

    Of one entity they stay in order, as they have one key and so one partition. After a failure
    the producer is given up with all it holds: another one begins from the relay's cursor.
    """

    name = "kafka"

    def __init__(self, url: str, service: str, tree: SchemaTree) -> None:
        self.where = shown(url)
        self._settings = settings_of(url, f"{service} tells")
        self._service = service
        self._tree = tree
        self._delivery: Delivery | None = None

    @property
    def is_blocked(self) -> bool:
        """Never: a cluster that is short of something answers late, or with an error."""
        return False

    def open(self) -> None:
        """Reach the cluster, unless that is done. Raises SinkAway."""
        if self._delivery is None:
            with self._away():
                self._delivery = Delivery(self._settings)
                self._delivery.reach()

    def put(self, events: Sequence[Outgoing]) -> None:
        """Produce events, and wait for nothing. Raises SinkAway."""
        with self._away():
            delivery = self._opened()
            # All before the first: a batch that cannot be framed is not put in part, ever again.
            for each in [message_of(event, self._service, self._tree) for event in events]:
                delivery.begin(each)

    def flush(self) -> None:
        """Return once all replicas have all that was put. Raises SinkAway."""
        with self._away():
            self._opened().end()

    def close(self) -> None:
        """Give up the producer, with what has not arrived."""
        delivery, self._delivery = self._delivery, None
        if delivery is not None:
            delivery.close()

    def _opened(self) -> Delivery:
        if self._delivery is None:
            raise SinkAway("it is not open")
        return self._delivery

    @contextmanager
    def _away(self) -> Iterator[None]:
        """Give up the producer where something fails: what it still sends would leave gaps."""
        try:
            yield
        except SinkAway:
            self.close()
            raise
        except RegistryError as error:
            self.close()
            raise SinkAway(f"an event cannot be framed for it: {error}") from error
