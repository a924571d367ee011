"""Hears a source once more from a position, so that a projection is made anew."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from injector import Injector
from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from services.chassis.database import exclusively, transact
from services.chassis.database.postgresql import take_time
from services.chassis.errors import ServiceError
from services.chassis.events.declaration import Events
from services.chassis.events.hearing.cursor import cursor_of
from services.chassis.events.hearing.inbox import following
from services.chassis.events.projection import ProjectionRow
from services.chassis.events.tables import DeadLetterRow, InboxCursorRow, InboxRow
from services.chassis.wiring import unit_of_work


class NoReplay(ServiceError):
    """What was asked for cannot be heard again."""


def replay(injector: Injector, source: str, from_position: int) -> int:
    """Let a service hear `source` again from a position on; return how far it had heard it.

    What follows that position in the inbox and among the dead letters is forgotten. The projections
    that the service declares are emptied if it is 1; if it is a later one, their rows take any
    version. The service goes on by the feed of the source, within seconds if it runs. Raises
    NoReplay where it does not hear the source, or not as far.
    """
    events = injector.get(Events)
    sources = sorted({each.source for each in events.hears})
    if source not in sources:
        raise NoReplay(f"It does not hear {source}: it hears {', '.join(sources) or 'nobody'}.")
    projections = events.projections.get(source, ())

    @contextmanager
    def open_session() -> Iterator[Session]:
        with unit_of_work(injector):
            yield injector.get(Session)

    return transact(
        open_session, lambda session: _set_back(session, source, from_position, projections)
    )


def _set_back(
    session: Session, source: str, first: int, projections: Sequence[type[ProjectionRow]]
) -> int:
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        take_time(connection, lock_timeout="30s")  # as long as the batch of now may take
    exclusively(connection, following(source))
    heard = cursor_of(session, source).position
    if not 1 <= first <= heard + 1:
        raise NoReplay(f"It has heard the events 1 to {heard} of {source}, so not from {first}.")
    row = InboxCursorRow
    session.execute(update(row).where(row.source == source).values(position=first - 1, behind=True))
    # What an older release has received may be of any source, and anywhere.
    after = or_(InboxRow.position >= first, InboxRow.position == 0)
    session.execute(delete(InboxRow).where(InboxRow.source.in_([source, ""]), after))
    letters = DeadLetterRow
    session.execute(delete(letters).where(letters.source == source, letters.position >= first))
    for each in projections:
        session.execute(delete(each) if first == 1 else update(each).values(version=0))
    return heard
