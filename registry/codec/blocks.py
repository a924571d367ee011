"""The counts of arrays and maps (Avro 1.12, "Arrays", "Maps"), within the budget of a datum."""

from collections.abc import Sized
from typing import TypeAlias

from registry.codec.varint import INT, rest

Budget: TypeAlias = list[int]
"""What a datum may still have: elements and records, and records that stand in themselves."""


def block(b: bytes, p: int, s: Budget, least: int) -> tuple[int, int, int]:
    """Return how many elements stand in the block at an offset, and the offset of the first.

    The third number is the offset behind the block where the block says its size, else 0. `least`
    is the fewest bytes of an element. Raises IndexError, ValueError; also for a count of nothing in
    more than one byte.
    """
    n = b[p]
    p += 1
    end = 0
    if n & 0x81:
        n, p, end = _counted(b, p, n)
    else:
        n >>= 1
    if n * least > len(b) - p or end > len(b) or not n:
        raise ValueError(n)
    s[0] -= n
    if s[0] < 0:
        raise ValueError(n)
    return n, p, end


def _counted(b: bytes, p: int, n: int) -> tuple[int, int, int]:
    """Go on with a count of over 63, or one that is negative and has the block's size behind it."""
    if n > 0x7F:  # noqa: PLR2004 another byte follows
        n, p = rest(b, p, n)
    if not n & 1:
        return n >> 1, p, 0
    end, p = length(b, p)
    return (n >> 1) + 1, p, end


def check_end(p: int, end: int) -> None:
    """Raise ValueError where a block that says its size ends elsewhere."""
    if end and p != end:
        raise ValueError(end)


def length(b: bytes, p: int) -> tuple[int, int]:
    """Return where the bytes whose length stands at an offset end, and where they begin."""
    n = b[p]
    p += 1
    if n > 0x7F:  # noqa: PLR2004 another byte follows
        c = b[p]
        if c > 0x7F:  # noqa: PLR2004 and another
            n, p = rest(b, p, n)
        else:
            n += (c << 7) - 0x80
            p += 1
    if n & 1:
        raise ValueError(n)
    return p + (n >> 1), p


def opened(values: Sized, kind: type, s: Budget) -> bytes:
    """Return the count that a list or a dict begins with. Raises TypeError, ValueError."""
    if type(values) is not kind:
        raise TypeError(values)
    count = len(values)
    s[0] -= count
    if s[0] < 0:
        raise ValueError(count)
    return INT[count] if count else b""
