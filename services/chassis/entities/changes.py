"""What may happen to an entity."""

from enum import StrEnum


class Change(StrEnum):
    """What may happen to an entity, in the words of the events that tell it."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    DELETED = "DELETED"
