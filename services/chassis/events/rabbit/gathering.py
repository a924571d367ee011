"""A connection that sends a batch of messages by a few calls.

pika sends each frame of each message on its own: that is most of what a publisher does. What it
would send is gathered here, at a place of pika that is not public. Were it renamed, frames would
go one by one again, and nothing else would change.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pika import SelectConnection

_PIECE_BYTES: Final = 1 << 18


class GatheringConnection(SelectConnection):
    """What is sent inside of `gathering` goes out in large pieces."""

    _gathered: bytearray | None = None

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """Gather what is sent; send it at the end, whatever happens."""
        self._gathered = bytearray()
        try:
            yield
        finally:
            gathered, self._gathered = self._gathered, None
            if gathered:
                self._adapter_emit_data(bytes(gathered))

    def _adapter_emit_data(self, data: bytes) -> None:
        if self._gathered is None:
            super()._adapter_emit_data(data)  # type: ignore[misc]  # not public
            return
        self._gathered += data
        if len(self._gathered) >= _PIECE_BYTES:
            super()._adapter_emit_data(bytes(self._gathered))  # type: ignore[misc]  # not public
            self._gathered.clear()
