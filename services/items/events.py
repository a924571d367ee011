"""What this service tells and hears."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from registry.records.items.item.v2 import Item
from registry.records.items.item_changed.v1 import ItemChange, ItemChanged
from registry.records.rooms.room_changed.v1 import RoomChange, RoomChanged
from services.chassis.events.declaration import Events, Subscription


class Base(DeclarativeBase):
    """Collects the tables of this service."""


class KnownRoomRow(Base):
    """What this service knows of a room; `version` is that of the last event."""

    __tablename__ = "known_rooms"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    deleted: Mapped[bool]


def room_changed(session: Session, event: RoomChanged) -> None:
    """Keep what an event says of a room, unless a newer one has come before it."""
    room = event.room
    known = session.get(KnownRoomRow, room.id)
    if known is not None and known.version >= event.entity_version:
        return
    session.merge(
        KnownRoomRow(
            id=room.id,
            version=event.entity_version,
            name=room.name,
            deleted=event.kind is RoomChange.DELETED,
        )
    )


def item_created(item: Item) -> ItemChanged:
    """Return the event of a new item."""
    return ItemChanged(
        kind=ItemChange.CREATED, entity_version=1, occurred_at=datetime.now(UTC), item=item
    )


EVENTS = Events(tells=(ItemChanged,), hears=(Subscription("rooms", RoomChanged, room_changed),))
