"""Gives events their positions in the feed.

Transactions commit in another order than their rows were numbered, so a reader of "all after row
n" would skip those that commit late. Positions are given afterwards, by one at a time. An event of
an entity is stored after the one before it was committed, so the order of rows is that of versions.
"""

from functools import partial
from typing import Final

from injector import inject
from sqlalchemy import Connection, Engine, func, select, update
from sqlalchemy.orm import Session, aliased

from services.chassis.database import exclusively, transact
from services.chassis.events.tables import OutboxRow

_BATCH = 1000

_some_pending: Final = select(select(OutboxRow.id).where(OutboxRow.position.is_(None)).exists())
_row = aliased(OutboxRow)
_pending = (
    select(_row.id, func.row_number().over(order_by=_row.id).label("place"))
    .where(_row.position.is_(None))
    .order_by(_row.id)
    .limit(_BATCH)
    .subquery()
)
_numbered = aliased(OutboxRow)
_last = select(func.coalesce(func.max(_numbered.position), 0)).scalar_subquery()
_give_positions: Final = (
    update(OutboxRow)
    .where(OutboxRow.id == _pending.c.id)
    .values(position=_last + _pending.c.place)
    .execution_options(synchronize_session=False)
)


class Sequencer:
    """Numbers committed events 1, 2, 3, ... without a gap."""

    @inject
    def __init__(self, engine: Engine) -> None:
        self._open_session = partial(Session, engine)

    def run(self) -> int:
        """Give positions to the events that have none, a batch at most; return how many."""
        with self._open_session() as session:
            if not is_pending(session.connection()):
                return 0
        return transact(self._open_session, lambda session: number(session.connection()))


def is_pending(connection: Connection) -> bool:
    """Return whether there are events without a position."""
    return bool(connection.scalar(_some_pending))


def number(connection: Connection) -> int:
    """Do what `Sequencer.run` does in a transaction that writes."""
    # One statement after the wait, as what another sequencer has done before must be seen.
    exclusively(connection, "numbering")
    return connection.execute(_give_positions).rowcount
