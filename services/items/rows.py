"""The tables of this service."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from registry.records.common.money.v1 import Money
from registry.records.items.item.v2 import Item
from services.chassis.entities.columns import AvroRecord, decimal_column
from services.chassis.entities.filters import folded
from services.chassis.entities.rows import EntityRow
from services.chassis.events.projection import ProjectionRow


class Base(DeclarativeBase):
    """Collects the tables of this service."""


class ItemRow(EntityRow, Base):
    """An item."""

    __tablename__ = "items"

    record: Mapped[Item] = mapped_column(AvroRecord(Item))
    room_id: Mapped[UUID | None] = mapped_column(index=True)
    amount: Mapped[Decimal] = mapped_column(decimal_column(Money, "amount"), index=True)
    currency: Mapped[str]
    words: Mapped[str]

    def keep(self, record: Item) -> None:
        """Take a record, and what is searched of it."""
        self.record = record
        self.room_id = record.room_id
        self.amount = record.price.amount
        self.currency = record.price.currency
        self.words = folded(record.name, record.description)


class KnownRoomRow(ProjectionRow, Base):
    """What this service knows of a room."""

    __tablename__ = "known_rooms"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    deleted: Mapped[bool]
