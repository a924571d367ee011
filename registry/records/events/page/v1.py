"""events.Page, version 1.

Generated from schemas/events/page/v1.avsc by `invoke generate`; do not edit.
"""

from builtins import type as type_
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from registry.codec.runtime import (
    LONG,
    Budget,
    Refused,
    block,
    join,
    length,
    micros,
    moment_of_micros,
    new,
    opened,
    rest,
    utf8,
    uuid_of_text,
    uuid_text,
)
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


# What encodes and decodes: o is an object, b the bytes, p the offset in them, s what is left
# to spend, n a number as it stands in the bytes, e where a text ends.
def encode_event(o: Event, s: Budget) -> bytes:
    if type_(o) is not Event:
        raise Refused
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    x1 = o.position
    if type_(x1) is not int:
        raise Refused
    v2 = uuid_text(o.id)
    v3 = utf8(o.type)
    v4 = utf8(o.aggregate_id)
    x5 = o.aggregate_version
    if type_(x5) is not int:
        raise Refused
    v6 = utf8(o.dataschema)
    v7 = LONG[micros(o.occurred_at)]
    x8 = o.data
    if type_(x8) is not bytes:
        raise Refused
    return join(
        (
            LONG[x1],
            b"\x48",
            v2,
            LONG[len(v3)],
            v3,
            LONG[len(v4)],
            v4,
            LONG[x5],
            LONG[len(v6)],
            v6,
            v7,
            LONG[len(x8)],
            x8,
        )
    )


def decode_event(b: bytes, p: int, s: Budget) -> tuple[Event, int]:
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    o = new(Event)
    n = b[p]
    p += 1
    if n > 127:
        n, p = rest(b, p, n)
    o.position = (n >> 1) ^ -(n & 1)
    if b[p] != 72:
        raise Refused
    e = p + 37
    o.id = uuid_of_text(b[p + 1 : e])
    p = e
    n = b[p]
    if n & 129:
        e, p = length(b, p)
    else:
        p += 1
        e = p + (n >> 1)
    o.type = b[p:e].decode()
    p = e
    n = b[p]
    if n & 129:
        e, p = length(b, p)
    else:
        p += 1
        e = p + (n >> 1)
    o.aggregate_id = b[p:e].decode()
    p = e
    n = b[p]
    p += 1
    if n > 127:
        n, p = rest(b, p, n)
    o.aggregate_version = (n >> 1) ^ -(n & 1)
    n = b[p]
    if n & 129:
        e, p = length(b, p)
    else:
        p += 1
        e = p + (n >> 1)
    o.dataschema = b[p:e].decode()
    p = e
    n = b[p]
    p += 1
    if n > 127:
        n, p = rest(b, p, n)
    o.occurred_at = moment_of_micros((n >> 1) ^ -(n & 1))
    n = b[p]
    if n & 129:
        e, p = length(b, p)
    else:
        p += 1
        e = p + (n >> 1)
    o.data = b[p:e]
    p = e
    return o, p


def encode_page(o: Page, s: Budget) -> bytes:
    if type_(o) is not Page:
        raise Refused
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    v1 = uuid_text(o.feed)
    x2 = o.events
    v4 = opened(x2, list, s)
    v5 = join([encode_event(x3, s) for x3 in x2])
    x6 = o.position
    if type_(x6) is not int:
        raise Refused
    return join((b"\x48", v1, v4, v5, b"\x00", LONG[x6]))


def decode_page(b: bytes, p: int, s: Budget) -> tuple[Page, int]:
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    o = new(Page)
    if b[p] != 72:
        raise Refused
    e = p + 37
    o.feed = uuid_of_text(b[p + 1 : e])
    p = e
    v1: list[Event] = []
    while b[p]:
        c3, p, e4 = block(b, p, s, 8)
        for _ in range(c3):
            x2, p = decode_event(b, p, s)
            v1.append(x2)
        if e4 and p != e4:
            raise Refused
    p += 1
    o.events = v1
    n = b[p]
    p += 1
    if n > 127:
        n, p = rest(b, p, n)
    o.position = (n >> 1) ^ -(n & 1)
    return o, p


bind(
    Page,
    {"events.Event": Event, "events.Page": Page},
    (),
    {Event: (encode_event, decode_event), Page: (encode_page, decode_page)},
)
