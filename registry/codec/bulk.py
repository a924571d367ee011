"""Arrays of primitives, whole blocks at a time.

Long arrays of numbers go through fastavro, a compiled library: no more bytes than are known to be
so many numbers of the right size, and no values but ints.
"""

import marshal
from collections.abc import Callable
from functools import cache
from io import BytesIO
from struct import pack, unpack_from
from typing import Any, Final

from registry.codec.blocks import Budget, block, check_end, length, opened
from registry.codec.varint import LONG, read_long

_LONGEST: Final = 10  # bytes of a number
_MANY: Final = 24  # numbers from which the call of a library pays
_KEPT: Final = 1 << 13
_LONGS: Final = {"type": "array", "items": "long"}
_CONTINUED: Final = bytes(range(128, 256))
_RAW: Final = tuple((n >> 1) ^ -(n & 1) for n in range(128))
from_bytes = int.from_bytes
# In this form of marshal, a list of ints of 32 bits, and no other, has an "i" every five bytes.
_OLD: Final = 2
_ONLY_INT: Final = {int}
_ONLY_BOOL: Final = {bool}
_ONLY_BYTES: Final = {bytes}
_NUMBERS: Final = {int, float}


def _above(number: int) -> bytes:
    """Return a table that makes 1 of a byte that is higher, else 0."""
    return bytes(n > number for n in range(256))


_GOES_ON: Final = _above(0x7F)
_TOO_HIGH_FIFTH: Final = _above(0x0F)
_TOO_HIGH_TENTH: Final = _above(0x01)


def read_ints(b: bytes, p: int, s: Budget) -> tuple[list[int], int]:
    """Read an array of ints of 32 bits. Raises IndexError, ValueError."""
    values: list[int] = []
    while b[p]:
        n, p, end = block(b, p, s, 1)
        encoded = b[p : _end(b, p, n)]
        _check_ints(encoded)
        values += _numbers(encoded, n)
        p += len(encoded)
        check_end(p, end)
    return values, p + 1


def read_longs(b: bytes, p: int, s: Budget) -> tuple[list[int], int]:
    """Read an array of ints of 64 bits. Raises IndexError, ValueError."""
    values: list[int] = []
    while b[p]:
        n, p, end = block(b, p, s, 1)
        encoded = b[p : _end(b, p, n)]
        _check_longs(encoded)
        values += _numbers(encoded, n)
        p += len(encoded)
        check_end(p, end)
    return values, p + 1


def _end(b: bytes, p: int, count: int) -> int:
    """Return the offset behind so many numbers, each of which ends in a byte below 128."""
    last = p + _LONGEST * count
    while count:
        part = b[p : p + count]
        if len(part) < count or p > last:
            raise IndexError(p)
        p += count
        count -= len(part.translate(None, _CONTINUED))
    return p


def _check_ints(encoded: bytes) -> None:
    """Refuse numbers of more than 32 bits: four bytes that go on, and a fifth that is too high.

    All bytes are looked at together, as the digits of one large number.
    """
    fours = _fours(encoded)
    if fours & from_bytes(encoded.translate(_TOO_HIGH_FIFTH), "little") >> 32:
        raise ValueError(encoded)


def _check_longs(encoded: bytes) -> None:
    """Refuse numbers of more than 64 bits: nine bytes that go on, and a tenth that is too high."""
    fours = _fours(encoded)
    if not fours:
        return
    nines = fours & fours >> 32 & from_bytes(encoded.translate(_GOES_ON), "little") >> 64
    if nines & from_bytes(encoded.translate(_TOO_HIGH_TENTH), "little") >> 72:
        raise ValueError(encoded)


def _fours(encoded: bytes) -> int:
    """Return a number with a 1 for each byte that goes on and that three follow that do."""
    ones = from_bytes(encoded.translate(_GOES_ON), "little")
    twos = ones & ones >> 8
    return twos & twos >> 16


def _numbers(encoded: bytes, count: int) -> list[int]:
    """Decode checked numbers."""
    if len(encoded) == count:
        return [_RAW[n] for n in encoded]
    if count < _MANY:
        return _few(encoded)
    read, _, longs = _library()
    values: list[int] = read(BytesIO(LONG[count] + encoded + b"\0"), longs)
    return values


@cache
def _library() -> tuple[Callable[..., Any], Callable[..., Any], Any]:
    """Return what reads and writes an array of longs, imported when the first one is long."""
    from fastavro import (  # noqa: PLC0415 it takes longer than the whole registry
        parse_schema,
        schemaless_reader,
        schemaless_writer,
    )

    return schemaless_reader, schemaless_writer, parse_schema(_LONGS)


def _few(encoded: bytes) -> list[int]:
    values = []
    p = 0
    while p < len(encoded):
        value, p = read_long(encoded, p)
        values.append(value)
    return values


def read_floats(b: bytes, p: int, s: Budget) -> tuple[list[float], int]:
    """Read an array of floats of 4 bytes. Raises IndexError, ValueError."""
    return _read_packed(b, p, s, "f", 4)


