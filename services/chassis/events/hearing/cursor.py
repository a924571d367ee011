"""How far a service has heard another."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from services.chassis.events.hearing.source import Batch, Message
from services.chassis.events.tables import InboxCursorRow


@dataclass(frozen=True, slots=True)
class Cursor:
    """All events of `feed` up to `position` are known; where `behind`, the feed is read next.

    Before a service has heard anything it is behind from the beginning.
    """

    feed: UUID | None = None
    position: int = 0
    behind: bool = True

    def is_followed_by(self, batch: Batch) -> bool:
        """Return whether a batch is what comes next.

        A page is not, after which another follower was faster. What a broker has is not, while
        there is something to be read from the feed before it.
        """
        return not self.behind if batch.after is None else batch.after == self.position

    def is_of_another_feed(self, batch: Batch) -> bool:
        """Return whether a batch is a page of a feed that has begun since."""
        return batch.after is not None and self.feed not in {None, batch.feed}

    def after_page(self, batch: Batch) -> "Cursor":
        """Return the cursor after a page of its feed; an empty one is the feed's end."""
        position = self.position if batch.position is None else batch.position
        return Cursor(batch.feed, position, behind=self.behind and bool(batch.messages))

    def after_message(self, message: Message) -> "Cursor":
        """Return the cursor after a message of a broker, which may come late or again."""
        if message.feed is None or message.position == 0:
            return self
        if message.feed != self.feed:
            return replace(self, feed=message.feed, position=message.position)
        return replace(self, position=max(self.position, message.position))


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of events. `lag_milliseconds` is how old the last was that took effect."""

    applied: int = 0
    duplicate: int = 0
    dead: int = 0
    lag_milliseconds: int | None = None


def cursor_of(session: Session, source: str) -> Cursor:
    """Return how far a source was heard."""
    columns = (InboxCursorRow.feed, InboxCursorRow.position, InboxCursorRow.behind)
    row = session.execute(select(*columns).where(InboxCursorRow.source == source)).one_or_none()
    return Cursor() if row is None else Cursor(*row)


def store(session: Session, source: str, cursor: Cursor, tally: Tally) -> None:
    """Keep how far a source was heard, and count what became of its events."""
    row = InboxCursorRow
    moved = {"feed": cursor.feed, "position": cursor.position, "behind": cursor.behind}
    counted = {name: getattr(tally, name) for name in ("applied", "duplicate", "dead")}
    added = {name: getattr(row, name) + count for name, count in counted.items() if count}
    lag = tally.lag_milliseconds
    shown = {} if lag is None else {"lag_milliseconds": lag}
    found = session.execute(
        update(row).where(row.source == source).values(moved | added | shown),
        execution_options={"synchronize_session": False},
    )
    if not found.rowcount:  # type: ignore[attr-defined]  # an UPDATE has it
        session.execute(insert(row).values({"source": source} | moved | counted | shown))
