"""Gives events their positions in the feed.

Transactions commit in another order than their rows were numbered, so a reader of "all after row
n" would skip those that commit late. Positions are given afterwards, by one at a time. An event of
an entity is stored after the one before it was committed, so the order of rows is that of versions.
"""

from collections.abc import Sequence
from functools import partial

from injector import inject
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from services.chassis.database import exclusively, transact
from services.chassis.events.tables import OutboxRow

_BATCH = 1000


class Sequencer:
    """Numbers committed events 1, 2, 3, ... without a gap."""

    @inject
    def __init__(self, engine: Engine) -> None:
        self._open_session = partial(Session, engine)

    def run(self) -> int:
        """Give positions to the events that have none, a batch at most; return how many."""
        with self._open_session() as session:
            if not _pending(session, limit=1):
                return 0
        return transact(self._open_session, _number)


def _number(session: Session) -> int:
    exclusively(session.connection(), "numbering")
    # Read again, as another sequencer may have been at work before the lock was ours.
    pending = _pending(session, limit=_BATCH)
    last = session.scalar(select(func.max(OutboxRow.position))) or 0
    numbered = [
        {"id": each, "position": position} for position, each in enumerate(pending, start=last + 1)
    ]
    if numbered:
        session.execute(update(OutboxRow), numbered)
    return len(pending)


def _pending(session: Session, *, limit: int) -> Sequence[int]:
    unnumbered = select(OutboxRow.id).where(OutboxRow.position.is_(None))
    return session.scalars(unnumbered.order_by(OutboxRow.id).limit(limit)).all()
