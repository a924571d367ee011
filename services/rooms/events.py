"""What this service tells and hears."""

from datetime import UTC, datetime

from registry.records.rooms.room.v2 import Room
from registry.records.rooms.room_changed.v1 import RoomChange, RoomChanged
from services.chassis.events.declaration import Events

EVENTS = Events(tells=(RoomChanged,))


def room_created(room: Room) -> RoomChanged:
    """Return the event of a new room."""
    return RoomChanged(
        kind=RoomChange.CREATED, entity_version=1, occurred_at=datetime.now(UTC), room=room
    )
