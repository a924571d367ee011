"""Decimals, durations and uuids as the bytes that Avro writes (Avro 1.12, "Logical Types").

Each function raises TypeError, AttributeError, ValueError or ArithmeticError for what the other
side cannot hold.
"""

import math
from binascii import unhexlify
from collections.abc import Callable
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, Inexact, InvalidOperation
from functools import cache
from struct import Struct
from typing import Final, cast
from uuid import UUID, SafeUUID

from registry.codec.varint import read_long, write_long
from registry.limits import LIMITS
from registry.values import Duration

_DIGITS: Final = 2 * LIMITS.decimal_bytes
_EXACT: Final = Context(
    prec=2 * _DIGITS, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[Inexact, InvalidOperation]
)
_DURATION: Final = Struct("<III")
_FLOAT: Final = Struct("<f")
_UUID_TEXT: Final = 36
_DOUBLE_BITS: Final = 53
_HUGE: Final = 900  # bits, beyond any double
_DASHES: Final = b"----"
_new = object.__new__
_from_bytes = int.from_bytes
_set_int: Callable[[UUID, int], None] = vars(UUID)["int"].__set__
_set_safe: Callable[[UUID, SafeUUID], None] = vars(UUID)["is_safe"].__set__
_UNKNOWN: Final = SafeUUID.unknown


def decimal(value: Decimal, precision: int, scale: int) -> bytes:
    """Return a decimal's unscaled number in the fewest bytes, big-endian, in two's complement."""
    return _twos_complement(_within(value, precision, scale))


def fixed_decimal(value: Decimal, precision: int, scale: int, size: int) -> bytes:
    """Return a decimal's unscaled number in `size` bytes."""
    return _within(value, precision, scale).to_bytes(size, "big", signed=True)


def decimal_of(raw: bytes, precision: int, scale: int) -> Decimal:
    """Return the decimal of an unscaled number of at most `LIMITS.decimal_bytes`."""
    if len(raw) > LIMITS.decimal_bytes:
        raise ValueError(len(raw))
    number = _from_bytes(raw, signed=True)
    if abs(number) >= _power(precision):
        raise ValueError(number)
    return Decimal(number).scaleb(-scale, _EXACT)


def big_decimal(value: Decimal) -> bytes:
    """Return a decimal with its own scale: the unscaled number as bytes, then the scale as long."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > _DIGITS:
        raise ValueError(value)
    unscaled = _twos_complement(_unscaled(value, -exponent))
    return write_long(len(unscaled)) + unscaled + write_long(-exponent)


def big_decimal_of(raw: bytes) -> Decimal:
    """Return the decimal of a number with its own scale."""
    if len(raw) > LIMITS.decimal_bytes:
        raise ValueError(len(raw))
    try:
        size, start = read_long(raw, 0)
        scale, end = read_long(raw, start + size) if 0 <= size <= len(raw) - start else (0, -1)
    except IndexError:
        raise ValueError(raw) from None
    if end != len(raw) or abs(scale) > _DIGITS:
        raise ValueError(raw)
    number = int.from_bytes(raw[start : start + size], "big", signed=True)
    return Decimal(number).scaleb(-scale, _EXACT)


def duration(value: Duration) -> bytes:
    """Return the 12 bytes of a duration. Raises struct.error where a part is out of range."""
    return _DURATION.pack(value.months, value.days, value.milliseconds)


def duration_of(raw: bytes) -> Duration:
    """Return the duration of 12 bytes."""
    months, days, milliseconds = _DURATION.unpack(raw)
    return Duration(months=months, days=days, milliseconds=milliseconds)


def uuid_text(value: UUID) -> bytes:
    """Return a uuid as text (RFC 9562): 36 bytes."""
    if not isinstance(value, UUID):
        raise TypeError(value)
    h = f"{value.int:032x}"
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}".encode()


def uuid_of_text(raw: bytes) -> UUID:
    """Return the uuid of a text: 32 hexadecimal digits and the four dashes (RFC 9562)."""
    if len(raw) != _UUID_TEXT or raw[8:24:5] != _DASHES:
        raise ValueError(raw)
    octets = unhexlify(raw.replace(b"-", b""))
    if len(octets) != 16:  # noqa: PLR2004 128 bits
        raise ValueError(raw)
    value: UUID = _new(UUID)
    _set_int(value, _from_bytes(octets))
    _set_safe(value, _UNKNOWN)
    return value


def uuid_bytes(value: UUID) -> bytes:
    """Return the 16 bytes of a uuid."""
    return value.bytes


def uuid_of(raw: bytes) -> UUID:
    """Return the uuid of 16 bytes, as `UUID(bytes=raw)` does in twice the time."""
    if len(raw) != 16:  # noqa: PLR2004 128 bits
        raise ValueError(raw)
    value: UUID = _new(UUID)
    _set_int(value, _from_bytes(raw))
    _set_safe(value, _UNKNOWN)
    return value


def to_float(value: float) -> float:
    """Round a number to the nearest that 4 bytes can hold; infinite beyond them."""
    if isinstance(value, int) and abs(value) >> _DOUBLE_BITS:
        value = _odd(value)
    try:
        return cast("float", _FLOAT.unpack(_FLOAT.pack(value))[0])
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _odd(value: int) -> float:
    """Return a double that rounds to the float that a large int rounds to: its last bit is odd."""
    number = abs(value)
    shift = number.bit_length() - _DOUBLE_BITS
    kept = number >> shift
    odd = kept | (kept << shift != number)
    size = math.ldexp(odd, shift) if shift < _HUGE else math.inf
    return -size if value < 0 else size


def _within(value: Decimal, precision: int, scale: int) -> int:
    number = _unscaled(value, scale)
    if abs(number) >= _power(precision):
        raise ValueError(value)
    return number


@cache
def _power(precision: int) -> int:
    """Return the first number of too many digits."""
    power: int = 10 ** min(precision, _DIGITS)
    return power


def _unscaled(value: Decimal, scale: int) -> int:
    """Return the number that a decimal is at a scale, all of it."""
    if not isinstance(value, Decimal) or not value.is_finite():
        raise TypeError(value)
    if not (-_DIGITS <= value.adjusted() <= _DIGITS and value.adjusted() + scale <= _DIGITS):
        if value:
            raise ValueError(value)
        return 0
    scaled = value.scaleb(scale, _EXACT)
    number = int(scaled)
    if number != scaled:
        raise ValueError(value)
    return number


def _twos_complement(number: int) -> bytes:
    bits = number.bit_length() if number >= 0 else (number + 1).bit_length()
    return number.to_bytes(bits // 8 + 1, "big", signed=True)
