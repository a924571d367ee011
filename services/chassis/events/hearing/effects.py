"""What the events of another service do here: read as this service knows them, and let act."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from injector import Injector
from sqlalchemy.event import listen, remove
from sqlalchemy.orm import Session

from registry import wire
from registry.record import Record
from services.chassis.correlation import Work, working
from services.chassis.errors import DatabaseAway, DatabaseGone, RegistryAway
from services.chassis.events.declaration import Hears
from services.chassis.events.hearing.source import Message
from services.chassis.schemas import Schemas
from services.chassis.wiring import filled

OUTAGES: Final = (DatabaseAway, DatabaseGone, RegistryAway)
"""Failures that no event is to blame for: it is tried again when they are over."""


class EffectCommits(Exception):
    """An effect wants to end the transaction that it is a part of."""

    def __init__(self) -> None:
        super().__init__("It commits: that is done for it, together with what remembers the event.")


@contextmanager
def undivided(session: Session) -> Iterator[None]:
    """Let no effect commit the transaction of the session, with half of what belongs together."""

    def refuse(session: Session) -> None:
        # The end of a savepoint is no commit.
        if not session.in_nested_transaction():
            raise EffectCommits

    listen(session, "before_commit", refuse)
    try:
        yield
    finally:
        remove(session, "before_commit", refuse)


class Effects:
    """The effects of one source. They take what they ask for from the injector."""

    def __init__(self, injector: Injector, subscriptions: Sequence[Hears[Any]]) -> None:
        self._schemas = injector.get(Schemas)
        self._records: dict[str, type[Record]] = {
            each.event.SUBJECT: each.event for each in subscriptions
        }
        self._effects = {
            each.event.SUBJECT: filled(each.effect, injector) for each in subscriptions
        }

    def hear(self, message: Message) -> bool:
        """Return whether an event of this type has an effect."""
        return message.type in self._records

    def decode(self, message: Message) -> Record:
        """Return the event that a message holds. Raises WireError, RegistryAway."""
        made, writer = self._records[message.type], message.dataschema or None
        return wire.decode(message.data, made, schemas=self._schemas, writer=writer)

    def run(self, message: Message, event: Record) -> None:
        """Let an event take effect, under its own id. Raises what the effect raises."""
        with working(Work(str(message.event_id))):
            self._effects[message.type](event)
