"""What handlers answer with: entities in the JSON form of their records."""

import json
from typing import Any, Final, Protocol
from uuid import UUID

from flask import Response, request

from registry.record import Record
from services.chassis.pages import Page

MEDIA_TYPE: Final = "application/json"


class Entity(Protocol):
    """A record that has an id."""

    id: UUID

    def to_json(self) -> bytes:
        """Return the JSON form."""


def entity(record: Record) -> Response:
    """Answer with one entity."""
    return Response(record.to_json(), content_type=MEDIA_TYPE)


def page(name: str, found: Page[Any]) -> Response:
    """Answer with a page; its entities are under `name`."""
    entities = b",".join(each.to_json() for each in found.entities)
    cursor = json.dumps(found.next_cursor).encode()
    body = b'{"%b":[%b],"next_cursor":%b}' % (name.encode(), entities, cursor)
    return Response(body, content_type=MEDIA_TYPE)


def created(record: Entity) -> Response:
    """Answer with a new entity and where it is."""
    headers = {"Location": f"{request.path.rstrip('/')}/{record.id}"}
    return Response(record.to_json(), 201, headers, content_type=MEDIA_TYPE)
