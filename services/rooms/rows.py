"""The tables of this service."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from registry.records.common.money.v1 import Money
from registry.records.rooms.room.v2 import Room
from services.chassis.entities.columns import AvroRecord, decimal_column
from services.chassis.entities.filters import folded
from services.chassis.entities.rows import EntityRow
from services.chassis.events.projection import ProjectionRow


class Base(DeclarativeBase):
    """Collects the tables of this service."""


class RoomRow(EntityRow, Base):
    """A room."""

    __tablename__ = "rooms"

    record: Mapped[Room] = mapped_column(AvroRecord(Room))
    url: Mapped[str] = mapped_column(unique=True)
    city: Mapped[str | None] = mapped_column(index=True)
    provider: Mapped[str] = mapped_column(index=True)
    amount: Mapped[Decimal] = mapped_column(decimal_column(Money, "amount"), index=True)
    currency: Mapped[str]
    words: Mapped[str]

    def keep(self, record: Room) -> None:
        """Take a record, and what is searched of it."""
        self.record = record
        self.url = record.url
        self.city = record.area.city if record.area else None
        self.provider = record.provider
        self.amount = record.price.amount
        self.currency = record.price.currency
        self.words = folded(record.name, record.description)


class KnownItemRow(ProjectionRow, Base):
    """In which room an item is."""

    __tablename__ = "known_items"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    room_id: Mapped[UUID | None] = mapped_column(index=True)
