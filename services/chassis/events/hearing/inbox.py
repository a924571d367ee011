"""Where events of another service take effect: each once, in one transaction with the cursor."""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from injector import Injector
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.record import Record
from services.chassis.database import exclusively, is_exclusive, transact
from services.chassis.events.declaration import Hears
from services.chassis.events.hearing.cursor import Cursor, Tally, cursor_of, store
from services.chassis.events.hearing.effects import OUTAGES, Effects, undivided
from services.chassis.events.hearing.letters import DeliveryLimit, letter_of, why
from services.chassis.events.hearing.source import Batch, Message
from services.chassis.events.tables import DeadLetterRow, InboxCursorRow, InboxRow
from services.chassis.wiring import unit_of_work

_log = logging.getLogger(__name__)

_UUID_VERSION = 7
_MILLISECONDS_SHIFT = 80


class _EffectFailed(Exception):
    """One of the effects of a batch has failed."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


@dataclass(frozen=True, slots=True)
class _Entry:
    """A message, and the event it holds or why that takes no effect."""

    message: Message
    event: Record | None
    error: Exception | None = None


class Inbox:
    """The inbox for one source. Effects take what they ask for from the injector."""

    def __init__(
        self, injector: Injector, source: str, subscriptions: Sequence[Hears[Any]]
    ) -> None:
        self.types = [each.event.SUBJECT for each in subscriptions]
        self._injector = injector
        self._source = source
        self._effects = Effects(injector, subscriptions)

    def cursor(self) -> Cursor:
        """Return how far the source was heard."""
        with self._session() as session:
            return cursor_of(session, self._source)

    def fall_behind(self) -> None:
        """Take note that events may have passed by: the feed is to be read before all else."""
        transact(self._session, self._fall_behind)

    def receive(self, batch: Batch) -> bool:
        """Let the events of a batch take effect, if it is what comes next; return whether it was.

        They are one transaction and one unit of work, whose session is that of all effects. An
        event that cannot be read, or whose effect fails, becomes a dead letter: where an effect
        fails, all is undone and the batch taken in halves, down to that event. Where a page is of
        another feed than those before, that one is read from its beginning. Raises what an outage
        raises, which no event is to blame for.
        """
        heard = [self._entry(each, batch) for each in batch.messages if self._effects.hear(each)]
        try:
            return self._take(batch, heard)
        except (_EffectFailed, IntegrityError) as failed:
            if len(batch.messages) > 1:
                return all(self.receive(half) for half in _halves(batch))
            if not heard:
                raise
            error = failed.cause if isinstance(failed, _EffectFailed) else failed
        _log.error("The effect of event %s failed.", heard[0].message.event_id, exc_info=error)
        return self._take(batch, [replace(heard[0], error=error)])

    def _fall_behind(self, session: Session) -> None:
        # What another follower is about to store would overwrite it.
        exclusively(session.connection(), following(self._source))
        row = InboxCursorRow
        session.execute(update(row).where(row.source == self._source).values(behind=True))

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with unit_of_work(self._injector):
            yield self._injector.get(Session)

    def _entry(self, message: Message, batch: Batch) -> _Entry:
        if batch.given_up:
            return _Entry(message, None, DeliveryLimit())
        try:
            return _Entry(message, self._effects.decode(message))
        except OUTAGES:
            raise
        except Exception as error:  # noqa: BLE001 it is kept, whole, for people to look at
            return _Entry(message, None, error)

    def _take(self, batch: Batch, heard: Sequence[_Entry]) -> bool:
        letters = transact(self._session, lambda session: self._taken(session, batch, heard))
        for each in letters or ():
            said = why(each.error)
            _log.warning(
                "Event %d of %s became a dead letter: %s: %s",
                each.message.position,
                self._source,
                said["reason"],
                said["detail"],
            )
        return letters is not None

    def _taken(
        self, session: Session, batch: Batch, heard: Sequence[_Entry]
    ) -> Sequence[_Entry] | None:
        """Return what became a dead letter; None if the batch is not what comes next."""
        # Another follower that is at it may take its time: this one need not wait.
        if not is_exclusive(session.connection(), following(self._source)):
            return None
        cursor = cursor_of(session, self._source)
        if not cursor.is_followed_by(batch):
            return None
        if cursor.is_of_another_feed(batch):
            _log.warning("%s has a new feed, which is read from its beginning.", self._source)
            store(session, self._source, Cursor(batch.feed), Tally())
            return ()
        news = self._news(session, heard)
        letters = [each for each in news if each.error is not None]
        self._bury(session, letters)
        moved, duplicate = _moved(cursor, batch, heard), len(heard) - len(news)
        try:
            tally = replace(self._run(session, news), duplicate=duplicate, dead=len(letters))
            # After the effects: it fails where one has lost the transaction and does not say so.
            store(session, self._source, moved, tally)
        except OUTAGES:
            raise
        except Exception as error:
            if len(letters) == len(news):
                raise  # No effect was run.
            raise _EffectFailed(error) from error
        return letters

    def _news(self, session: Session, heard: Sequence[_Entry]) -> Sequence[_Entry]:
        """Return what has not come before, each once, and take note of it."""
        ids = [each.message.event_id for each in heard]
        known = select(InboxRow.event_id).where(InboxRow.event_id.in_(ids))
        seen: set[UUID] = set(session.scalars(known)) if ids else set()
        news: dict[UUID, _Entry] = {}
        for each in heard:
            if each.message.event_id not in seen:
                news.setdefault(each.message.event_id, each)
        now = datetime.now(UTC)
        rows = [
            {
                "event_id": event_id,
                "source": self._source,
                "position": each.message.position,
                "received_at": now,
            }
            for event_id, each in news.items()
        ]
        if rows:
            session.connection().execute(insert(InboxRow), rows)
        return list(news.values())

    def _bury(self, session: Session, letters: Sequence[_Entry]) -> None:
        for each in letters:
            # One that came before may be there longer than the inbox remembers.
            event_id = each.message.event_id
            session.execute(delete(DeadLetterRow).where(DeadLetterRow.event_id == event_id))
            letter = letter_of(self._source, each.message, each.error)
            session.connection().execute(insert(DeadLetterRow), letter)

    def _run(self, session: Session, news: Sequence[_Entry]) -> Tally:
        tally = Tally()
        with undivided(session):
            for each in news:
                if each.event is not None and each.error is None:
                    self._effects.run(each.message, each.event)
                    tally = Tally(tally.applied + 1, lag_milliseconds=_age(each.message.event_id))
            session.flush()
        return tally


def following(source: str) -> str:
    """Return the name of the lock under which what is known of a source changes."""
    return f"following {source}"


def _moved(cursor: Cursor, batch: Batch, heard: Sequence[_Entry]) -> Cursor:
    if batch.after is not None:
        return cursor.after_page(batch)
    for each in heard:
        # What cannot be read may say any position.
        if each.event is not None:
            cursor = cursor.after_message(each.message)
    return cursor


def _halves(batch: Batch) -> tuple[Batch, Batch]:
    middle = len(batch.messages) // 2
    first, second = batch.messages[:middle], batch.messages[middle:]
    if batch.after is None:
        return replace(batch, messages=first), replace(batch, messages=second)
    between = first[-1].position
    return (
        replace(batch, messages=first, position=between),
        replace(batch, messages=second, after=between),
    )


def _age(event_id: UUID) -> int | None:
    """Return how long ago an event was told, in milliseconds; None where its id does not say."""
    if event_id.version != _UUID_VERSION:
        return None
    told = event_id.int >> _MILLISECONDS_SHIFT
    return max(0, time.time_ns() // 1_000_000 - told)
