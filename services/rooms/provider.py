"""Where rooms are kept."""

from collections.abc import Mapping
from typing import Any, Final

from injector import inject
from sqlalchemy.orm import Session

from registry.records.rooms.room.v2 import Room
from services.chassis.bodies import record_of
from services.chassis.entities.filters import equal, holding, priced
from services.chassis.entities.store import Entities, Kind
from services.chassis.entities.uuid7 import uuid7
from services.chassis.events.outbox import Outbox
from services.rooms.events import room_changed
from services.rooms.rows import RoomRow

ROOMS: Final = Kind(
    name="room",
    row=RoomRow,
    event=room_changed,
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
        super().__init__(ROOMS, session, outbox.append)

    def add(self, body: Mapping[str, Any]) -> RoomRow:
        """Store the room that a client sent, and tell of it.

        Raises InvalidBody, and AlreadyExists where another room has its url.
        """
        return self.store(record_of(Room, {**body, "id": str(uuid7())}))
