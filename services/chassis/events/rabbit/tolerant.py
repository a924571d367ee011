"""A connection that no message ends, whatever its headers are.

pika ends a connection over headers that it cannot read, such as a time after all years or tables
within tables. Such a message would come again by each new connection, and none after it. That is
seen to at a place of pika that is not public.
"""

from struct import unpack_from
from typing import Any

from pika import BasicProperties, SelectConnection
from pika.frame import Header
from pika.spec import FRAME_END_SIZE, FRAME_HEADER, FRAME_HEADER_SIZE


class TolerantConnection(SelectConnection):
    """Gives a message whose properties cannot be read as one that has none."""

    _frame_buffer: bytes

    def _read_frame(self) -> Any:
        try:
            return super()._read_frame()  # type: ignore[misc]  # not public
        except Exception:
            kind, channel, size = unpack_from(">BHL", self._frame_buffer)
            if kind != FRAME_HEADER:
                raise
            _, _, length = unpack_from(">HHQ", self._frame_buffer, FRAME_HEADER_SIZE)
            end = FRAME_HEADER_SIZE + size + FRAME_END_SIZE
            return end, Header(channel, length, BasicProperties())
