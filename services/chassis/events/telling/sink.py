"""Where a relay puts events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


class SinkAway(Exception):
    """The sink takes no events now; the message says why. What was put may have arrived or not."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A numbered event of the outbox, in single-object encoding."""

    feed: UUID
    position: int
    event_id: UUID
    type: str
    aggregate_id: str
    dataschema: str
    occurred_at: datetime
    data: bytes


class Sink(Protocol):
    """Takes the events of this service."""

    name: str
    """That of its cursor, such as `rabbitmq`."""

    where: str
    """Where it is, without a password."""

    @property
    def is_blocked(self) -> bool:
        """Whether it lets `flush` wait, as it is short of something."""

    def open(self) -> None:
        """Be ready to put, unless it is. Raises SinkAway."""

    def put(self, events: Sequence[Outgoing]) -> None:
        """Take events, after those before; they are on the way. Raises SinkAway."""

    def flush(self) -> None:
        """Return once all that was put is safe there, in its order. Raises SinkAway."""

    def close(self) -> None:
        """Leave the sink; `open` makes it ready again."""
