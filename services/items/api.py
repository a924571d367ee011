"""The handlers of openapi.yaml, by operationId."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response
from injector import Inject

from services.chassis.answers import created, entity, page
from services.items.provider import ItemsProvider


def search(items: Inject[ItemsProvider], limit: int = 20, cursor: str | None = None) -> Response:
    """Answer with a page of items."""
    return page("items", items.search(limit=limit, cursor=cursor))


def get(item_id: str, items: Inject[ItemsProvider]) -> Response:
    """Answer with one item."""
    return entity(items.get(UUID(item_id)))


def post(body: Mapping[str, Any], items: Inject[ItemsProvider]) -> Response:
    """Store a new item."""
    return created(items.add(body))
