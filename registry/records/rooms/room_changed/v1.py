"""rooms.RoomChanged, version 1.

Generated from schemas/rooms/room_changed/v1.avsc by `invoke generate`; do not edit.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from registry.record import Record, bind
from registry.records.rooms.room import v2 as rooms_room_v2


class RoomChange(StrEnum):
    """What may happen to a room."""

    UNKNOWN = "UNKNOWN"
    CREATED = "CREATED"
    UPDATED = "UPDATED"
    DELETED = "DELETED"


@dataclass(slots=True, kw_only=True)
class RoomChanged(Record):
    """A room was created, updated or deleted."""

    SCHEMA: ClassVar[str] = """{
  "type": "record",
  "name": "RoomChanged",
  "namespace": "rooms",
  "doc": "A room was created, updated or deleted.",
  "references": [{"name": "rooms.Room", "version": 2}],
  "fields": [
    {
      "name": "kind",
      "doc": "What happened to the room.",
      "type": {
        "type": "enum",
        "name": "RoomChange",
        "doc": "What may happen to a room.",
        "symbols": ["UNKNOWN", "CREATED", "UPDATED", "DELETED"],
        "default": "UNKNOWN"
      }
    },
    {
      "name": "entity_version",
      "doc": "Counts the changes of this room from 1; a higher one is newer.",
      "type": "long"
    },
    {
      "name": "occurred_at",
      "doc": "When it happened.",
      "type": {"type": "long", "logicalType": "timestamp-micros"}
    },
    {"name": "room", "doc": "The room after the change; before it, if deleted.", "type": "Room"}
  ]
}
"""
    SUBJECT: ClassVar[str] = "rooms.RoomChanged"
    VERSION: ClassVar[int] = 1
    FINGERPRINT: ClassVar[bytes] = bytes.fromhex("d21071b44d0cf597")

    kind: RoomChange
    """What happened to the room."""
    entity_version: int
    """Counts the changes of this room from 1; a higher one is newer."""
    occurred_at: datetime
    """When it happened."""
    room: rooms_room_v2.Room
    """The room after the change; before it, if deleted."""


bind(
    RoomChanged,
    {"rooms.RoomChange": RoomChange, "rooms.RoomChanged": RoomChanged},
    (rooms_room_v2.Room,),
)
