"""common.Money, version 1.

Generated from schemas/common/money/v1.avsc by `invoke generate`; do not edit.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from registry.codec.runtime import (
    LONG,
    Budget,
    Refused,
    decimal,
    decimal_of,
    join,
    length,
    new,
    utf8,
)
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


# What encodes and decodes: o is an object, b the bytes, p the offset in them, s what is left
# to spend, n a number as it stands in the bytes, e where a text ends.
def encode_money(o: Money, s: Budget) -> bytes:
    if type(o) is not Money:
        raise Refused
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    v1 = decimal(o.amount, 12, 2)
    v2 = utf8(o.currency)
    return join((LONG[len(v1)], v1, LONG[len(v2)], v2))


def decode_money(b: bytes, p: int, s: Budget) -> tuple[Money, int]:
    s[0] -= 1
    if s[0] < 0:
        raise Refused
    o = new(Money)
    n = b[p]
    if n & 129:
        e, p = length(b, p)
    else:
        p += 1
        e = p + (n >> 1)
    o.amount = decimal_of(b[p:e], 12, 2)
    p = e
    n = b[p]
    if n & 129:
        e, p = length(b, p)
    else:
        p += 1
        e = p + (n >> 1)
    o.currency = b[p:e].decode()
    p = e
    return o, p


bind(Money, {"common.Money": Money}, (), {Money: (encode_money, decode_money)})
