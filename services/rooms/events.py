"""What this service tells, and what it hears."""

from datetime import UTC, datetime
from typing import Final

from injector import Inject
from sqlalchemy.orm import Session

from registry.records.items.item_changed.v1 import ItemChange, ItemChanged
from registry.records.rooms.room.v2 import Room
from registry.records.rooms.room_changed.v2 import RoomChange, RoomChanged
from services.chassis.correlation import request_id
from services.chassis.entities.changes import Change
from services.chassis.events.declaration import Events, Hears, Tells
from services.chassis.events.projection import keep
from services.rooms.rows import KnownItemRow


def room_changed(room: Room, version: int, change: Change) -> RoomChanged:
    """Return the event of a room that was changed."""
    return RoomChanged(
        kind=RoomChange(change),
        entity_version=version,
        occurred_at=datetime.now(UTC),
        room=room,
        request_id=request_id(),
    )


def item_changed(event: ItemChanged, session: Inject[Session]) -> None:
    """Keep in which room an item is; none, once it is deleted."""
    item = event.item
    room_id = None if event.kind is ItemChange.DELETED else item.room_id
    keep(session, KnownItemRow(id=item.id, version=event.entity_version, room_id=room_id))


EVENTS: Final = Events(
    tells=(Tells(Room, RoomChanged, room_changed),),
    hears=(Hears("items", ItemChanged, item_changed),),
    projections={"items": (KnownItemRow,)},
)
