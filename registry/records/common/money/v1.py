"""common.Money, version 1.

Generated from schemas/common/money/v1.avsc by `invoke generate`; do not edit.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from registry.record import Record, bind


@dataclass(slots=True, kw_only=True)
class Money(Record):
    """An amount of money in one currency."""

    SCHEMA: ClassVar[str] = """{
  "type": "record",
  "name": "Money",
  "namespace": "common",
  "doc": "An amount of money in one currency.",
  "fields": [
    {
      "name": "amount",
      "doc": "The amount in major units of the currency, exact to two decimal places.",
      "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}
    },
    {
      "name": "currency",
      "doc": "The ISO 4217 code of the currency, such as EUR.",
      "type": "string"
    }
  ]
}
"""
    SUBJECT: ClassVar[str] = "common.Money"
    VERSION: ClassVar[int] = 1
    FINGERPRINT: ClassVar[bytes] = bytes.fromhex("9007f8a37ebba006")

    amount: Decimal
    """The amount in major units of the currency, exact to two decimal places."""
    currency: str
    """The ISO 4217 code of the currency, such as EUR."""


bind(Money, {"common.Money": Money}, ())
