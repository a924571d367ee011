"""rooms.Area, version 1.

Generated from schemas/rooms/area/v1.avsc by `invoke generate`; do not edit.
"""

from dataclasses import dataclass
from typing import ClassVar

from registry.codec.runtime import LONG, Budget, Refused, join, length, new, utf8
from registry.record import Record, bind


@dataclass(slots=True, kw_only=True)
class Area(Record):
    """The part of a city in which a room is."""

    SCHEMA: ClassVar[str] = """{
  "type": "record",
  "name": "Area",
  "namespace": "rooms",
  "doc": "The part of a city in which a room is.",
  "fields": [
    {"name": "city", "doc": "The city, in its own language.", "type": "string"},
    {"name": "country", "doc": "The ISO 3166-1 alpha-2 code of the country.", "type": "string"},
    {
      "name": "district",
      "doc": "The district or neighbourhood, where one is known.",
      "type": ["null", "string"],
      "default": null
    },
    {
      "name": "postal_code",
      "doc": "The postal code, where one is known.",
      "type": ["null", "string"],
      "default": null
    }
  ]
}
"""
    SUBJECT: ClassVar[str] = "rooms.Area"
    VERSION: ClassVar[int] = 1
    FINGERPRINT: ClassVar[bytes] = bytes.fromhex("677c2fd44859615b")

    city: str
    """The city, in its own language."""
    country: str
    """The ISO 3166-1 alpha-2 code of the country."""
    district: str | None = None
    """The district or neighbourhood, where one is known."""
    postal_code: str | None = None
    """The postal code, where one is known."""


# What encodes and decodes: o is an object, b the bytes, p the offset in them, s what is left
# to spend, n a number as it stands in the bytes, e where a text ends.
def encode_area(o: Area, s: Budget) -> bytes:
    if type(o) is not Area:
        raise Refused
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    v1 = utf8(o.city)
    v2 = utf8(o.country)
    x3 = o.district
    if x3 is None:
        v4 = b"\x00"
    else:
        v5 = utf8(x3)
        v4 = b"\x02" + LONG[len(v5)] + v5
    x6 = o.postal_code
    if x6 is None:
        v7 = b"\x00"
    else:
        v8 = utf8(x6)
        v7 = b"\x02" + LONG[len(v8)] + v8
    return join((LONG[len(v1)], v1, LONG[len(v2)], v2, v4, v7))


def decode_area(b: bytes, p: int, s: Budget) -> tuple[Area, int]:
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    o = new(Area)
    n = b[p]
    if n & 129:
        e, p = length(b, p)
    else:
        p += 1
        e = p + (n >> 1)
    o.city = b[p:e].decode()
    p = e
    n = b[p]
    if n & 129:
        e, p = length(b, p)
    else:
        p += 1
        e = p + (n >> 1)
    o.country = b[p:e].decode()
    p = e
    n = b[p]
    p += 1
    if n == 0:
        o.district = None
    elif n == 2:
        n = b[p]
        if n & 129:
            e, p = length(b, p)
        else:
            p += 1
            e = p + (n >> 1)
        o.district = b[p:e].decode()
        p = e
    else:
        raise Refused
    n = b[p]
    p += 1
    if n == 0:
        o.postal_code = None
    elif n == 2:
        n = b[p]
        if n & 129:
            e, p = length(b, p)
        else:
            p += 1
            e = p + (n >> 1)
        o.postal_code = b[p:e].decode()
        p = e
    else:
        raise Refused
    return o, p


bind(Area, {"rooms.Area": Area}, (), {Area: (encode_area, decode_area)})
