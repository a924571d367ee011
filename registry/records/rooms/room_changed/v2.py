"""rooms.RoomChanged, version 2.

Generated from schemas/rooms/room_changed/v2.avsc by `invoke generate`; do not edit.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from registry.codec.runtime import (
    LONG,
    Budget,
    Refused,
    codes,
    join,
    length,
    members,
    micros,
    moment_of_micros,
    new,
    rest,
    utf8,
)
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
    {"name": "room", "doc": "The room after the change; before it, if deleted.", "type": "Room"},
    {
      "name": "request_id",
      "doc": "The request that caused the change, as the log lines of the services name it; null where there was none.",
      "type": ["null", "string"],
      "default": null
    }
  ]
}
"""
    SUBJECT: ClassVar[str] = "rooms.RoomChanged"
    VERSION: ClassVar[int] = 2
    FINGERPRINT: ClassVar[bytes] = bytes.fromhex("b8ff4dc07f1cdee3")

    kind: RoomChange
    """What happened to the room."""
    entity_version: int
    """Counts the changes of this room from 1; a higher one is newer."""
    occurred_at: datetime
    """When it happened."""
    room: rooms_room_v2.Room
    """The room after the change; before it, if deleted."""
    request_id: str | None = None
    """The request that caused the change, as the log lines of the services name it; null where
    there was none.
    """


# What encodes and decodes: o is an object, b the bytes, p the offset in them, s what is left
# to spend, n a number as it stands in the bytes, e where a text ends.
def encode_room_changed(o: RoomChanged, s: Budget) -> bytes:
    if type(o) is not RoomChanged:
        raise Refused
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    v1 = room_change_codes[o.kind]
    x2 = o.entity_version
    if type(x2) is not int:
        raise Refused
    v3 = LONG[micros(o.occurred_at)]
    v4 = rooms_room_v2.Room.__avro_encode__(o.room, s)
    x5 = o.request_id
    if x5 is None:
        v6 = b"\x00"
    else:
        v7 = utf8(x5)
        v6 = b"\x02" + LONG[len(v7)] + v7
    return join((v1, LONG[x2], v3, v4, v6))


def decode_room_changed(b: bytes, p: int, s: Budget) -> tuple[RoomChanged, int]:
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    o = new(RoomChanged)
    n = b[p]
    p += 1
    o.kind = room_change_members[n]
    n = b[p]
    p += 1
    if n > 127:
        n, p = rest(b, p, n)
    o.entity_version = (n >> 1) ^ -(n & 1)
    n = b[p]
    p += 1
    if n > 127:
        n, p = rest(b, p, n)
    o.occurred_at = moment_of_micros((n >> 1) ^ -(n & 1))
    o.room, p = rooms_room_v2.Room.__avro_decode__(b, p, s)
    n = b[p]
    p += 1
    if n == 0:
        o.request_id = None
    elif n == 2:
        n = b[p]
        if n & 129:
            e, p = length(b, p)
        else:
            p += 1
            e = p + (n >> 1)
        o.request_id = b[p:e].decode()
        p = e
    else:
        raise Refused
    return o, p


room_change_codes = codes(RoomChange)
room_change_members = members(RoomChange)


bind(
    RoomChanged,
    {"rooms.RoomChange": RoomChange, "rooms.RoomChanged": RoomChanged},
    (rooms_room_v2.Room,),
    {RoomChanged: (encode_room_changed, decode_room_changed)},
)
