"""Bytes of valid data, spoiled: by chance anywhere, and on purpose where numbers stand."""

from collections.abc import Callable
from random import Random
from typing import Final

from tests.fuzz.loose import Loose, varint

HOSTILE_NUMBERS: Final[tuple[bytes, ...]] = (
    *map(varint, (0, 1, 2, 3, 63, 64, 1000, 65_537, 999_999, 1_000_001)),
    *map(varint, (-1, -2, -3, -64, -65, -1000, -1_000_001)),
    *map(varint, (2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**32, 2**33, 2**40)),
    *map(varint, (2**62, 2**63 - 1, -(2**63), 2**63, -(2**63) - 1, 2**64)),
    *(varint(n, size) for n in (0, 1, -1) for size in (2, 5, 9, 10, 11)),
    b"\xff" * 9 + b"\x01",
    b"\xff" * 9 + b"\x7f",
    b"\xff" * 11,
    b"\x80" * 9,
)
"""Sizes, counts and indexes that mean harm, and numbers longer than they need be."""
_ALWAYS = (b"\0", b"\xff", b"\x01", b"\x80", b"\xc3\x28", b"\xed\xa0\x80", b"\0" * 8)


def mutant(loose: Loose, random: Random) -> bytes:
    """Return the bytes of an encoded value with one to three things done to them."""
    if loose.numbers and random.random() < 0.4:
        start, end = random.choice(loose.numbers)
        data = loose.data[:start] + random.choice(HOSTILE_NUMBERS) + loose.data[end:]
        return bytes(_spoiled(data, random)) if random.random() < 0.2 else bytes(data)
    data = bytearray(loose.data)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        data = _spoiled(data, random)
    return bytes(data)


def _spoiled(data: bytearray, random: Random) -> bytearray:
    return random.choice(_WAYS)(bytearray(data), random)


def _flipped(data: bytearray, random: Random) -> bytearray:
    if data:
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return data


def _changed(data: bytearray, random: Random) -> bytearray:
    if data:
        data[random.randrange(len(data))] = random.randrange(256)
    return data


def _short(data: bytearray, random: Random) -> bytearray:
    start, end = _slice(data, random)
    del data[start : random.choice((end, len(data)))]
    return data


def _doubled(data: bytearray, random: Random) -> bytearray:
    start, end = _slice(data, random)
    data[start:start] = data[start:end]
    return data


def _swapped(data: bytearray, random: Random) -> bytearray:
    start, end = _slice(data, random)
    middle = random.randint(start, end)
    data[start:end] = data[middle:end] + data[start:middle]
    return data


def _inserted(data: bytearray, random: Random) -> bytearray:
    place = random.randint(0, len(data))
    data[place:place] = random.choice((*HOSTILE_NUMBERS, *_ALWAYS))
    return data


def _slice(data: bytearray, random: Random) -> tuple[int, int]:
    start = random.randint(0, len(data))
    return start, min(len(data), start + random.randint(1, 12))


_WAYS: tuple[Callable[[bytearray, Random], bytearray], ...] = (
    _flipped,
    _changed,
    _short,
    _doubled,
    _swapped,
    _inserted,
)
