"""rooms.Room, version 2.

Generated from schemas/rooms/room/v2.avsc by `invoke generate`; do not edit.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from registry.codec.runtime import (
    INT,
    LONG,
    Budget,
    Refused,
    block,
    codes,
    int_rest,
    join,
    length,
    members,
    new,
    opened,
    utf8,
    uuid_of_text,
    uuid_text,
)
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
    images: list[Image] = field(default_factory=list[Image])
    """Pictures of the room, the best one first."""


# What encodes and decodes: o is an object, b the bytes, p the offset in them, s what is left
# to spend, n a number as it stands in the bytes, e where a text ends.
def encode_image(o: Image, s: Budget) -> bytes:
    if type(o) is not Image:
        raise Refused
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    v1 = utf8(o.url)
    x2 = o.caption
    if x2 is None:
        v3 = b"\x00"
    else:
        v4 = utf8(x2)
        v3 = b"\x02" + LONG[len(v4)] + v4
    return LONG[len(v1)] + v1 + v3


def decode_image(b: bytes, p: int, s: Budget) -> tuple[Image, int]:
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    o = new(Image)
    n = b[p]
    if n & 129:
        e, p = length(b, p)
    else:
        p += 1
        e = p + (n >> 1)
    o.url = b[p:e].decode()
    p = e
    n = b[p]
    p += 1
    if n == 0:
        o.caption = None
    elif n == 2:
        n = b[p]
        if n & 129:
            e, p = length(b, p)
        else:
            p += 1
            e = p + (n >> 1)
        o.caption = b[p:e].decode()
        p = e
    else:
        raise Refused
    return o, p


def encode_room(o: Room, s: Budget) -> bytes:
    if type(o) is not Room:
        raise Refused
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    v1 = uuid_text(o.id)
    v2 = utf8(o.name)
    v3 = utf8(o.description)
    v4 = common_money_v1.Money.__avro_encode__(o.price, s)
    v5 = recurrency_codes[o.recurrency]
    v6 = utf8(o.provider)
    v7 = utf8(o.url)
    x8 = o.monthly_price
    if x8 is None:
        v9 = b"\x00"
    else:
        v10 = common_money_v1.Money.__avro_encode__(x8, s)
        v9 = b"\x02" + v10
    x11 = o.property_size
    if x11 is None:
        v12 = b"\x00"
    else:
        if type(x11) is not int:
            raise Refused
        v12 = b"\x02" + INT[x11]
    v13 = visibility_codes[o.visibility]
    x14 = o.area
    if x14 is None:
        v15 = b"\x00"
    else:
        v16 = rooms_area_v1.Area.__avro_encode__(x14, s)
        v15 = b"\x02" + v16
    x17 = o.coordinates
    if x17 is None:
        v18 = b"\x00"
    else:
        v19 = common_coordinates_v1.Coordinates.__avro_encode__(x17, s)
        v18 = b"\x02" + v19
    x20 = o.images
    v22 = opened(x20, list, s)
    v23 = join([encode_image(x21, s) for x21 in x20])
    return join(
        (
            b"\x48",
            v1,
            LONG[len(v2)],
            v2,
            LONG[len(v3)],
            v3,
            v4,
            v5,
            LONG[len(v6)],
            v6,
            LONG[len(v7)],
            v7,
            v9,
            v12,
            v13,
            v15,
            v18,
            v22,
            v23,
            b"\x00",
        )
    )


def decode_room(b: bytes, p: int, s: Budget) -> tuple[Room, int]:
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    o = new(Room)
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
    o.name = b[p:e].decode()
    p = e
    n = b[p]
    if n & 129:
        e, p = length(b, p)
    else:
        p += 1
        e = p + (n >> 1)
    o.description = b[p:e].decode()
    p = e
    o.price, p = common_money_v1.Money.__avro_decode__(b, p, s)
    n = b[p]
    p += 1
    o.recurrency = recurrency_members[n]
    n = b[p]
    if n & 129:
        e, p = length(b, p)
    else:
        p += 1
        e = p + (n >> 1)
    o.provider = b[p:e].decode()
    p = e
    n = b[p]
    if n & 129:
        e, p = length(b, p)
    else:
        p += 1
        e = p + (n >> 1)
    o.url = b[p:e].decode()
    p = e
    n = b[p]
    p += 1
    if n == 0:
        o.monthly_price = None
    elif n == 2:
        o.monthly_price, p = common_money_v1.Money.__avro_decode__(b, p, s)
    else:
        raise Refused
    n = b[p]
    p += 1
    if n == 0:
        o.property_size = None
    elif n == 2:
        n = b[p]
        p += 1
        if n > 127:
            n, p = int_rest(b, p, n)
        o.property_size = (n >> 1) ^ -(n & 1)
    else:
        raise Refused
    n = b[p]
    p += 1
    o.visibility = visibility_members[n]
    n = b[p]
    p += 1
    if n == 0:
        o.area = None
    elif n == 2:
        o.area, p = rooms_area_v1.Area.__avro_decode__(b, p, s)
    else:
        raise Refused
    n = b[p]
    p += 1
    if n == 0:
        o.coordinates = None
    elif n == 2:
        o.coordinates, p = common_coordinates_v1.Coordinates.__avro_decode__(b, p, s)
    else:
        raise Refused
    v1: list[Image] = []
    while b[p]:
        c3, p, e4 = block(b, p, s, 2)
        for _ in range(c3):
            x2, p = decode_image(b, p, s)
            v1.append(x2)
        if e4 and p != e4:
            raise Refused
    p += 1
    o.images = v1
    return o, p


recurrency_codes = codes(Recurrency)
visibility_codes = codes(Visibility)
recurrency_members = members(Recurrency)
visibility_members = members(Visibility)


bind(
    Room,
    {
        "rooms.Recurrency": Recurrency,
        "rooms.Visibility": Visibility,
        "rooms.Image": Image,
        "rooms.Room": Room,
    },
    (common_money_v1.Money, common_coordinates_v1.Coordinates, rooms_area_v1.Area),
    {Image: (encode_image, decode_image), Room: (encode_room, decode_room)},
)
