"""Where items are kept."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from injector import inject
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.records.items.item.v2 import Item
from services.chassis.bodies import record_of
from services.chassis.columns import AvroRecord
from services.chassis.database import writing
from services.chassis.errors import NoSuchEntity, UnknownReference
from services.chassis.events.outbox import Outbox
from services.chassis.pages import Page, page
from services.chassis.uuid7 import uuid7
from services.items.events import Base, KnownRoomRow, item_created


class ItemRow(Base):
    """An item: the record itself, and beside it what is searched."""

    __tablename__ = "items"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    record: Mapped[Item] = mapped_column(AvroRecord(Item))


class ItemsProvider:
    """Reads and writes items."""

    @inject
    def __init__(self, session: Session, outbox: Outbox) -> None:
        self._session = session
        self._outbox = outbox

    def search(self, *, limit: int, cursor: str | None = None) -> Page[Item]:
        """Return a page of items, the oldest first. Raises InvalidCursor."""
        rows = page(self._session, select(ItemRow), ItemRow.id, limit=limit, cursor=cursor)
        return rows.map(lambda row: row.record)

    def get(self, item_id: UUID) -> Item:
        """Return an item. Raises NoSuchEntity."""
        row = self._session.get(ItemRow, item_id)
        if row is None:
            raise NoSuchEntity("item", item_id)
        return row.record

    def add(self, body: Mapping[str, Any]) -> Item:
        """Store the item that a client sent, and tell of it.

        Raises InvalidBody, and UnknownReference where it names a room that is not known here.
        """
        server_set = {"id": str(uuid7()), "created_at": datetime.now(UTC).isoformat()}
        item = record_of(Item, {**body, **server_set})
        with writing(self._session):
            self._check_room(item.room_id)
            self._session.add(ItemRow(id=item.id, version=1, record=item))
            self._outbox.append(self._session, item_created(item), item.id, 1)
        return item

    def _check_room(self, room_id: UUID | None) -> None:
        if room_id is None:
            return
        room = self._session.get(KnownRoomRow, room_id)
        if room is None:
            reason = f"No room {room_id} is known here; a new one is heard of within moments."
            raise UnknownReference("room_id", reason)
        if room.deleted:
            raise UnknownReference("room_id", f"The room {room_id} was deleted.")
