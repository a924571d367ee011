"""items.Item, version 2.

Generated from schemas/items/item/v2.avsc by `invoke generate`; do not edit.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from registry.codec.runtime import (
    LONG,
    Budget,
    Refused,
    join,
    length,
    micros,
    moment_of_micros,
    new,
    read_strings,
    rest,
    utf8,
    uuid_of_text,
    uuid_text,
    write_strings,
)
from registry.record import Record, bind
from registry.records.common.money import v1 as common_money_v1


@dataclass(slots=True, kw_only=True)
class Item(Record):
    """A thing that is offered, on its own or with a room."""

    SCHEMA: ClassVar[str] = """{
  "type": "record",
  "name": "Item",
  "namespace": "items",
  "doc": "A thing that is offered, on its own or with a room.",
  "references": [{"name": "common.Money", "version": 1}],
  "fields": [
    {
      "name": "id",
      "doc": "Identifies the item for its whole life.",
      "type": {"type": "string", "logicalType": "uuid"}
    },
    {"name": "name", "doc": "What the item is called.", "type": "string"},
    {"name": "description", "doc": "The item in its owner's words.", "type": "string"},
    {"name": "price", "doc": "What the item costs, once.", "type": "common.Money"},
    {
      "name": "created_at",
      "doc": "When the item was first stored.",
      "type": {"type": "long", "logicalType": "timestamp-micros"}
    },
    {
      "name": "tags",
      "doc": "Words to find the item by.",
      "type": {"type": "array", "items": "string"},
      "default": []
    },
    {
      "name": "room_id",
      "doc": "The room that the item belongs to, if it belongs to one.",
      "type": ["null", {"type": "string", "logicalType": "uuid"}],
      "default": null
    }
  ]
}
"""
    SUBJECT: ClassVar[str] = "items.Item"
    VERSION: ClassVar[int] = 2
    FINGERPRINT: ClassVar[bytes] = bytes.fromhex("ab368546754572f2")

    id: UUID
    """Identifies the item for its whole life."""
    name: str
    """What the item is called."""
    description: str
    """The item in its owner's words."""
    price: common_money_v1.Money
    """What the item costs, once."""
    created_at: datetime
    """When the item was first stored."""
    tags: list[str] = field(default_factory=list[str])
    """Words to find the item by."""
    room_id: UUID | None = None
    """The room that the item belongs to, if it belongs to one."""


# What encodes and decodes: o is an object, b the bytes, p the offset in them, s what is left
# to spend, n a number as it stands in the bytes, e where a text ends.
def encode_item(o: Item, s: Budget) -> bytes:
    if type(o) is not Item:
        raise Refused
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    v1 = uuid_text(o.id)
    v2 = utf8(o.name)
    v3 = utf8(o.description)
    v4 = common_money_v1.Money.__avro_encode__(o.price, s)
    v5 = LONG[micros(o.created_at)]
    v6 = write_strings(o.tags, s)
    x7 = o.room_id
    if x7 is None:
        v8 = b"\x00"
    else:
        v9 = uuid_text(x7)
        v8 = b"\x02" + b"\x48" + v9
    return join((b"\x48", v1, LONG[len(v2)], v2, LONG[len(v3)], v3, v4, v5, v6, v8))


def decode_item(b: bytes, p: int, s: Budget) -> tuple[Item, int]:
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    o = new(Item)
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
    if n > 127:
        n, p = rest(b, p, n)
    o.created_at = moment_of_micros((n >> 1) ^ -(n & 1))
    o.tags, p = read_strings(b, p, s)
    n = b[p]
    p += 1
    if n == 0:
        o.room_id = None
    elif n == 2:
        if b[p] != 72:
            raise Refused
        e = p + 37
        o.room_id = uuid_of_text(b[p + 1 : e])
        p = e
    else:
        raise Refused
    return o, p


bind(Item, {"items.Item": Item}, (common_money_v1.Money,), {Item: (encode_item, decode_item)})
