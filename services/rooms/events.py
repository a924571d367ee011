"""What this service tells."""

from datetime import UTC, datetime

from registry.records.rooms.room.v2 import Room
from registry.records.rooms.room_changed.v1 import RoomChange, RoomChanged
from services.chassis.entities.store import Change


def room_changed(room: Room, version: int, change: Change) -> RoomChanged:
    """Return the event of a room that was changed."""
    kind = RoomChange(change)
    return RoomChanged(kind=kind, entity_version=version, occurred_at=datetime.now(UTC), room=room)
