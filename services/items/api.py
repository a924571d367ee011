"""The handlers of openapi.yaml, by operationId."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response
from injector import Inject

from registry.records.items.item.v2 import Item
from services.chassis.entities.answers import created, entity, gone, page
from services.chassis.entities.conditions import if_match
from services.chassis.entities.filters import asked
from services.chassis.entities.idempotency import Idempotency
from services.items.provider import ItemsProvider


def search(items: Inject[ItemsProvider], limit: int = 20, cursor: str | None = None) -> Response:
    """Answer with a page of items."""
    return page("items", Item, items.search(limit=limit, cursor=cursor, **asked()))


def get(item_id: str, items: Inject[ItemsProvider]) -> Response:
    """Answer with one item."""
    return entity(items.get(UUID(item_id)))


def post(
    body: Mapping[str, Any], items: Inject[ItemsProvider], once: Inject[Idempotency]
) -> Response:
    """Store a new item."""
    return once(lambda: created(items.add(body)))


def patch(item_id: str, body: Mapping[str, Any], items: Inject[ItemsProvider]) -> Response:
    """Change an item."""
    return entity(items.patch(UUID(item_id), body, if_match()))


def delete(item_id: str, items: Inject[ItemsProvider]) -> Response:
    """Delete an item."""
    items.delete(UUID(item_id), if_match())
    return gone()
