"""The store that all contestants share: rooms in SQLite, by SQLAlchemy, as texts of JSON.

It does as little as a store can, so that what is measured is what stands around it.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
from injector import inject
from sqlalchemy import Column, Engine, LargeBinary, MetaData, Table, Uuid, insert, select
from sqlalchemy.orm import Session

from services.chassis.database import writing
from services.chassis.entities.uuid7 import uuid7
from services.chassis.errors import NoSuchEntity

METADATA = MetaData()
ROOMS = Table("rooms", METADATA, Column("id", Uuid, primary_key=True), Column("room", LargeBinary))
ABSENT = {"monthly_price": None, "property_size": None, "visibility": "PUBLIC"}


class Store:
    """Rooms, in the session of one request."""

    @inject
    def __init__(self, session: Session) -> None:
        self._session = session

    def search(self, limit: int) -> list[bytes]:
        """Return the oldest rooms."""
        return list(self._session.scalars(select(ROOMS.c.room).order_by(ROOMS.c.id).limit(limit)))

    def get(self, room_id: UUID) -> bytes:
        """Return a room. Raises NoSuchEntity."""
        room = self._session.scalar(select(ROOMS.c.room).where(ROOMS.c.id == room_id))
        if room is None:
            raise NoSuchEntity("room", room_id)
        return bytes(room)

    def add(self, body: Mapping[str, Any]) -> tuple[UUID, bytes]:
        """Store the room that a client sent."""
        identity = uuid7()
        room = orjson.dumps({"id": identity, **ABSENT, **body})
        with writing(self._session):
            self._session.execute(insert(ROOMS).values(id=identity, room=room))
        return identity, room


def prepare(engine: Engine, bodies: list[dict[str, Any]]) -> UUID:
    """Make the table and some rooms, and return the id of one."""
    METADATA.create_all(engine)
    with Session(engine) as session:
        first, *_ = [Store(session).add(body)[0] for body in bodies]
        return first
