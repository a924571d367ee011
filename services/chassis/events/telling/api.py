"""The feed's handler: Avro for programs, JSON for people."""

import json
from collections.abc import Mapping

from flask import Response
from injector import Inject

from registry import wire
from registry.errors import WireError
from registry.record import Record
from registry.records.events.page.v1 import Event
from services.chassis.auth.caller import current_caller
from services.chassis.entities.negotiation import chosen
from services.chassis.events.declaration import Events
from services.chassis.events.telling.feed import Feed
from services.chassis.events.telling.readers import Readers
from services.chassis.media_types import AVRO, JSON
from services.chassis.schemas import Schemas

_SCOPE = "events:read"


def events(
    feed: Inject[Feed],
    declared: Inject[Events],
    schemas: Inject[Schemas],
    readers: Inject[Readers],
    after: int = 0,
    limit: int = 100,
    wait: float = 0,
) -> Response:
    """Answer with the events after a position."""
    page = feed.read(after, limit, wait)
    if chosen() == AVRO:
        caller = current_caller()
        if caller.subject is not None and _SCOPE in caller.scopes:
            readers.note(caller.subject, after)
        return Response(wire.encode(page), content_type=AVRO)
    told = {each.event.SUBJECT: each.event for each in declared.tells}
    events = [_shown(each, told, schemas) for each in page.events]
    shown = {"feed": str(page.feed), "events": events, "position": page.position}
    return Response(json.dumps(shown), content_type=JSON)


def _shown(event: Event, told: Mapping[str, type[Record]], schemas: Schemas) -> dict[str, object]:
    """Return the event's JSON form with the datum decoded; null if it cannot be read any more."""
    shown: dict[str, object] = json.loads(event.to_json())
    record = told.get(event.type)
    shown["data"] = record and _datum(event, record, schemas)
    return shown


def _datum(event: Event, record: type[Record], schemas: Schemas) -> object:
    try:
        read = wire.decode(event.data, record, schemas=schemas, writer=event.dataschema)
    except WireError:
        return None
    return json.loads(read.to_json())
