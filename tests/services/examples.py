"""Records and bodies that several tests use."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from registry import wire
from registry.records.common.money.v1 import Money
from registry.records.events.page.v1 import Event, Page
from registry.records.rooms.room.v2 import Room
from registry.records.rooms.room_changed.v1 import RoomChange, RoomChanged
from services.chassis.entities.uuid7 import uuid7
from services.chassis.events.hearing.source import Batch, Message

FEED = UUID("7f0e7f0e-0000-4000-8000-000000000000")
ROOM_BODY: dict[str, Any] = {
    "name": "Garden room",
    "description": "Opens onto the garden.",
    "price": {"amount": "510.00", "currency": "EUR"},
    "provider": "Canal Homes",
    "url": "https://canal-homes.example/rooms/garden-room",
}
ITEM_BODY: dict[str, Any] = {
    "name": "Bookshelf",
    "description": "Five boards, no screws missing.",
    "price": {"amount": "30.00", "currency": "EUR"},
}


def room(room_id: UUID | None = None, name: str = "Garden room") -> Room:
    identity = room_id or uuid7()
    return Room(
        id=identity,
        name=name,
        description="Opens onto the garden.",
        price=Money(amount=Decimal("510.00"), currency="EUR"),
        provider="Canal Homes",
        url=f"https://canal-homes.example/rooms/{identity}",
    )


def room_changed(of: Room, version: int = 1, kind: RoomChange = RoomChange.CREATED) -> RoomChanged:
    return RoomChanged(kind=kind, entity_version=version, occurred_at=datetime.now(UTC), room=of)


def envelope(position: int, changed: RoomChanged, **overrides: object) -> Event:
    fields: dict[str, Any] = {
        "position": position,
        "id": uuid7(),
        "type": "rooms.RoomChanged",
        "aggregate_id": str(changed.room.id),
        "aggregate_version": changed.entity_version,
        "dataschema": "rooms.RoomChanged/1",
        "occurred_at": changed.occurred_at,
        "data": wire.encode(changed),
    }
    return Event(**(fields | overrides))


def page_of(*events: Event, position: int = 0, feed: UUID = FEED) -> Page:
    last = events[-1].position if events else position
    return Page(feed=feed, events=list(events), position=last)


def message(position: int, changed: RoomChanged, **overrides: object) -> Message:
    fields: dict[str, Any] = {
        "event_id": uuid7(),
        "type": "rooms.RoomChanged",
        "dataschema": "rooms.RoomChanged/1",
        "aggregate_id": str(changed.room.id),
        "position": position,
        "feed": FEED,
        "data": wire.encode(changed),
    }
    return Message(**(fields | overrides))


def feed_batch(after: int, *messages: Message, feed: UUID = FEED) -> Batch:
    """A page of a feed."""
    return Batch(messages, feed, after, messages[-1].position if messages else after)


def queue_batch(*messages: Message, given_up: bool = False) -> Batch:
    """What a broker gives."""
    return Batch(messages, given_up=given_up)