def read_doubles(b: bytes, p: int, s: Budget) -> tuple[list[float], int]:
    """Read an array of floats of 8 bytes. Raises IndexError, ValueError."""
    return _read_packed(b, p, s, "d", 8)


def _read_packed(b: bytes, p: int, s: Budget, form: str, size: int) -> tuple[list[float], int]:
    values: list[float] = []
    while b[p]:
        n, p, end = block(b, p, s, size)
        values += unpack_from(f"<{n}{form}", b, p)
        p += n * size
        check_end(p, end)
    return values, p + 1


def read_booleans(b: bytes, p: int, s: Budget) -> tuple[list[bool], int]:
    """Read an array of booleans, each a byte that is 0 or 1. Raises IndexError, ValueError."""
    values: list[bool] = []
    while b[p]:
        n, p, end = block(b, p, s, 1)
        encoded = b[p : p + n]
        if encoded.translate(None, b"\0\1"):
            raise ValueError(encoded)
        values += map(bool, encoded)
        p += n
        check_end(p, end)
    return values, p + 1


def read_strings(b: bytes, p: int, s: Budget) -> tuple[list[str], int]:
    """Read an array of strings. Raises IndexError, ValueError."""
    values: list[str] = []
    while b[p]:
        n, p, end = block(b, p, s, 1)
        for _ in range(n):
            c = b[p]
            if not c & 0x81:
                p += 1
                e = p + (c >> 1)
            elif c & 1 or b[p + 1] > 0x7F:  # noqa: PLR2004 more than two bytes
                e, p = length(b, p)
            else:
                c += (b[p + 1] << 7) - 0x80
                p += 2
                e = p + (c >> 1)
            values.append(b[p:e].decode())
            p = e
        check_end(p, end)
    return values, p + 1


def read_bytes(b: bytes, p: int, s: Budget) -> tuple[list[bytes], int]:
    """Read an array of bytes. Raises IndexError, ValueError."""
    values: list[bytes] = []
    while b[p]:
        n, p, end = block(b, p, s, 1)
        for _ in range(n):
            c = b[p]
            if not c & 0x81:
                p += 1
                e = p + (c >> 1)
            elif c & 1 or b[p + 1] > 0x7F:  # noqa: PLR2004 more than two bytes
                e, p = length(b, p)
            else:
                c += (b[p + 1] << 7) - 0x80
                p += 2
                e = p + (c >> 1)
            values.append(b[p:e])
            p = e
        check_end(p, end)
    return values, p + 1


def write_ints(values: list[int], s: Budget) -> bytes:
    """Write an array of ints of 32 bits. Raises TypeError, ValueError."""
    head = opened(values, list, s)
    if marshal.dumps(values, _OLD)[5::5] != b"i" * len(values):
        raise ValueError(values)
    return head + _written(values) + b"\0"


def write_longs(values: list[int], s: Budget) -> bytes:
    """Write an array of ints of 64 bits. Raises TypeError, ValueError, OverflowError."""
    head = opened(values, list, s)
    if values and set(map(type, values)) != _ONLY_INT:
        raise TypeError(values)
    return head + _written(values) + b"\0"


def _written(values: list[int]) -> bytes:
    """Encode what is known to be ints."""
    if len(values) < _MANY or -_KEPT <= values[0] < _KEPT >= values[-1] >= -_KEPT:
        return b"".join([LONG[each] for each in values])
    _, write, longs = _library()
    out = BytesIO()
    write(out, longs, values)
    return out.getvalue()[len(LONG[len(values)]) : -1]


def write_floats(values: list[float], s: Budget) -> bytes:
    """Write an array of floats of 4 bytes. Raises TypeError, OverflowError."""
    return opened(values, list, s) + _packed(values, "f") + b"\0"


def write_doubles(values: list[float], s: Budget) -> bytes:
    """Write an array of floats of 8 bytes. Raises TypeError, OverflowError."""
    return opened(values, list, s) + _packed(values, "d") + b"\0"


def _packed(values: list[float], form: str) -> bytes:
    if not _NUMBERS.issuperset(map(type, values)):
        raise TypeError(values)
    return pack(f"<{len(values)}{form}", *values)


def write_booleans(values: list[bool], s: Budget) -> bytes:
    """Write an array of booleans. Raises TypeError."""
    head = opened(values, list, s)
    if not _ONLY_BOOL.issuperset(map(type, values)):
        raise TypeError(values)
    return head + bytes(values) + b"\0"


def write_strings(values: list[str], s: Budget) -> bytes:
    """Write an array of strings. Raises TypeError, UnicodeEncodeError."""
    head = opened(values, list, s)
    encoded = list(map(str.encode, values))
    return _counted(head, encoded)


def write_bytes(values: list[bytes], s: Budget) -> bytes:
    """Write an array of bytes. Raises TypeError."""
    head = opened(values, list, s)
    if not _ONLY_BYTES.issuperset(map(type, values)):
        raise TypeError(values)
    return _counted(head, values)


def _counted(head: bytes, encoded: list[bytes]) -> bytes:
    parts = [head]
    for each in encoded:
        parts += (LONG[len(each)], each)
    parts.append(b"\0")
    return b"".join(parts)
