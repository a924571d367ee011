"""Where events of another service come from, whichever way they travel."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class SourceAway(Exception):
    """The source gives no events now; the message says why."""


@dataclass(frozen=True, slots=True)
class Message:
    """An event as it came, which may be anything; what a sender left out is 0 or empty.

    `data` is to be a datum in single-object encoding, `dataschema` its version, such as
    `shop.OrderChanged/1`. `position` is its place in the feed.
    """

    event_id: UUID
    type: str
    dataschema: str
    aggregate_id: str
    position: int
    feed: UUID | None
    data: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages in the order of their source.

    Where they are a page of a feed, `after` is what was asked for, and all events of `feed` up to
    `position` are known then. Of a broker all three are None. `given_up` says that the broker has
    given up on them, so that they are to take no effect.
    """

    messages: Sequence[Message]
    feed: UUID | None = None
    after: int | None = None
    position: int | None = None
    given_up: bool = False


class Source(Protocol):
    """Gives the events of one other service, in order, again and again until they are settled."""

    name: str
    """What to call it in a log line: where it is, without a password."""

    def open(self) -> None:
        """Be ready: what is told from now on will come. Raises SourceAway."""

    def read(self, after: int, wait: float) -> Batch:
        """Return the next events, after a position where the source is a feed.

        Waits `wait` seconds at most for the first; an empty batch may come before. Raises
        SourceAway.
        """

    def settle(self, batch: Batch) -> None:
        """Let the source forget a batch, whose events have taken effect. Raises SourceAway."""

    def close(self) -> None:
        """Leave the source; `open` and `read` begin anew."""
