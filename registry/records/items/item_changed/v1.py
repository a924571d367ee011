"""items.ItemChanged, version 1.

Generated from schemas/items/item_changed/v1.avsc by `invoke generate`; do not edit.
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
    members,
    micros,
    moment_of_micros,
    new,
    rest,
)
from registry.record import Record, bind
from registry.records.items.item import v2 as items_item_v2


class ItemChange(StrEnum):
    """What may happen to an item."""

    UNKNOWN = "UNKNOWN"
    CREATED = "CREATED"
    UPDATED = "UPDATED"
    DELETED = "DELETED"


@dataclass(slots=True, kw_only=True)
class ItemChanged(Record):
    """An item was created, updated or deleted."""

    SCHEMA: ClassVar[str] = """{
  "type": "record",
  "name": "ItemChanged",
  "namespace": "items",
  "doc": "An item was created, updated or deleted.",
  "references": [{"name": "items.Item", "version": 2}],
  "fields": [
    {
      "name": "kind",
      "doc": "What happened to the item.",
      "type": {
        "type": "enum",
        "name": "ItemChange",
        "doc": "What may happen to an item.",
        "symbols": ["UNKNOWN", "CREATED", "UPDATED", "DELETED"],
        "default": "UNKNOWN"
      }
    },
    {
      "name": "entity_version",
      "doc": "Counts the changes of this item from 1; a higher one is newer.",
      "type": "long"
    },
    {
      "name": "occurred_at",
      "doc": "When it happened.",
      "type": {"type": "long", "logicalType": "timestamp-micros"}
    },
    {"name": "item", "doc": "The item after the change; before it, if deleted.", "type": "Item"}
  ]
}
"""
    SUBJECT: ClassVar[str] = "items.ItemChanged"
    VERSION: ClassVar[int] = 1
    FINGERPRINT: ClassVar[bytes] = bytes.fromhex("090857cb2686fe04")

    kind: ItemChange
    """What happened to the item."""
    entity_version: int
    """Counts the changes of this item from 1; a higher one is newer."""
    occurred_at: datetime
    """When it happened."""
    item: items_item_v2.Item
    """The item after the change; before it, if deleted."""


# What encodes and decodes: o is an object, b the bytes, p the offset in them, s what is left
# to spend, n a number as it stands in the bytes, e where a text ends.
def encode_item_changed(o: ItemChanged, s: Budget) -> bytes:
    if type(o) is not ItemChanged:
        raise Refused
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    v1 = item_change_codes[o.kind]
    x2 = o.entity_version
    if type(x2) is not int:
        raise Refused
    v3 = LONG[micros(o.occurred_at)]
    v4 = items_item_v2.Item.__avro_encode__(o.item, s)
    return join((v1, LONG[x2], v3, v4))


def decode_item_changed(b: bytes, p: int, s: Budget) -> tuple[ItemChanged, int]:
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    o = new(ItemChanged)
    n = b[p]
    p += 1
    o.kind = item_change_members[n]
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
    o.item, p = items_item_v2.Item.__avro_decode__(b, p, s)
    return o, p


item_change_codes = codes(ItemChange)
item_change_members = members(ItemChange)


bind(
    ItemChanged,
    {"items.ItemChange": ItemChange, "items.ItemChanged": ItemChanged},
    (items_item_v2.Item,),
    {ItemChanged: (encode_item_changed, decode_item_changed)},
)
