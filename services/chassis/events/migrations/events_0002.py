"""How far each sink and reader is; which event of which source has taken effect."""

import sqlalchemy as sa
from alembic import op

revision = "events_0002"
down_revision = "events_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the cursors of the outbox, and add what is known of events that were received."""
    op.create_table(
        "sink_cursor",
        sa.Column("sink", sa.String(255), primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("moved_at", sa.BigInteger, nullable=False),
    )
    nothing, no_text = sa.text("0"), sa.text("''")
    op.add_column("inbox", sa.Column("source", sa.String(255), nullable=False, server_default=""))
    op.add_column(
        "inbox", sa.Column("position", sa.BigInteger, nullable=False, server_default=nothing)
    )
    op.create_index("inbox_source", "inbox", ["source", "position"])
    op.add_column(
        "inbox_cursor",
        sa.Column("behind", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    for name in ("applied", "duplicate", "dead", "lag_milliseconds"):
        op.add_column(
            "inbox_cursor",
            sa.Column(name, sa.BigInteger, nullable=False, server_default=nothing),
        )
    op.add_column(
        "dead_letter",
        sa.Column("aggregate_id", sa.String(255), nullable=False, server_default=no_text),
    )
