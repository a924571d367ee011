"""What a sink has not got yet: the events after its cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import accumulate
from typing import Any, Final

from sqlalchemy import Connection, Engine, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from services.chassis.database import exclusively, transact
from services.chassis.events.tables import FeedRow, OutboxRow, SinkCursorRow
from services.chassis.events.telling.sequencer import is_pending, number
from services.chassis.events.telling.sink import Outgoing

BATCH: Final = 500

# Beside the events of a batch, those of the one before it are in memory.
_BATCH_BYTES: Final = 4 << 20

_following = OutboxRow.position > bindparam("after")
_sizes = (
    select(func.length(OutboxRow.data))
    .where(_following)
    .order_by(OutboxRow.position)
    .limit(bindparam("most"))
)
_columns: Final[Sequence[Any]] = (
    OutboxRow.position,
    OutboxRow.event_id,
    OutboxRow.type,
    OutboxRow.aggregate_id,
    OutboxRow.dataschema,
    OutboxRow.occurred_at,
    OutboxRow.data,
)
_events = (
    select(*_columns).where(_following).order_by(OutboxRow.position).limit(bindparam("fitting"))
)


@dataclass(frozen=True, slots=True)
class Batch:
    """Events that follow each other, all there are after a position."""

    after: int
    events: Sequence[Outgoing]

    @property
    def end(self) -> int:
        """The position of the last event."""
        return self.events[-1].position if self.events else self.after


class Backlog:
    """Reads batches for the sink with a name, and keeps its cursor.

    Raises DatabaseAway, and what else the database raises.
    """

    def __init__(self, engine: Engine, sink: str) -> None:
        self._open_session = partial(Session, engine)
        self._sink = sink
        self._cursor = select(SinkCursorRow.position).where(SinkCursorRow.sink == sink)

    def next(self, sent: Batch | None = None, on_the_way: Batch | None = None) -> Batch:
        """Move the cursor past what was sent; return what follows that and what is on the way.

        A cursor that somebody else has moved stays where it is, and what follows it is returned.
        """
        if sent is None:
            with self._open_session() as session:
                connection = session.connection()
                position = connection.scalar(self._cursor)
                if position is not None and not is_pending(connection):
                    return _read(connection, position, on_the_way)
        return transact(
            self._open_session,
            lambda session: self._advance(session.connection(), sent, on_the_way),
        )

    def _advance(
        self, connection: Connection, sent: Batch | None, on_the_way: Batch | None
    ) -> Batch:
        exclusively(connection, "numbering")
        position = connection.scalar(self._cursor)
        if position is None:
            self._store(connection)
            position = 0
        if sent is not None and sent.after == position:
            position = sent.end
            self._move(connection, position)
        if is_pending(connection):
            number(connection)
        return _read(connection, position, on_the_way)

    def _store(self, connection: Connection) -> None:
        connection.execute(
            insert(SinkCursorRow).values(sink=self._sink, position=0, moved_at=datetime.now(UTC))
        )

    def _move(self, connection: Connection, position: int) -> None:
        connection.execute(
            update(SinkCursorRow)
            .where(SinkCursorRow.sink == self._sink)
            .values(position=position, moved_at=datetime.now(UTC))
        )


def _read(connection: Connection, position: int, on_the_way: Batch | None) -> Batch:
    if on_the_way is not None and on_the_way.after == position:
        position = on_the_way.end
    sizes = connection.scalars(_sizes, {"after": position, "most": BATCH}).all()
    # However large the events are; the first one goes in any case.
    before = accumulate(sizes[:-1], initial=0) if sizes else ()
    fitting = sum(1 for size in before if size < _BATCH_BYTES)
    if not fitting:
        return Batch(position, ())
    feed = connection.execute(select(FeedRow.id)).scalar_one()
    rows = connection.execute(_events, {"after": position, "fitting": fitting})
    return Batch(position, [Outgoing(feed, *row) for row in rows])
