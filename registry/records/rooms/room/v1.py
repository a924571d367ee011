"""rooms.Room, version 1.

Generated from schemas/rooms/room/v1.avsc by `invoke generate`; do not edit.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from registry.record import Record, bind
from registry.records.common.money import v1 as common_money_v1


class Recurrency(StrEnum):
    """How often a rent is due."""

    UNKNOWN = "UNKNOWN"
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(slots=True, kw_only=True)
class Room(Record):
    """A room for rent, as its provider offers it."""

    SCHEMA: ClassVar[str] = """{
  "type": "record",
  "name": "Room",
  "namespace": "rooms",
  "doc": "A room for rent, as its provider offers it.",
  "references": [{"name": "common.Money", "version": 1}],
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
    {"name": "url", "doc": "The page of the offer; no two rooms share one.", "type": "string"}
  ]
}
"""
    SUBJECT: ClassVar[str] = "rooms.Room"
    VERSION: ClassVar[int] = 1
    FINGERPRINT: ClassVar[bytes] = bytes.fromhex("f8abd27dc9211fe2")

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


bind(Room, {"rooms.Recurrency": Recurrency, "rooms.Room": Room}, (common_money_v1.Money,))
