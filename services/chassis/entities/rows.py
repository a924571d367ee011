"""What the rows of all entities have: an id, a version, and the record itself."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column


class EntityRow:
    """An entity: its record, and beside that what is searched or unique. Tables derive from it.

    `version` counts the changes from 1.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    record: Mapped[Any]

    def keep(self, record: Any) -> None:
        """Take a record, and set the columns beside it accordingly."""
        self.record = record
