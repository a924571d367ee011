"""Bytes of a file in the order in which they stand there."""

from typing import Protocol

from registry.codec.varint import read_long
from registry.errors import Undecodable

_MORE = 0x80
_LONGEST = 10  # bytes of a 64-bit number


class Readable(Protocol):
    """A file that is open for reading bytes, or what behaves so."""

    def read(self, size: int, /) -> bytes:
        """Return up to so many bytes; none at the end."""
        ...


class Writable(Protocol):
    """A file that is open for writing bytes, or what behaves so."""

    def write(self, data: bytes, /) -> int:
        """Write bytes and return how many were."""
        ...


class Stream:
    """A file that is read from front to back; `offset` is the place of its next byte."""

    def __init__(self, file: Readable, offset: int = 0) -> None:
        self._file = file
        self.offset = offset

    def some(self, size: int) -> bytes:
        """Return so many bytes, fewer only where the file ends first."""
        data = self._file.read(size)
        if data and len(data) < size:
            data += self._rest(size - len(data))
        self.offset += len(data)
        return data

    def _rest(self, size: int) -> bytes:
        parts = []
        while size and (part := self._file.read(size)):  # a pipe gives what has arrived
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def take(self, size: int) -> bytes:
        """Return exactly so many bytes. Raises Undecodable."""
        data = self.some(size)
        if len(data) < size:
            reason = f"the file ends here, {size - len(data)} bytes too early"
            raise Undecodable("", self.offset, reason)
        return data

    def long(self, first: bytes = b"") -> int:
        """Return a zig-zag number, whose first byte may have been taken. Raises Undecodable."""
        data = first or self.take(1)
        while data[-1] >= _MORE and len(data) < _LONGEST:
            data += self.take(1)
        try:
            return read_long(data, 0)[0]
        except (ValueError, IndexError):
            reason = "the number has more than 64 bits"
            raise Undecodable("", self.offset - len(data), reason) from None
