"""The feed's handler: Avro for programs, JSON for people."""

import json
from collections.abc import Mapping

from flask import Response
from injector import Inject

from registry import wire
from registry.record import Record
from registry.records.events.page.v1 import Event
from services.chassis.entities.negotiation import chosen
from services.chassis.events.declaration import Events
from services.chassis.events.feed import Feed
from services.chassis.media_types import AVRO, JSON
from services.chassis.schemas import tree


def events(
    feed: Inject[Feed],
    declared: Inject[Events],
    after: int = 0,
    limit: int = 100,
    wait: float = 0,
) -> Response:
    """Answer with the events after a position."""
    page = feed.read(after, limit, wait)
    if chosen() == AVRO:
        return Response(wire.encode(page), content_type=AVRO)
    told = {each.SUBJECT: each for each in declared.tells}
    events = [_shown(each, told) for each in page.events]
    shown = {"feed": str(page.feed), "events": events, "position": page.position}
    return Response(json.dumps(shown), content_type=JSON)


def _shown(event: Event, told: Mapping[str, type[Record]]) -> dict[str, object]:
    """Return the event's JSON form with the datum decoded; null for a type no longer told."""
    shown: dict[str, object] = json.loads(event.to_json())
    record = told.get(event.type)
    shown["data"] = record and json.loads(
        wire.decode(event.data, record, schemas=tree(), writer=event.dataschema).to_json()
    )
    return shown
