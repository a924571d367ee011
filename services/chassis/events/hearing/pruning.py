"""Forgets what the inbox need not remember: events so old that they do not come again."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

from injector import inject
from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.chassis.database import transact
from services.chassis.errors import DatabaseAway, DatabaseGone
from services.chassis.events.tables import InboxCursorRow, InboxRow
from services.chassis.settings import Settings
from services.chassis.stopping import Stopping

_log = logging.getLogger(__name__)

_CHUNK = 1000


class InboxPruning:
    """Removes rows older than twice the days for which events are kept, never past a cursor."""

    @inject
    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._open_session = partial(Session, engine)
        self._age = 2 * timedelta(days=settings.events.keep_days)

    def run(self, stopping: Stopping) -> int:
        """Remove them, some at a time so that nobody waits for long; return how many.

        It ends early when the service stops, or the database fails: then they go the next time.
        """
        before, removed = datetime.now(UTC) - self._age, 0
        try:
            while not stopping.is_set() and (ids := self._old(before)):
                transact(self._open_session, partial(_remove, ids))
                removed += len(ids)
        except (DatabaseAway, DatabaseGone, SQLAlchemyError) as error:
            _log.warning("The inbox could not be pruned: %s", str(error).splitlines()[0])
        return removed

    def _old(self, before: datetime) -> Sequence[UUID]:
        """Return some of those that go. All rows are looked at, so not where writers wait."""
        old = (
            select(InboxRow.event_id)
            .join(InboxCursorRow, InboxCursorRow.source == InboxRow.source)
            .where(InboxRow.received_at < before, InboxRow.position <= InboxCursorRow.position)
            .limit(_CHUNK)
        )
        with self._open_session() as session:
            return session.scalars(old).all()


def _remove(ids: Sequence[UUID], session: Session) -> None:
    session.execute(delete(InboxRow).where(InboxRow.event_id.in_(ids)))
