"""What is sent in the benchmarks: real events of the rooms service, as its outbox has them."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from registry import wire
from services.chassis.entities.uuid7 import uuid7
from services.chassis.events.telling.sink import Outgoing
from tests.services.examples import FEED, room, room_changed

TYPE: Final = "rooms.RoomChanged"


def events(count: int, first: int = 1, feed: UUID = FEED) -> list[Outgoing]:
    """Return events of as many rooms, numbered from a position.

    They are encoded one by one, as each has another id in it.
    """
    now = datetime.now(UTC)
    return [_event(position, feed, now) for position in range(first, first + count)]


def _event(position: int, feed: UUID, now: datetime) -> Outgoing:
    changed = room_changed(room(uuid7()))
    return Outgoing(
        feed=feed,
        position=position,
        event_id=uuid7(),
        type=TYPE,
        aggregate_id=str(changed.room.id),
        dataschema=f"{TYPE}/{changed.VERSION}",
        occurred_at=now,
        data=wire.encode(changed),
    )
