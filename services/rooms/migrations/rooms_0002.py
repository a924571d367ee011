"""What rooms are searched by."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from registry.records.rooms.room.v2 import Room
from services.chassis.entities.filling import fill
from services.chassis.entities.filters import folded

revision = "rooms_0002"
down_revision = "rooms_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and fill them."""
    op.add_column("rooms", sa.Column("city", sa.String, index=True))
    provider = sa.Column("provider", sa.String, nullable=False, server_default="", index=True)
    op.add_column("rooms", provider)
    amount = sa.Column("amount", sa.BigInteger, nullable=False, server_default="0", index=True)
    op.add_column("rooms", amount)
    op.add_column("rooms", sa.Column("currency", sa.String, nullable=False, server_default=""))
    op.add_column("rooms", sa.Column("words", sa.String, nullable=False, server_default=""))
    fill(op.get_bind(), "rooms", Room, _columns)


def _columns(room: Room) -> dict[str, Any]:
    return {
        "city": room.area.city if room.area else None,
        "provider": room.provider,
        "amount": int(room.price.amount.scaleb(2)),
        "currency": room.price.currency,
        "words": folded(room.name, room.description),
    }
