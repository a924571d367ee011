"""rooms.Room, version 1.

Generated from schemas/rooms/room/v1.avsc by `invoke generate`; do not edit.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from registry.codec.runtime import (
    LONG,
    Budget,
    Refused,
    codes,
    join,
    length,
    members,
    new,
    utf8,
    uuid_of_text,
    uuid_text,
)
from registry.record import Record, bind
from registry.records.common.money import v1 as common_money_v1


class Recurrency(StrEnum):
    """How often a rent is due."""

    UNKNOWN = "UNKNOWN"
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(slots=True, kw_only=True)
class Room(Record):
    """A room for rent, as its provider offers it."""

    SCHEMA: ClassVar[str] = """{
  "type": "record",
  "name": "Room",
  "namespace": "rooms",
  "doc": "A room for rent, as its provider offers it.",
  "references": [{"name": "common.Money", "version": 1}],
  "fields": [
    {
      "name": "id",
      "doc": "Identifies the room for its whole life.",
      "type": {"type": "string", "logicalType": "uuid"}
    },
    {"name": "name", "doc": "The title of the offer.", "type": "string"},
    {"name": "description", "doc": "The offer in the provider's words.", "type": "string"},
    {"name": "price", "doc": "The rent for one period.", "type": "common.Money"},
    {
      "name": "recurrency",
      "doc": "The period that the price pays for.",
      "type": {
        "type": "enum",
        "name": "Recurrency",
        "doc": "How often a rent is due.",
        "symbols": ["UNKNOWN", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"],
        "default": "UNKNOWN"
      },
      "default": "MONTHLY"
    },
    {"name": "provider", "doc": "Who offers the room.", "type": "string"},
    {"name": "url", "doc": "The page of the offer; no two rooms share one.", "type": "string"}
  ]
}
"""
    SUBJECT: ClassVar[str] = "rooms.Room"
    VERSION: ClassVar[int] = 1
    FINGERPRINT: ClassVar[bytes] = bytes.fromhex("f8abd27dc9211fe2")

    id: UUID
    """Identifies the room for its whole life."""
    name: str
    """The title of the offer."""
    description: str
    """The offer in the provider's words."""
    price: common_money_v1.Money
    """The rent for one period."""
    recurrency: Recurrency = Recurrency.MONTHLY
    """The period that the price pays for."""
    provider: str
    """Who offers the room."""
    url: str
    """The page of the offer; no two rooms share one."""


# What encodes and decodes: o is an object, b the bytes, p the offset in them, s what is left
# to spend, n a number as it stands in the bytes, e where a text ends.
def encode_room(o: Room, s: Budget) -> bytes:
    if type(o) is not Room:
        raise Refused
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    v1 = uuid_text(o.id)
    v2 = utf8(o.name)
    v3 = utf8(o.description)
    v4 = common_money_v1.Money.__avro_encode__(o.price, s)
    v5 = recurrency_codes[o.recurrency]
    v6 = utf8(o.provider)
    v7 = utf8(o.url)
    return join(
        (
            b"\x48",
            v1,
            LONG[len(v2)],
            v2,
            LONG[len(v3)],
            v3,
            v4,
            v5,
            LONG[len(v6)],
            v6,
            LONG[len(v7)],
            v7,
        )
    )


def decode_room(b: bytes, p: int, s: Budget) -> tuple[Room, int]:
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    o = new(Room)
    if b[p] != 72:
        raise Refused
    e = p + 37
    o.id = uuid_of_text(b[p + 1 : e])
    p = e
    n = b[p]
    if n & 129:
        e, p = length(b, p)
    else:
        p += 1
        e = p + (n >> 1)
    o.name = b[p:e].decode()
    p = e
    n = b[p]
    if n & 129:
        e, p = length(b, p)
    else:
        p += 1
        e = p + (n >> 1)
    o.description = b[p:e].decode()
    p = e
    o.price, p = common_money_v1.Money.__avro_decode__(b, p, s)
    n = b[p]
    p += 1
    o.recurrency = recurrency_members[n]
    n = b[p]
    if n & 129:
        e, p = length(b, p)
    else:
        p += 1
        e = p + (n >> 1)
    o.provider = b[p:e].decode()
    p = e
    n = b[p]
    if n & 129:
        e, p = length(b, p)
    else:
        p += 1
        e = p + (n >> 1)
    o.url = b[p:e].decode()
    p = e
    return o, p


recurrency_codes = codes(Recurrency)
recurrency_members = members(Recurrency)


bind(
    Room,
    {"rooms.Recurrency": Recurrency, "rooms.Room": Room},
    (common_money_v1.Money,),
    {Room: (encode_room, decode_room)},
)
