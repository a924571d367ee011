"""Forgets events of the outbox that are old, known to all who read it, and outdated.

The newest event of each entity stays, so that whoever reads the feed from its beginning knows each
entity's present state. Positions have holes then, but none is given twice.
"""

import logging
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from injector import inject
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, aliased

from services.chassis.database import transact
from services.chassis.errors import DatabaseAway, DatabaseGone
from services.chassis.events.tables import OutboxRow, SinkCursorRow
from services.chassis.events.telling.readers import forget_before
from services.chassis.settings import Settings
from services.chassis.stopping import Stopping

_log = logging.getLogger(__name__)

_CHUNK = 1000
_READER_AGE: Final = timedelta(days=30)

_known = select(func.min(SinkCursorRow.position))
_newer = aliased(OutboxRow)
_is_outdated = (
    select(_newer.id)
    .where(
        _newer.type == OutboxRow.type,
        _newer.aggregate_id == OutboxRow.aggregate_id,
        _newer.aggregate_version > OutboxRow.aggregate_version,
        # One without a position may not push out the last position that was given.
        _newer.position.is_not(None),
    )
    .exists()
)


class OutboxPruning:
    """Removes outdated events older than the days for which they are kept, never past a cursor.

    A cursor counts until 30 days after it was last seen, that of the sink in the settings for ever.
    """

    @inject
    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._open_session = partial(Session, engine)
        self._age = timedelta(days=settings.events.keep_days)
        self._sink = settings.events.broker

    def run(self, stopping: Stopping) -> int:
        """Remove them, some at a time so that nobody waits for long; return how many.

        It ends early when the service stops, or the database fails: then they go the next time.
        """
        removed, position = 0, 0
        try:
            transact(self._open_session, self._forget)
            while not stopping.is_set():
                ids, last = self._old(position)
                if ids:
                    transact(self._open_session, partial(_remove, ids))
                removed += len(ids)
                if last is None:
                    break
                position = last
        except (DatabaseAway, DatabaseGone, SQLAlchemyError) as error:
            _log.warning("The outbox could not be pruned: %s", str(error).splitlines()[0])
        return removed

    def _forget(self, session: Session) -> None:
        forget_before(session, datetime.now(UTC) - _READER_AGE, keeping=self._sink)

    def _old(self, after: int) -> tuple[list[int], int | None]:
        """Return what goes of the events that follow a position, and where to look on."""
        before = datetime.now(UTC) - self._age
        with self._open_session() as session:
            known = session.scalar(_known)
            following = (
                select(OutboxRow.id, OutboxRow.position, OutboxRow.occurred_at, _is_outdated)
                .where(OutboxRow.position > after)
                .order_by(OutboxRow.position)
                .limit(_CHUNK)
            )
            if known is not None:
                following = following.where(OutboxRow.position <= known)
            rows = session.execute(following).all()
        ids = [id_ for id_, _, occurred_at, outdated in rows if outdated and occurred_at < before]
        # Events are young from here on.
        is_last = len(rows) < _CHUNK or rows[-1][2] >= before
        return ids, None if is_last else rows[-1][1]


def _remove(ids: list[int], session: Session) -> None:
    session.execute(delete(OutboxRow).where(OutboxRow.id.in_(ids)))
