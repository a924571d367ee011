"""Where rooms are kept."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from injector import inject
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from registry.records.rooms.room.v2 import Room
from services.chassis.bodies import record_of
from services.chassis.columns import AvroRecord
from services.chassis.database import writing
from services.chassis.errors import AlreadyExists, NoSuchEntity
from services.chassis.events.outbox import Outbox
from services.chassis.pages import Page, page
from services.chassis.uuid7 import uuid7
from services.rooms.events import room_created


class Base(DeclarativeBase):
    """Collects the tables of this service."""


class RoomRow(Base):
    """A room: the record itself, and beside it what is searched or unique."""

    __tablename__ = "rooms"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    url: Mapped[str] = mapped_column(unique=True)
    record: Mapped[Room] = mapped_column(AvroRecord(Room))


class RoomsProvider:
    """Reads and writes rooms."""

    @inject
    def __init__(self, session: Session, outbox: Outbox) -> None:
        self._session = session
        self._outbox = outbox

    def search(self, *, limit: int, cursor: str | None = None) -> Page[Room]:
        """Return a page of rooms, the oldest first. Raises InvalidCursor."""
        rows = page(self._session, select(RoomRow), RoomRow.id, limit=limit, cursor=cursor)
        return rows.map(lambda row: row.record)

    def get(self, room_id: UUID) -> Room:
        """Return a room. Raises NoSuchEntity."""
        row = self._session.get(RoomRow, room_id)
        if row is None:
            raise NoSuchEntity("room", room_id)
        return row.record

    def add(self, body: Mapping[str, Any]) -> Room:
        """Store the room that a client sent, and tell of it.

        Raises InvalidBody, and AlreadyExists where another room has its url.
        """
        room = record_of(Room, {**body, "id": str(uuid7())})
        try:
            with writing(self._session):
                self._session.add(RoomRow(id=room.id, version=1, url=room.url, record=room))
                self._outbox.append(self._session, room_created(room), room.id, 1)
        except IntegrityError:
            other = self._session.scalars(select(RoomRow.id).where(RoomRow.url == room.url)).one()
            raise AlreadyExists("room", "url", room.url, other) from None
        return room
