"""Bytes made fewer and plainer while they still show a finding."""

from collections.abc import Callable, Iterator
from time import monotonic
from typing import Final

from tests.fuzz.findings import Finding

_SECONDS: Final = 5.0
_CHUNKS: Final = (64, 16, 4, 2, 1)


def smallest(finding: Finding, data: bytes, shown: Callable[[bytes], Finding | None]) -> Finding:
    """Return the finding on the fewest bytes that greedy cutting comes to.

    `shown` tries some bytes, and returns the finding of the same kind if they give it.
    """
    until = monotonic() + _SECONDS
    better = True
    while better and monotonic() < until:
        better = False
        for candidate in _plainer(data):
            found = shown(candidate)
            if found:
                finding, data, better = found, candidate, True
                break
            if monotonic() > until:
                break
    return finding


def _plainer(data: bytes) -> Iterator[bytes]:
    for size in _CHUNKS:
        for start in range(0, len(data) - size + 1, size):
            yield data[:start] + data[start + size :]
    for place, byte in enumerate(data):
        for plain in {0, byte & 0x7F, byte // 2} - {byte}:
            if plain < byte:
                yield data[:place] + bytes([plain]) + data[place + 1 :]
