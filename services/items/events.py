"""What this service tells, and what it hears.

It reads version 1 of what rooms tells in version 2: each service moves when its team does.
"""

from datetime import UTC, datetime
from typing import Final

from injector import Inject
from sqlalchemy.orm import Session

from registry.records.items.item.v2 import Item
from registry.records.items.item_changed.v1 import ItemChange, ItemChanged
from registry.records.rooms.room_changed.v1 import RoomChange, RoomChanged
from services.chassis.entities.changes import Change
from services.chassis.events.declaration import Events, Hears, Tells
from services.chassis.events.projection import keep
from services.items.provider import ItemsProvider
from services.items.rows import KnownRoomRow


def item_changed(item: Item, version: int, change: Change) -> ItemChanged:
    """Return the event of an item that was changed."""
    kind = ItemChange(change)
    return ItemChanged(kind=kind, entity_version=version, occurred_at=datetime.now(UTC), item=item)


def room_changed(
    event: RoomChanged, session: Inject[Session], items: Inject[ItemsProvider]
) -> None:
    """Keep what an event says of a room; the items of one that is deleted stay without it."""
    room, deleted = event.room, event.kind is RoomChange.DELETED
    known = KnownRoomRow(id=room.id, version=event.entity_version, name=room.name, deleted=deleted)
    if keep(session, known) and deleted:
        items.leave(room.id)


EVENTS: Final = Events(
    tells=(Tells(Item, ItemChanged, item_changed),),
    hears=(Hears("rooms", RoomChanged, room_changed),),
    projections={"rooms": (KnownRoomRow,)},
)
