"""rooms.Room, version 2.

Generated from schemas/rooms/room/v2.avsc by `invoke generate`; do not edit.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from registry.record import Record, bind
from registry.records.common.coordinates import v1 as common_coordinates_v1
from registry.records.common.money import v1 as common_money_v1
from registry.records.rooms.area import v1 as rooms_area_v1


class Recurrency(StrEnum):
    """How often a rent is due."""

    UNKNOWN = "UNKNOWN"
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


class Visibility(StrEnum):
    """Who may see something."""

    HIDDEN = "HIDDEN"
    PUBLIC = "PUBLIC"


@dataclass(slots=True, kw_only=True)
class Image(Record):
    """A picture."""

    url: str
    """Where the picture is."""
    caption: str | None = None
    """What the picture shows."""


@dataclass(slots=True, kw_only=True)
class Room(Record):
    """A room for rent, as its provider offers it."""

    SCHEMA: ClassVar[str] = """{
  "type": "record",
  "name": "Room",
  "namespace": "rooms",
  "doc": "A room for rent, as its provider offers it.",
  "references": [
    {"name": "common.Money", "version": 1},
    {"name": "common.Coordinates", "version": 1},
    {"name": "rooms.Area", "version": 1}
  ],
  "fields": [
    {
      "name": "id",
      "doc": "Identifies the room for its whole life.",
      "type": {"type": "string", "logicalType": "uuid"}
    },
    {"name": "name", "doc": "The title of the offer.", "type": "string"},
    {"name": "description", "doc": "The offer in the provider's words.", "type": "string"},
    {"name": "price", "doc": "The rent for one period.", "type": "common.Money"},
    {
      "name": "recurrency",
      "doc": "The period that the price pays for.",
      "type": {
        "type": "enum",
        "name": "Recurrency",
        "doc": "How often a rent is due.",
        "symbols": ["UNKNOWN", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"],
        "default": "UNKNOWN"
      },
      "default": "MONTHLY"
    },
    {"name": "provider", "doc": "Who offers the room.", "type": "string"},
    {"name": "url", "doc": "The page of the offer; no two rooms share one.", "type": "string"},
    {
      "name": "monthly_price",
      "doc": "The rent for a month, where the provider states one.",
      "type": ["null", "common.Money"],
      "default": null
    },
    {
      "name": "property_size",
      "doc": "The floor space in square metres, where it is known.",
      "type": ["null", "int"],
      "default": null
    },
    {
      "name": "visibility",
      "doc": "Who may see the offer.",
      "type": {
        "type": "enum",
        "name": "Visibility",
        "doc": "Who may see something.",
        "symbols": ["HIDDEN", "PUBLIC"],
        "default": "HIDDEN"
      },
      "default": "PUBLIC"
    },
    {
      "name": "area",
      "doc": "Where in the city the room is, where it is known.",
      "type": ["null", "Area"],
      "default": null
    },
    {
      "name": "coordinates",
      "doc": "The exact place, where the provider shares it.",
      "type": ["null", "common.Coordinates"],
      "default": null
    },
    {
      "name": "images",
      "doc": "Pictures of the room, the best one first.",
      "type": {
        "type": "array",
        "items": {
          "type": "record",
          "name": "Image",
          "doc": "A picture.",
          "fields": [
            {"name": "url", "doc": "Where the picture is.", "type": "string"},
            {
              "name": "caption",
              "doc": "What the picture shows.",
              "type": ["null", "string"],
              "default": null
            }
          ]
        }
      },
      "default": []
    }
  ]
}
"""
    SUBJECT: ClassVar[str] = "rooms.Room"
    VERSION: ClassVar[int] = 2
    FINGERPRINT: ClassVar[bytes] = bytes.fromhex("5b19b5e56e1b1f9a")

    id: UUID
    """Identifies the room for its whole life."""
    name: str
    """The title of the offer."""
    description: str
    """The offer in the provider's words."""
    price: common_money_v1.Money
    """The rent for one period."""
    recurrency: Recurrency = Recurrency.MONTHLY
    """The period that the price pays for."""
    provider: str
    """Who offers the room."""
    url: str
    """The page of the offer; no two rooms share one."""
    monthly_price: common_money_v1.Money | None = None
    """The rent for a month, where the provider states one."""
    property_size: int | None = None
    """The floor space in square metres, where it is known."""
    visibility: Visibility = Visibility.PUBLIC
    """Who may see the offer."""
    area: rooms_area_v1.Area | None = None
    """Where in the city the room is, where it is known."""
    coordinates: common_coordinates_v1.Coordinates | None = None
    """The exact place, where the provider shares it."""
    images: list[Image] = field(default_factory=list)
    """Pictures of the room, the best one first."""


bind(
    Room,
    {
        "rooms.Recurrency": Recurrency,
        "rooms.Visibility": Visibility,
        "rooms.Image": Image,
        "rooms.Room": Room,
    },
    (common_money_v1.Money, common_coordinates_v1.Coordinates, rooms_area_v1.Area),
)
