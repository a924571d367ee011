"""The handlers of openapi.yaml, by operationId."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response
from injector import Inject

from services.chassis.answers import created, entity, page
from services.rooms.provider import RoomsProvider


def search(rooms: Inject[RoomsProvider], limit: int = 20, cursor: str | None = None) -> Response:
    """Answer with a page of rooms."""
    return page("rooms", rooms.search(limit=limit, cursor=cursor))


def get(room_id: str, rooms: Inject[RoomsProvider]) -> Response:
    """Answer with one room."""
    return entity(rooms.get(UUID(room_id)))


def post(body: Mapping[str, Any], rooms: Inject[RoomsProvider]) -> Response:
    """Store a new room."""
    return created(rooms.add(body))
