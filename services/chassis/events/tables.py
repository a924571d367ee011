"""The tables of events: the outbox of what a service tells, the inbox of what it hears."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.chassis.entities.columns import Instant

# SQLite counts up by itself only what is called INTEGER.
_Counter = BigInteger().with_variant(Integer, "sqlite")


class EventsBase(DeclarativeBase):
    """Collects the tables of events, which every service has."""


class FeedRow(EventsBase):
    """The one row that says which feed this is: a database that is made anew has another."""

    __tablename__ = "feed"

    id: Mapped[UUID] = mapped_column(primary_key=True)


class OutboxRow(EventsBase):
    """An event to tell. `position` is its place in the feed; None until the sequencer saw it."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(_Counter, primary_key=True)
    position: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    type: Mapped[str] = mapped_column(String(255))
    aggregate_id: Mapped[str] = mapped_column(String(255))
    aggregate_version: Mapped[int] = mapped_column(BigInteger)
    dataschema: Mapped[str] = mapped_column(String(255))
    occurred_at: Mapped[datetime] = mapped_column(Instant)
    data: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        UniqueConstraint("type", "aggregate_id", "aggregate_version"),
        Index(
            "outbox_pending",
            "id",
            sqlite_where=position.is_(None),
            postgresql_where=position.is_(None),
        ),
        {"sqlite_autoincrement": True},
    )


class SinkCursorRow(EventsBase):
    """How far the outbox was read: all events up to `position` are where `sink` puts them.

    A sink is a relay's, such as `rabbitmq`, or a service that reads the feed, such as `feed/items`.
    """

    __tablename__ = "sink_cursor"

    sink: Mapped[str] = mapped_column(String(255), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    moved_at: Mapped[datetime] = mapped_column(Instant)


class InboxRow(EventsBase):
    """An event that has taken effect, or has become a dead letter.

    `position` is its place in the source's feed, 0 where it did not say.
    """

    __tablename__ = "inbox"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(255))
    position: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (Index("inbox_source", "source", "position"),)


class InboxCursorRow(EventsBase):
    """How far a source has been heard: all events of `feed` up to `position`.

    `behind` says that what comes after is to be read from the feed first, whatever the source is.
    Events are counted by what became of them; `lag_milliseconds` is how old the last one was when
    it took effect.
    """

    __tablename__ = "inbox_cursor"

    source: Mapped[str] = mapped_column(String(255), primary_key=True)
    feed: Mapped[UUID]
    position: Mapped[int] = mapped_column(BigInteger)
    behind: Mapped[bool]
    applied: Mapped[int] = mapped_column(BigInteger, default=0)
    duplicate: Mapped[int] = mapped_column(BigInteger, default=0)
    dead: Mapped[int] = mapped_column(BigInteger, default=0)
    lag_milliseconds: Mapped[int] = mapped_column(BigInteger, default=0)


class DeadLetterRow(EventsBase):
    """An event that could not take effect, whole, with the reason."""

    __tablename__ = "dead_letter"

    id: Mapped[int] = mapped_column(_Counter, primary_key=True)
    source: Mapped[str] = mapped_column(String(255))
    position: Mapped[int] = mapped_column(BigInteger)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    type: Mapped[str] = mapped_column(String(255))
    aggregate_id: Mapped[str] = mapped_column(String(255))
    dataschema: Mapped[str] = mapped_column(String(255))
    reason: Mapped[str] = mapped_column(String(255))
    detail: Mapped[str] = mapped_column(String)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(Instant)
