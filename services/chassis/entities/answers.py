"""What handlers answer with: entities in the form that the client prefers, JSON or Avro."""

import json
from hashlib import blake2b
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from registry.codec.varint import write_long
from registry.record import Record
from services.chassis.entities.conditions import entity_tag, tagged
from services.chassis.entities.negotiation import chosen
from services.chassis.entities.pages import Page
from services.chassis.entities.rows import EntityRow
from services.chassis.media_types import AVRO, JSON


def entity(row: EntityRow) -> Response:
    """Answer with one entity."""
    media_type = chosen()
    if media_type == AVRO:
        body, content_type = row.record.to_avro(), _avro_of(type(row.record))
    else:
        body, content_type = row.record.to_json(), JSON
    answer = Response(body, content_type=content_type)
    return tagged(answer, entity_tag(row.version, media_type))


def created(row: EntityRow) -> Response:
    """Answer with a new entity and where it is."""
    answer = entity(row)
    answer.status_code = 201
    answer.headers["Location"] = f"{request.path.rstrip('/')}/{row.id}"
    return answer


def gone() -> Response:
    """Answer that an entity is no more."""
    answer = Response(status=204)
    del answer.headers["Content-Type"]
    return answer


def page(name: str, kind: type[Record], found: Page[Any]) -> Response:
    """Answer with a page of entities of a kind; in JSON they are under `name`."""
    records = [row.record for row in found.entities]
    if chosen() == AVRO:
        answer = Response(_array(records), content_type=_avro_of(kind))
    else:
        entities = b",".join(record.to_json() for record in records)
        cursor = json.dumps(found.next_cursor).encode()
        body = b'{"%b":[%b],"next_cursor":%b}' % (name.encode(), entities, cursor)
        answer = Response(body, content_type=JSON)
    if found.next_cursor is not None:
        answer.headers["Link"] = f'<{_page_after(found.next_cursor)}>; rel="next"'
    return tagged(answer, blake2b(answer.get_data(), digest_size=12).hexdigest())


def _page_after(cursor: str) -> str:
    return f"{request.path}?{urlencode({**request.args, 'cursor': cursor})}"


def _avro_of(kind: type[Record]) -> str:
    """Return the media type of Avro that names the schema of the datum, or of each in an array."""
    return f'{AVRO}; schema="{kind.SUBJECT}/{kind.VERSION}"'


def _array(records: list[Record]) -> bytes:
    """Return an Avro array of records: one block, where there are any, and the end."""
    block = [write_long(len(records)), *(each.to_avro() for each in records)] if records else []
    return b"".join([*block, b"\0"])
