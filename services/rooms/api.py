"""The handlers of openapi.yaml, by operationId."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response
from injector import Inject

from registry.records.rooms.room.v2 import Room
from services.chassis.entities.answers import created, entity, gone, page
from services.chassis.entities.conditions import if_match
from services.chassis.entities.filters import asked
from services.chassis.entities.idempotency import Idempotency
from services.rooms.provider import RoomsProvider


def search(rooms: Inject[RoomsProvider], limit: int = 20, cursor: str | None = None) -> Response:
    """Answer with a page of rooms."""
    return page("rooms", Room, rooms.search(limit=limit, cursor=cursor, **asked()))


def get(room_id: str, rooms: Inject[RoomsProvider]) -> Response:
    """Answer with one room."""
    return entity(rooms.get(UUID(room_id)))


def count(room_id: str, rooms: Inject[RoomsProvider]) -> Mapping[str, object]:
    """Answer with how many items are in a room."""
    identity = UUID(room_id)
    return {"room_id": str(identity), "count": rooms.count_items(identity)}


def post(
    body: Mapping[str, Any], rooms: Inject[RoomsProvider], once: Inject[Idempotency]
) -> Response:
    """Store a new room."""
    return once(lambda: created(rooms.add(body)))


def patch(room_id: str, body: Mapping[str, Any], rooms: Inject[RoomsProvider]) -> Response:
    """Change a room."""
    return entity(rooms.patch(UUID(room_id), body, if_match()))


def delete(room_id: str, rooms: Inject[RoomsProvider]) -> Response:
    """Delete a room."""
    rooms.delete(UUID(room_id), if_match())
    return gone()
