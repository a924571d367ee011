"""The item and the room of this repository's schemas, as full as real ones are."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from registry.records.items.item.v1 import Item as ItemV1
from registry.records.items.item.v2 import Item
from registry.records.rooms.room.v1 import Room as RoomV1
from registry.records.rooms.room.v2 import Room
from tests.benchmarks.codec.sample import Bounds, Sample

BOUNDS: Final = Bounds(0.55, 0.65)
ROOM_ID: Final = UUID("0198d1f0-5c4a-7b21-9c37-1f2e3d4c5b6a")
DESCRIPTION: Final = (
    "A quiet room on the second floor of a house from 1911, with a view of the canal, a desk, a "
    "wardrobe and fast internet. The kitchen and the bathroom are shared with two others; the tram "
    "stops near the door."
)[:200]
ITEM_V1: Final[dict[str, Any]] = {
    "id": UUID("0198d1f0-7e00-7c55-8f01-2a3b4c5d6e7f"),
    "name": "Bookshelf of oak",
    "description": DESCRIPTION,
    "price": {"amount": Decimal("129.90"), "currency": "EUR"},
    "created_at": datetime(2025, 3, 14, 9, 26, 53, 589793, tzinfo=UTC),
}
ITEM: Final = ITEM_V1 | {"tags": ["furniture", "wood", "second-hand"], "room_id": ROOM_ID}
ROOM_V1: Final[dict[str, Any]] = {
    "id": ROOM_ID,
    "name": "Garden room near the canal",
    "description": DESCRIPTION,
    "price": {"amount": Decimal("510.00"), "currency": "EUR"},
    "recurrency": "MONTHLY",
    "provider": "Canal Homes",
    "url": "https://canal-homes.example/rooms/garden-room-near-the-canal",
}
ROOM: Final = ROOM_V1 | {
    "monthly_price": {"amount": Decimal("545.50"), "currency": "EUR"},
    "property_size": 23,
    "visibility": "PUBLIC",
    "area": {
        "city": "Utrecht",
        "country": "NL",
        "district": "Binnenstad",
        "postal_code": "3512 JE",
    },
    "coordinates": {"latitude": 52.0907374, "longitude": 5.1214201},
    "images": [
        {"url": f"https://canal-homes.example/images/{number}.jpeg", "caption": caption}
        for number, caption in enumerate(("The window", "The desk by the window", "The garden"))
    ],
}


def samples() -> tuple[Sample, ...]:
    """Return the current versions."""
    return (
        Sample("items.Item/2", Item, ITEM, BOUNDS),
        Sample("rooms.Room/2", Room, ROOM, BOUNDS),
    )


def older() -> tuple[tuple[Sample, Sample], ...]:
    """Return each first version with the current one, of which only the class is wanted."""
    item, room = samples()
    return (
        (Sample("items.Item/1", ItemV1, ITEM_V1, BOUNDS), item),
        (Sample("rooms.Room/1", RoomV1, ROOM_V1, BOUNDS), room),
    )
