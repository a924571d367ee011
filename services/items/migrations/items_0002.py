"""What items are searched by."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from registry.records.items.item.v2 import Item
from services.chassis.entities.filling import fill
from services.chassis.entities.filters import folded

revision = "items_0002"
down_revision = "items_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and fill them."""
    op.add_column("items", sa.Column("room_id", sa.Uuid, index=True))
    amount = sa.Column("amount", sa.BigInteger, nullable=False, server_default="0", index=True)
    op.add_column("items", amount)
    op.add_column("items", sa.Column("currency", sa.String, nullable=False, server_default=""))
    op.add_column("items", sa.Column("words", sa.String, nullable=False, server_default=""))
    fill(op.get_bind(), "items", Item, _columns)


def _columns(item: Item) -> dict[str, Any]:
    return {
        "room_id": sa.literal(item.room_id, sa.Uuid),
        "amount": int(item.price.amount.scaleb(2)),
        "currency": item.price.currency,
        "words": folded(item.name, item.description),
    }
