"""Items, and what is known of rooms."""

import sqlalchemy as sa
from alembic import op

revision = "items_0001"
down_revision = None
branch_labels = ("items",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "items",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "known_rooms",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("deleted", sa.Boolean, nullable=False),
    )
