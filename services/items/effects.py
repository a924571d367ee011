"""What happens here when another service tells something."""

from injector import Inject
from sqlalchemy.orm import Session

from registry.records.rooms.room_changed.v1 import RoomChange, RoomChanged
from services.items.provider import ItemsProvider
from services.items.rows import KnownRoomRow


def room_changed(
    event: RoomChanged, session: Inject[Session], items: Inject[ItemsProvider]
) -> None:
    """Keep what an event says of a room, unless a newer one has come before it."""
    room = event.room
    known = session.get(KnownRoomRow, room.id)
    if known is not None and known.version >= event.entity_version:
        return
    deleted = event.kind is RoomChange.DELETED
    session.merge(
        KnownRoomRow(id=room.id, version=event.entity_version, name=room.name, deleted=deleted)
    )
    if deleted:
        items.leave(room.id)
