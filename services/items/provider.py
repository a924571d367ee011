"""Where items are kept."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from injector import inject
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.records.items.item.v2 import Item
from services.chassis.bodies import record_of
from services.chassis.entities.filters import holding, priced
from services.chassis.entities.store import Entities, Kind
from services.chassis.entities.uuid7 import uuid7
from services.chassis.errors import UnknownReference
from services.chassis.events.telling.outbox import Outbox
from services.items.rows import ItemRow, KnownRoomRow

ITEMS: Final = Kind(
    name="item",
    row=ItemRow,
    filters={
        "room_id": lambda value: ItemRow.room_id == UUID(value),
        "q": holding(ItemRow.words),
        **priced(ItemRow.amount, ItemRow.currency),
    },
)


class ItemsProvider(Entities[ItemRow]):
    """Reads and writes items."""

    @inject
    def __init__(self, session: Session, outbox: Outbox) -> None:
        super().__init__(ITEMS, session, outbox.changed)

    def add(self, body: Mapping[str, Any]) -> ItemRow:
        """Store the item that a client sent, and tell of it.

        Raises InvalidBody, and UnknownReference where it names a room that is not known here.
        """
        server_set = {"id": str(uuid7()), "created_at": datetime.now(UTC).isoformat()}
        return self.store(record_of(Item, {**body, **server_set}))

    def leave(self, room_id: UUID) -> None:
        """Let the items of a room stay without it, and tell of each."""
        with_it = select(ItemRow.id).where(ItemRow.room_id == room_id)
        for item_id in self._session.scalars(with_it).all():
            self.change(item_id, lambda item: replace(item, room_id=None))

    def check(self, record: Item) -> None:
        """Raise UnknownReference, unless the room that an item names is there, and stays."""
        if record.room_id is None:
            return
        room = self._session.get(KnownRoomRow, record.room_id, with_for_update={"read": True})
        if room is None:
            reason = (
                f"No room {record.room_id} is known here; a new one is heard of within moments."
            )
            raise UnknownReference("room_id", reason)
        if room.deleted:
            raise UnknownReference("room_id", f"The room {record.room_id} was deleted.")
