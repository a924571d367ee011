"""Avro's variable-length zig-zag numbers (Avro 1.12, "Primitive Types").

A raw number is unsigned, as it stands in the bytes: 0, -1, 1, -2 are 0, 1, 2, 3.
"""

from typing import Final

from registry.defaults import INT_RANGE, LONG_RANGE

_MORE = 0x80
_LOW = (1 << 14) - 1
_KEPT = 1 << 13


class _Pairs(dict[int, bytes]):
    """Two bytes for 14 bits of a raw number, kept once somebody needs them."""

    __slots__ = ()

    def __missing__(self, bits: int) -> bytes:
        self[bits] = encoded = bytes((bits & 0x7F | _MORE, bits >> 7 | _MORE))
        return encoded


class _Ends(dict[int, bytes]):
    """The last one or two bytes of a raw number, for its highest 14 bits."""

    __slots__ = ()

    def __missing__(self, bits: int) -> bytes:
        pair = bytes((bits & 0x7F | _MORE, bits >> 7))
        self[bits] = encoded = pair if bits >= _MORE else bytes((bits,))
        return encoded


_PAIRS = _Pairs()
_ENDS = _Ends()


class Numbers(dict[int, bytes]):
    """The bytes of numbers in a range; those of small ones are kept once somebody needs them.

    Looking a number up raises ValueError where it is out of range. The caller sees to it that it is
    an int, as True and 1.0 are keys that equal 1.
    """

    __slots__ = ("high", "low")

    def __init__(self, low: int, high: int) -> None:
        self.low = low
        self.high = high

    def __missing__(self, number: int) -> bytes:
        if not self.low <= number <= self.high:
            raise ValueError(number)
        encoded = _encoded((number << 1) ^ (number >> 63))
        if -_KEPT <= number < _KEPT:
            self[number] = encoded
        return encoded


INT: Final = Numbers(*INT_RANGE)
LONG: Final = Numbers(*LONG_RANGE)


def write_long(number: int) -> bytes:
    """Encode a number from -2**63 to 2**63 - 1 in 1 to 10 bytes. Raises ValueError."""
    return LONG[number]


def read_long(data: bytes, offset: int) -> tuple[int, int]:
    """Decode the number at an offset; return it and the offset behind it.

    Raises IndexError where the data ends first, ValueError where it needs more than 64 bits.
    """
    raw = data[offset]
    offset += 1
    if raw >= _MORE:
        raw, offset = rest(data, offset, raw)
    return (raw >> 1) ^ -(raw & 1), offset


def rest(b: bytes, p: int, n: int) -> tuple[int, int]:  # noqa: PLR0911 a loop takes twice as long
    """Go on with a raw number of 64 bits whose first byte n, at p - 1, says that more follow.

    Returns the raw number and the offset behind it. Each byte is added with the bit that says so,
    which all go in the end. Raises IndexError, ValueError.
    """
    c = b[p]
    if c < _MORE:
        return n + (c << 7) - 0x80, p + 1
    n += c << 7
    c = b[p + 1]
    if c < _MORE:
        return n + (c << 14) - 0x4080, p + 2
    n += c << 14
    c = b[p + 2]
    if c < _MORE:
        return n + (c << 21) - 0x204080, p + 3
    n += c << 21
    c = b[p + 3]
    if c < _MORE:
        return n + (c << 28) - 0x10204080, p + 4
    n += c << 28
    c = b[p + 4]
    if c < _MORE:
        return n + (c << 35) - 0x810204080, p + 5
    n += c << 35
    c = b[p + 5]
    if c < _MORE:
        return n + (c << 42) - 0x40810204080, p + 6
    n += c << 42
    c = b[p + 6]
    if c < _MORE:
        return n + (c << 49) - 0x2040810204080, p + 7
    n += c << 49
    c = b[p + 7]
    if c < _MORE:
        return n + (c << 56) - 0x102040810204080, p + 8
    n += c << 56
    c = b[p + 8]
    if c > 1:
        message = "the number has more than 64 bits"
        raise ValueError(message)
    return n + (c << 63) - 0x8102040810204080, p + 9


def int_rest(b: bytes, p: int, n: int) -> tuple[int, int]:
    """Go on as `rest` does with a raw number of 32 bits. Raises IndexError, ValueError."""
    n, p = rest(b, p, n)
    if n >> 32:
        raise ValueError(n)
    return n, p


def _encoded(n: int) -> bytes:
    if n <= _LOW:
        return _ENDS[n]
    if n < 1 << 28:
        return _PAIRS[n & _LOW] + _ENDS[n >> 14]
    if n < 1 << 42:
        return _PAIRS[n & _LOW] + _PAIRS[n >> 14 & _LOW] + _ENDS[n >> 28]
    start = _PAIRS[n & _LOW] + _PAIRS[n >> 14 & _LOW] + _PAIRS[n >> 28 & _LOW]
    if n < 1 << 56:
        return start + _ENDS[n >> 42]
    return start + _PAIRS[n >> 42 & _LOW] + _ENDS[n >> 56]
