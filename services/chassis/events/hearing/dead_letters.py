"""Dead letters, for people who look at them: shown, tried again, dropped."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter

from injector import Injector, inject
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, defer

from services.chassis.database import exclusively, transact
from services.chassis.errors import NoSuchEntity
from services.chassis.events.declaration import Events
from services.chassis.events.hearing.effects import OUTAGES, Effects, undivided
from services.chassis.events.hearing.inbox import following
from services.chassis.events.hearing.letters import why
from services.chassis.events.hearing.source import Message
from services.chassis.events.tables import DeadLetterRow
from services.chassis.wiring import unit_of_work

_log = logging.getLogger(__name__)


class NotHeard(Exception):
    """A dead letter is of a type that this service does not hear any more."""


class DeadLetters:
    """The dead letters of a service, whether it runs or not.

    What is returned belongs to no session. All raise what the database raises.
    """

    @inject
    def __init__(self, injector: Injector, events: Events) -> None:
        by_source = attrgetter("source")
        self._injector = injector
        self._effects = {
            source: Effects(injector, list(heard))
            for source, heard in groupby(sorted(events.hears, key=by_source), by_source)
        }

    def list(
        self, *, source: str | None = None, reason: str | None = None, limit: int = 100
    ) -> Sequence[DeadLetterRow]:
        """Return the oldest dead letters, of one source or with one reason where that is said.

        Without their bytes, of which there may be many.
        """
        bare = select(DeadLetterRow).options(defer(DeadLetterRow.data))
        wanted = bare.order_by(DeadLetterRow.id).limit(limit)
        if source is not None:
            wanted = wanted.where(DeadLetterRow.source == source)
        if reason is not None:
            wanted = wanted.where(DeadLetterRow.reason == reason)
        with unit_of_work(self._injector):
            return self._injector.get(Session).scalars(wanted).all()

    def get(self, letter_id: int) -> DeadLetterRow:
        """Return one. Raises NoSuchEntity."""
        with unit_of_work(self._injector):
            return _found(self._injector.get(Session), letter_id)

    def replay(self, letter_id: int) -> DeadLetterRow | None:
        """Let the event take effect now, which ends the letter; return the letter if it fails.

        That one stays, with the reason of now. What was heard of the entity since has had its
        effect: what is older is for the effect to see. Raises NoSuchEntity.
        """
        try:
            transact(self._session, lambda session: self._replay(session, letter_id))
        except (*OUTAGES, NoSuchEntity):
            raise
        except Exception as error:  # noqa: BLE001 it is kept, for people to look at
            _log.exception("The effect of dead letter %d failed.", letter_id)
            failed = why(error)
            return transact(self._session, lambda session: _noted(session, letter_id, failed))
        return None

    def drop(self, letter_id: int) -> None:
        """Forget a dead letter: its event never takes effect. Raises NoSuchEntity."""
        transact(self._session, lambda session: _end(session, letter_id))

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with unit_of_work(self._injector):
            yield self._injector.get(Session)

    def _replay(self, session: Session, letter_id: int) -> None:
        letter = _found(session, letter_id)
        exclusively(session.connection(), following(letter.source))
        message, effects = message_of(letter), self._effects.get(letter.source)
        _end(session, letter_id)
        if effects is None or not effects.hear(message):
            raise NotHeard(f"This service does not hear {letter.type} of {letter.source}.")
        with undivided(session):
            effects.run(message, effects.decode(message))
            session.flush()


def message_of(letter: DeadLetterRow) -> Message:
    """Return the event of a dead letter as it came."""
    return Message(
        event_id=letter.event_id,
        type=letter.type,
        dataschema=letter.dataschema,
        aggregate_id=letter.aggregate_id,
        position=letter.position,
        feed=None,
        data=letter.data,
    )


def _found(session: Session, letter_id: int) -> DeadLetterRow:
    letter = session.get(DeadLetterRow, letter_id)
    if letter is None:
        raise NoSuchEntity("dead letter", letter_id)
    return letter


def _end(session: Session, letter_id: int) -> None:
    # Whoever ends it has ended it alone: a second one finds none.
    ended = session.execute(delete(DeadLetterRow).where(DeadLetterRow.id == letter_id))
    if not ended.rowcount:  # type: ignore[attr-defined]  # a DELETE has it
        raise NoSuchEntity("dead letter", letter_id)


def _noted(session: Session, letter_id: int, failed: dict[str, str]) -> DeadLetterRow:
    letter = _found(session, letter_id)
    letter.reason, letter.detail = failed["reason"], failed["detail"]
    return letter
