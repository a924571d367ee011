"""common.Coordinates, version 1.

Generated from schemas/common/coordinates/v1.avsc by `invoke generate`; do not edit.
"""

from dataclasses import dataclass
from typing import ClassVar

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


bind(Coordinates, {"common.Coordinates": Coordinates}, ())
