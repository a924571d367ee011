"""How far the events of one service have come, as its database says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from injector import Injector
from sqlalchemy import Engine, func, or_, select
from sqlalchemy.orm import Session

from services.chassis.events.declaration import Events
from services.chassis.events.tables import (
    DeadLetterRow,
    FeedRow,
    InboxCursorRow,
    OutboxRow,
    SinkCursorRow,
)


@dataclass(frozen=True, slots=True)
class Reader:
    """How far a sink or a reader of the feed was at a moment, `seen`.

    `oldest` is the time of what it lacks first.
    """

    name: str
    position: int
    seen: datetime
    lag: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Heard:
    """How far a source was heard; `feed` is None before the first event."""

    source: str
    feed: UUID | None
    position: int
    behind: bool
    dead_letters: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What a service has told, up to `position`, and heard. `pending` have no position yet."""

    feed: UUID
    position: int
    pending: int
    readers: tuple[Reader, ...]
    heard: tuple[Heard, ...]


def figures_of(injector: Injector) -> Figures:
    """Return the figures of now. Raises what the database raises."""
    declared = {each.source for each in injector.get(Events).hears}
    unnumbered = OutboxRow.position.is_(None)
    with Session(injector.get(Engine)) as session:
        return Figures(
            feed=session.scalars(select(FeedRow.id)).one(),
            position=session.scalar(select(func.max(OutboxRow.position))) or 0,
            pending=session.scalars(select(func.count()).where(unnumbered)).one(),
            readers=tuple(_readers(session)),
            heard=tuple(_heard(session, declared)),
        )


def _readers(session: Session) -> Iterator[Reader]:
    for row in session.scalars(select(SinkCursorRow).order_by(SinkCursorRow.sink)):
        after = or_(OutboxRow.position > row.position, OutboxRow.position.is_(None))
        waiting = select(func.count(), func.min(OutboxRow.occurred_at)).where(after)
        yield Reader(row.sink, row.position, row.moved_at, *session.execute(waiting).one())


def _heard(session: Session, declared: set[str]) -> Iterator[Heard]:
    cursors = {row.source: row for row in session.scalars(select(InboxCursorRow))}
    by_source = select(DeadLetterRow.source, func.count()).group_by(DeadLetterRow.source)
    dead = dict(iter(session.execute(by_source)))
    for source in sorted(declared | cursors.keys() | dead.keys()):
        row, letters = cursors.get(source), dead.get(source, 0)
        if row is None:
            yield Heard(source, None, 0, behind=True, dead_letters=letters)
        else:
            yield Heard(source, row.feed, row.position, behind=row.behind, dead_letters=letters)
