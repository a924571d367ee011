"""What this service tells."""

from datetime import UTC, datetime

from registry.records.items.item.v2 import Item
from registry.records.items.item_changed.v1 import ItemChange, ItemChanged
from services.chassis.entities.store import Change


def item_changed(item: Item, version: int, change: Change) -> ItemChanged:
    """Return the event of an item that was changed."""
    kind = ItemChange(change)
    return ItemChanged(kind=kind, entity_version=version, occurred_at=datetime.now(UTC), item=item)
