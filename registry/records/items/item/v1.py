"""items.Item, version 1.

Generated from schemas/items/item/v1.avsc by `invoke generate`; do not edit.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

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
    }
  ]
}
"""
    SUBJECT: ClassVar[str] = "items.Item"
    VERSION: ClassVar[int] = 1
    FINGERPRINT: ClassVar[bytes] = bytes.fromhex("075f9bcb8bae5650")

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


bind(Item, {"items.Item": Item}, (common_money_v1.Money,))
