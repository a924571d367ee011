"""Where a service puts what it tells, in the transaction of the change itself."""

from datetime import UTC, datetime

from injector import inject
from sqlalchemy.event import listen
from sqlalchemy.orm import Session

from registry import wire
from registry.record import Record
from services.chassis.correlation import tell
from services.chassis.entities.uuid7 import uuid7
from services.chassis.events.tables import OutboxRow
from services.chassis.events.waiting import Waiting


class Outbox:
    """Keeps events until they are told."""

    @inject
    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting

    def append(
        self, session: Session, event: Record, aggregate_id: object, aggregate_version: int
    ) -> None:
        """Add an event to the session's transaction.

        `aggregate_id` names the entity that the event is about, `aggregate_version` counts that
        entity's events from 1: its events keep this order.
        """
        event_id = uuid7()
        tell(event_id)
        session.add(
            OutboxRow(
                event_id=event_id,
                type=event.SUBJECT,
                aggregate_id=str(aggregate_id),
                aggregate_version=aggregate_version,
                dataschema=f"{event.SUBJECT}/{event.VERSION}",
                occurred_at=datetime.now(UTC),
                data=wire.encode(event),
            )
        )
        listen(session, "after_commit", lambda _: self._waiting.tell(), once=True)
