"""Remembers how far the readers of the feed are: nothing is forgotten before they had it."""

import logging
import time
from datetime import UTC, datetime
from functools import partial
from threading import Lock
from typing import Final

from injector import inject, singleton
from sqlalchemy import Engine, delete, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.chassis.database import exclusively, transact
from services.chassis.errors import DatabaseAway, DatabaseGone
from services.chassis.events.tables import SinkCursorRow

_log = logging.getLogger(__name__)

READER: Final = "feed/"
"""What the cursors of readers begin with; the rest is the subject of their tokens."""

_MOST = 100
_QUIET_SECONDS = 60.0
_NAME_LENGTH = 255


@singleton
class Readers:
    """Writes the cursor of a reader once a minute at most; those above the most have none."""

    @inject
    def __init__(self, engine: Engine) -> None:
        self._open_session = partial(Session, engine)
        self._lock = Lock()
        self._noted: dict[str, float] = {}

    def note(self, subject: str, position: int) -> None:
        """Remember that a reader has all events up to a position, wherever it was before."""
        sink = f"{READER}{subject}"[:_NAME_LENGTH]
        if not self._is_due(sink):
            return
        try:
            transact(self._open_session, lambda session: _store(session, sink, position))
        except (DatabaseAway, DatabaseGone, SQLAlchemyError) as error:
            # The reader gets its page all the same, and is noted with one of the next.
            _log.debug("The cursor of %s was not stored: %s.", sink, error)

    def _is_due(self, sink: str) -> bool:
        with self._lock:
            now = time.monotonic()
            fresh = {name: at for name, at in self._noted.items() if now - at < _QUIET_SECONDS}
            self._noted = fresh
            if sink in fresh or len(fresh) >= _MOST:
                return False
            fresh[sink] = now
            return True


def forget_before(session: Session, moment: datetime, *, keeping: str | None) -> None:
    """Forget the readers and sinks that were not seen since a moment, all but the sink to keep."""
    gone = delete(SinkCursorRow).where(SinkCursorRow.moved_at < moment)
    session.execute(gone.where(SinkCursorRow.sink != keeping) if keeping else gone)


def _store(session: Session, sink: str, position: int) -> None:
    exclusively(session.connection(), "noting readers")
    seen = {"position": position, "moved_at": datetime.now(UTC)}
    row = SinkCursorRow
    if session.scalar(select(row.sink).where(row.sink == sink)) is not None:
        session.execute(update(row).where(row.sink == sink).values(seen))
        return
    readers = select(func.count()).where(row.sink.startswith(READER))
    if session.scalars(readers).one() < _MOST:
        session.execute(insert(row).values(sink=sink, **seen))
