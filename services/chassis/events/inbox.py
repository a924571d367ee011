"""Where events of another service take effect: each once, in one transaction with the cursor."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from injector import Injector
from sqlalchemy.orm import Session

from registry import wire
from registry.errors import WireError
from registry.records.events.page.v1 import Event, Page
from services.chassis.correlation import Work, working
from services.chassis.database import exclusively, transact
from services.chassis.errors import DatabaseAway, DatabaseGone
from services.chassis.events.declaration import Subscription
from services.chassis.events.tables import DeadLetterRow, InboxCursorRow, InboxRow
from services.chassis.schemas import tree
from services.chassis.wiring import filled, unit_of_work

_log = logging.getLogger(__name__)


class Inbox:
    """The inbox for one source. Effects take what they ask for from the injector."""

    def __init__(
        self, injector: Injector, source: str, subscriptions: Sequence[Subscription[Any]]
    ) -> None:
        self._injector = injector
        self._source = source
        self._heard = {each.event.SUBJECT: each.event for each in subscriptions}
        self._effects = {
            each.event.SUBJECT: filled(each.effect, injector) for each in subscriptions
        }

    def position(self) -> int:
        """Return the position of the last event that was received; 0 before the first."""
        with self._session() as session:
            return self._cursor(session)[1]

    def receive(self, page: Page, after: int) -> None:
        """Let the events of a page take effect, if the page follows what was received before.

        They are one transaction and one unit of work, whose session is that of all effects.
        An event that cannot be read, or whose effect fails, becomes a dead letter. Where the page
        is of another feed than those before, that one is read from its beginning.
        """
        transact(self._session, lambda session: self._receive(session, page, after))

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with unit_of_work(self._injector):
            yield self._injector.get(Session)

    def _receive(self, session: Session, page: Page, after: int) -> None:
        exclusively(session.connection(), f"following {self._source}")
        feed, position = self._cursor(session)
        if position != after:
            return
        if feed not in {None, page.feed}:
            _log.warning("%s has a new feed, which is read from its beginning.", self._source)
            page = Page(feed=page.feed, events=[], position=0)
        for event in page.events:
            with working(Work(str(event.id))):
                self._take(session, event)
        session.merge(InboxCursorRow(source=self._source, feed=page.feed, position=page.position))

    def _cursor(self, session: Session) -> tuple[UUID | None, int]:
        row = session.get(InboxCursorRow, self._source)
        return (None, 0) if row is None else (row.feed, row.position)

    def _take(self, session: Session, event: Event) -> None:
        record_type = self._heard.get(event.type)
        if record_type is None or session.get(InboxRow, event.id) is not None:
            return
        session.add(InboxRow(event_id=event.id, received_at=datetime.now(UTC)))
        try:
            heard = wire.decode(event.data, record_type, schemas=tree(), writer=event.dataschema)
            with session.begin_nested():
                self._effects[event.type](heard)
        except (DatabaseAway, DatabaseGone):
            raise  # Nothing is wrong with the event.
        except WireError as error:
            self._bury(session, event, error)
        except Exception as error:  # noqa: BLE001 it is kept, whole, for people to look at
            _log.exception("The effect of event %s failed.", event.id)
            self._bury(session, event, error)

    def _bury(self, session: Session, event: Event, error: Exception) -> None:
        reason = type(error).__name__
        _log.warning(
            "Event %d of %s became a dead letter: %s: %s",
            event.position,
            self._source,
            reason,
            error,
        )
        session.add(
            DeadLetterRow(
                source=self._source,
                position=event.position,
                event_id=event.id,
                type=event.type,
                dataschema=event.dataschema,
                reason=reason,
                detail=str(error),
                data=event.data,
                received_at=datetime.now(UTC),
            )
        )
