"""Container files to values, one block at a time."""

from collections.abc import Iterator
from typing import Any, TypeVar, overload

from registry.codec.building import PLAIN, TAGGED
from registry.codec.pairs import Reading, reading
from registry.container.compression import COMPRESSIONS
from registry.container.header import SCHEMA, SYNC_SIZE, Header, text_of
from registry.container.header import header as read_header
from registry.container.stream import Readable, Stream
from registry.errors import LimitExceeded, Undecodable
from registry.limits import LIMITS, Limits
from registry.record import Record, builder_of, schema_of
from registry.schema import Schema

R = TypeVar("R", bound=Record)


@overload
def read(
    file: Readable, reader: type[R], *, header: Header | None = None, limits: Limits = LIMITS
) -> Iterator[R]: ...
@overload
def read(
    file: Readable,
    reader: Schema | None = None,
    *,
    tagged: bool = False,
    header: Header | None = None,
    limits: Limits = LIMITS,
) -> Iterator[Any]: ...
def read(
    file: Readable,
    reader: type[Record] | Schema | None = None,
    *,
    tagged: bool = False,
    header: Header | None = None,
    limits: Limits = LIMITS,
) -> Iterator[Any]:
    """Return an iterator over the data of a file, which holds one block at a time in memory.

    `reader` is a generated class, or a schema for plain values (by default the writer's); what
    another version has written is resolved to it. `tagged` gives the plain value of a union as
    (branch name, value). `header` is what `container.header` has read of this file before.

    Raises what `container.header` does at once, and while iterating Undecodable and LimitExceeded,
    after all data of the blocks before. Their paths are like `block 3, record 17: images[0].url`;
    blocks and the records of the whole file count from 1. Offsets are those in the file; of a
    compressed block, that of its data.
    """
    head = header or read_header(file, limits=limits)
    if reader is None or isinstance(reader, Schema):
        schema, builder = reader or head.schema, TAGGED if tagged else PLAIN
    else:
        schema, builder = schema_of(reader), builder_of(reader)
    same = schema is not head.schema and head.metadata[SCHEMA] == text_of(schema)
    decode = reading(schema if same else head.schema, schema, builder, limits=limits)
    return _Blocks(file, head, limits).data(decode)


class _Blocks:
    """The blocks of a file. The place of the current one is kept for messages."""

    def __init__(self, file: Readable, head: Header, limits: Limits) -> None:
        self.stream = Stream(file, head.size)
        self.head = head
        self.limits = limits
        self.block = 0
        self.start = 0
        self.weightless = 0

    def data(self, decode: Reading) -> Iterator[Any]:
        """Yield every datum of the file."""
        done, most = 0, self.limits.datum_bytes
        while first := self.stream.some(1):
            data, count = self.next(first)
            at, record = 0, done
            one = decode if len(data) <= most else self.bounded(decode)
            try:
                for record in range(done + 1, done + count + 1):  # noqa: B007 told where it fails
                    value, at = one(data, at)
                    yield value
            except (Undecodable, LimitExceeded) as error:
                raise self.placed(error, f"block {self.block}, record {record}", at) from None
            done = record
            if at != len(data):
                left = Undecodable("", at, f"{len(data) - at} bytes follow the last record")
                raise self.placed(left, f"block {self.block}", at)

    def bounded(self, decode: Reading) -> Reading:
        """Return what refuses data of more bytes than one may have, for blocks that have more."""
        most = self.limits.datum_bytes

        def one(data: bytes, offset: int) -> tuple[Any, int]:
            value, end = decode(data, offset)
            if end - offset > most:
                raise LimitExceeded(f"The datum has more than {most} bytes.")
            return value, end

        return one

    def next(self, first: bytes) -> tuple[bytes, int]:
        """Return the data of the block that begins with a byte, expanded, and how many they are."""
        self.block += 1
        self.start = self.stream.offset - 1
        try:
            return self.framed(first)
        except Undecodable as error:
            error.path = f"block {self.block}"
            error.offset = self.start if error.offset is None else error.offset
            raise
        except LimitExceeded as error:
            error.reason = f"block {self.block}, byte {self.start}: {error.reason}"
            raise

    def framed(self, first: bytes) -> tuple[bytes, int]:
        """Read one block: count, size, data, sync marker."""
        stream, most = self.stream, self.limits.block_bytes
        count, size = stream.long(first), stream.long()
        if count < 0 or size < 0:
            reason = f"a block cannot hold {count} records in {size} bytes"
            raise Undecodable("", self.start, reason)
        if size > most:
            raise LimitExceeded(f"The block has more than {most} bytes.")
        self.start = stream.offset
        data = stream.take(size)
        if stream.take(SYNC_SIZE) != self.head.sync:
            reason = "the block does not end with the sync marker of the file"
            raise Undecodable("", stream.offset - SYNC_SIZE, reason)
        expanded = COMPRESSIONS[self.head.codec].expand(data, most)
        self.weigh(count, len(expanded))
        return expanded, count

    def weigh(self, count: int, size: int) -> None:
        """Bound the records that can only be of zero bytes, which cost the writer nothing."""
        self.weightless += max(0, count - size)
        if self.weightless > self.limits.datum_items:
            raise LimitExceeded(
                f"The file has more than {self.limits.datum_items} records of no bytes."
            )

    def placed(
        self, error: Undecodable | LimitExceeded, where: str, at: int
    ) -> Undecodable | LimitExceeded:
        """Return an error of a datum with its place in the file."""
        if isinstance(error, LimitExceeded):
            error.reason = f"{where}: {error.reason}"
            return error
        inside = at if error.offset is None else error.offset
        error.path = f"{where}: {error.path}" if error.path else where
        error.offset = self.start
        if self.head.codec == "null":
            error.offset += inside
        else:
            error.reason += f" (byte {inside} of the block, expanded)"
        return error
