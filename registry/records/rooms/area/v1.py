"""rooms.Area, version 1.

Generated from schemas/rooms/area/v1.avsc by `invoke generate`; do not edit.
"""

from dataclasses import dataclass
from typing import ClassVar

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


bind(Area, {"rooms.Area": Area}, ())
