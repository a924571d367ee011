"""events.Page, version 1.

Generated from schemas/events/page/v1.avsc by `invoke generate`; do not edit.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from registry.record import Record, bind


@dataclass(slots=True, kw_only=True)
class Event(Record):
    """One event and what a reader must know to decode it."""

    position: int
    """The place in the feed, dense and from 1."""
    id: UUID
    """Identifies the event; seen twice, it is the same event."""
    type: str
    """The subject of the datum, such as shop.OrderChanged."""
    aggregate_id: str
    """The entity that the event is about; its events keep their order."""
    aggregate_version: int
    """Counts the events of this entity from 1."""
    dataschema: str
    """The schema version of the datum, such as shop.OrderChanged/1."""
    occurred_at: datetime
    """When it happened."""
    data: bytes
    """The datum in single-object encoding."""


@dataclass(slots=True, kw_only=True)
class Page(Record):
    """A page of a service's event feed, in the order of their positions."""

    SCHEMA: ClassVar[str] = """{
  "type": "record",
  "name": "Page",
  "namespace": "events",
  "doc": "A page of a service's event feed, in the order of their positions.",
  "fields": [
    {
      "name": "feed",
      "doc": "Identifies the feed; another id than before means that positions begin anew.",
      "type": {"type": "string", "logicalType": "uuid"}
    },
    {
      "name": "events",
      "doc": "The events of this page, the oldest first; empty when there is nothing new.",
      "type": {
        "type": "array",
        "items": {
          "type": "record",
          "name": "Event",
          "doc": "One event and what a reader must know to decode it.",
          "fields": [
            {
              "name": "position",
              "doc": "The place in the feed, dense and from 1.",
              "type": "long"
            },
            {
              "name": "id",
              "doc": "Identifies the event; seen twice, it is the same event.",
              "type": {"type": "string", "logicalType": "uuid"}
            },
            {
              "name": "type",
              "doc": "The subject of the datum, such as shop.OrderChanged.",
              "type": "string"
            },
            {
              "name": "aggregate_id",
              "doc": "The entity that the event is about; its events keep their order.",
              "type": "string"
            },
            {
              "name": "aggregate_version",
              "doc": "Counts the events of this entity from 1.",
              "type": "long"
            },
            {
              "name": "dataschema",
              "doc": "The schema version of the datum, such as shop.OrderChanged/1.",
              "type": "string"
            },
            {
              "name": "occurred_at",
              "doc": "When it happened.",
              "type": {"type": "long", "logicalType": "timestamp-micros"}
            },
            {"name": "data", "doc": "The datum in single-object encoding.", "type": "bytes"}
          ]
        }
      }
    },
    {
      "name": "position",
      "doc": "The position to ask after next: that of the last event here, else the one asked for.",
      "type": "long"
    }
  ]
}
"""
    SUBJECT: ClassVar[str] = "events.Page"
    VERSION: ClassVar[int] = 1
    FINGERPRINT: ClassVar[bytes] = bytes.fromhex("4174e4c9001204ee")

    feed: UUID
    """Identifies the feed; another id than before means that positions begin anew."""
    events: list[Event]
    """The events of this page, the oldest first; empty when there is nothing new."""
    position: int
    """The position to ask after next: that of the last event here, else the one asked for."""


bind(Page, {"events.Event": Event, "events.Page": Page}, ())
