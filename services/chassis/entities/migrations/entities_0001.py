"""The answers that are kept for requests that are sent again."""

import sqlalchemy as sa
from alembic import op

revision = "entities_0001"
down_revision = None
branch_labels = ("entities",)
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "kept_answer",
        sa.Column("id", sa.LargeBinary(32), primary_key=True),
        sa.Column("request", sa.LargeBinary(32), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("headers", sa.String, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("kept_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_kept_answer_kept_at", "kept_answer", ["kept_at"])
