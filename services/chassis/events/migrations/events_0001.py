"""The outbox of what a service tells, the inbox of what it hears."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "events_0001"
down_revision = None
branch_labels = ("events",)
depends_on = None

_COUNTER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables."""
    _create_feed()
    _create_outbox()
    _create_inbox()


def _create_feed() -> None:
    feed = op.create_table("feed", sa.Column("id", sa.Uuid, primary_key=True))
    op.bulk_insert(feed, [{"id": uuid4()}])


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", _COUNTER, primary_key=True),
        sa.Column("position", sa.BigInteger, unique=True),
        sa.Column("event_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("type", sa.String(255), nullable=False),
        sa.Column("aggregate_id", sa.String(255), nullable=False),
        sa.Column("aggregate_version", sa.BigInteger, nullable=False),
        sa.Column("dataschema", sa.String(255), nullable=False),
        sa.Column("occurred_at", sa.BigInteger, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("type", "aggregate_id", "aggregate_version"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "outbox_pending",
        "outbox",
        ["id"],
        sqlite_where=sa.text("position IS NULL"),
        postgresql_where=sa.text("position IS NULL"),
    )


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("event_id", sa.Uuid, primary_key=True),
        sa.Column("received_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "inbox_cursor",
        sa.Column("source", sa.String(255), primary_key=True),
        sa.Column("feed", sa.Uuid, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "dead_letter",
        sa.Column("id", _COUNTER, primary_key=True),
        sa.Column("source", sa.String(255), nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("type", sa.String(255), nullable=False),
        sa.Column("dataschema", sa.String(255), nullable=False),
        sa.Column("reason", sa.String(255), nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
    )
