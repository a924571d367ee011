"""items.ItemChanged, version 1.

Generated from schemas/items/item_changed/v1.avsc by `invoke generate`; do not edit.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

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


bind(
    ItemChanged,
    {"items.ItemChange": ItemChange, "items.ItemChanged": ItemChanged},
    (items_item_v2.Item,),
)
