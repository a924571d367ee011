"""common.Coordinates, version 1.

Generated from schemas/common/coordinates/v1.avsc by `invoke generate`; do not edit.
"""

from dataclasses import dataclass
from struct import Struct
from typing import ClassVar

from registry.codec.runtime import Budget, Refused, new, number
from registry.record import Record, bind


@dataclass(slots=True, kw_only=True)
class Coordinates(Record):
    """A point on the earth (WGS 84)."""

    SCHEMA: ClassVar[str] = """{
  "type": "record",
  "name": "Coordinates",
  "namespace": "common",
  "doc": "A point on the earth (WGS 84).",
  "fields": [
    {"name": "latitude", "doc": "Degrees north of the equator, -90 to 90.", "type": "double"},
    {"name": "longitude", "doc": "Degrees east of Greenwich, -180 to 180.", "type": "double"}
  ]
}
"""
    SUBJECT: ClassVar[str] = "common.Coordinates"
    VERSION: ClassVar[int] = 1
    FINGERPRINT: ClassVar[bytes] = bytes.fromhex("9dc643be68c1b39c")

    latitude: float
    """Degrees north of the equator, -90 to 90."""
    longitude: float
    """Degrees east of Greenwich, -180 to 180."""


# What encodes and decodes: o is an object, b the bytes, p the offset in them, s what is left
# to spend, n a number as it stands in the bytes, e where a text ends.
def encode_coordinates(o: Coordinates, s: Budget) -> bytes:
    if type(o) is not Coordinates:
        raise Refused
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    x1 = o.latitude
    if type(x1) is not float:
        x1 = number(x1)
    x2 = o.longitude
    if type(x2) is not float:
        x2 = number(x2)
    v3 = pack_dd(x1, x2)
    return v3


def decode_coordinates(b: bytes, p: int, s: Budget) -> tuple[Coordinates, int]:
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    o = new(Coordinates)
    x1, x2 = unpack_dd(b, p)
    o.latitude = x1
    o.longitude = x2
    p += 16
    return o, p


pack_dd = Struct("<dd").pack
unpack_dd = Struct("<dd").unpack_from


bind(
    Coordinates,
    {"common.Coordinates": Coordinates},
    (),
    {Coordinates: (encode_coordinates, decode_coordinates)},
)
