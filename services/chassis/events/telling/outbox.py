"""Where a service puts what it tells, in the transaction of the change itself."""

from datetime import UTC, datetime
from typing import Any

from injector import inject
from sqlalchemy import insert
from sqlalchemy.event import listen
from sqlalchemy.orm import Session

from registry import wire
from registry.record import Record
from services.chassis.correlation import tell
from services.chassis.entities.changes import Change
from services.chassis.entities.uuid7 import uuid7
from services.chassis.events.declaration import Events
from services.chassis.events.tables import OutboxRow
from services.chassis.events.telling.waiting import Waiting

# Of the table, as the unit of work of the ORM costs more than the row.
_INSERT = insert(OutboxRow.metadata.tables[OutboxRow.__tablename__])


class Outbox:
    """Keeps events until they are told."""

    @inject
    def __init__(self, events: Events, waiting: Waiting) -> None:
        self._tells = {each.entity: each.make for each in events.tells}
        self._waiting = waiting

    def changed(self, session: Session, record: Any, version: int, change: Change) -> None:
        """Add the event that the service declares for changes of such a record, if it does."""
        make = self._tells.get(type(record))
        if make is not None:
            self.append(session, make(record, version, change), record.id, version)

    def append(
        self, session: Session, event: Record, aggregate_id: object, aggregate_version: int
    ) -> None:
        """Add an event to the session's transaction.

        `aggregate_id` names the entity that the event is about, `aggregate_version` counts that
        entity's events from 1: its events keep this order.
        """
        event_id = uuid7()
        tell(event_id)
        session.execute(
            _INSERT,
            {
                "event_id": event_id,
                "type": event.SUBJECT,
                "aggregate_id": str(aggregate_id),
                "aggregate_version": aggregate_version,
                "dataschema": f"{event.SUBJECT}/{event.VERSION}",
                "occurred_at": datetime.now(UTC),
                "data": wire.encode(event),
            },
        )
        listen(session, "after_commit", self._committed)

    def _committed(self, session: Session) -> None:
        # The end of a savepoint is called a commit, too.
        if not session.in_nested_transaction():
            self._waiting.tell()
