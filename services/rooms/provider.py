"""Where rooms are kept."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from injector import inject
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.records.rooms.room.v2 import Room
from services.chassis.bodies import record_of
from services.chassis.entities.filters import equal, holding, priced
from services.chassis.entities.store import Entities, Kind
from services.chassis.entities.uuid7 import uuid7
from services.chassis.events.telling.outbox import Outbox
from services.rooms.rows import KnownItemRow, RoomRow

ROOMS: Final = Kind(
    name="room",
    row=RoomRow,
    unique=("url",),
    filters={
        "city": equal(RoomRow.city),
        "provider": equal(RoomRow.provider),
        "q": holding(RoomRow.words),
        **priced(RoomRow.amount, RoomRow.currency),
    },
)


class RoomsProvider(Entities[RoomRow]):
    """Reads and writes rooms."""

    @inject
    def __init__(self, session: Session, outbox: Outbox) -> None:
        super().__init__(ROOMS, session, outbox.changed)

    def add(self, body: Mapping[str, Any]) -> RoomRow:
        """Store the room that a client sent, and tell of it.

        Raises InvalidBody, and AlreadyExists where another room has its url.
        """
        return self.store(record_of(Room, {**body, "id": str(uuid7())}))

    def count_items(self, room_id: UUID) -> int:
        """Return how many items name a room, as far as was heard. Raises NoSuchEntity."""
        self.get(room_id)
        in_it = select(func.count()).where(KnownItemRow.room_id == room_id)
        return self._session.scalars(in_it).one()
