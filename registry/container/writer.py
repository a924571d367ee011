"""Values to container files, one block at a time."""

import os
from collections.abc import Callable, Mapping
from io import BytesIO
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar, overload

from registry.codec.pairs import write
from registry.codec.varint import write_long
from registry.container.compression import COMPRESSIONS, Codec
from registry.container.header import (
    CODEC,
    SCHEMA,
    SYNC_SIZE,
    VERSION,
    header,
    header_bytes,
    text_of,
)
from registry.container.stream import Writable
from registry.errors import LimitExceeded, Unencodable, shown
from registry.limits import LIMITS
from registry.record import Record, schema_of
from registry.schema import Schema

T = TypeVar("T")
R = TypeVar("R", bound=Record)

_BLOCK_BYTES: Final = 1 << 16
_LARGEST: Final = LIMITS.block_bytes // 2  # one datum and what compression may add still fit


class Writer(Generic[T]):
    """Writes a container file of a generated class's version, or of plain values of a schema.

    A file that is left without `close` (or the end of `with`) lacks the data of its last block. The
    file that was given stays open. Data that cannot be written leave the file as it was.
    """

    @overload
    def __init__(
        self: "Writer[R]",
        file: Writable,
        schema: type[R],
        *,
        codec: Codec = ...,
        metadata: Mapping[str, bytes] | None = ...,
        block_bytes: int = ...,
        sync: bytes | None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: "Writer[Any]",
        file: Writable,
        schema: Schema,
        *,
        codec: Codec = ...,
        metadata: Mapping[str, bytes] | None = ...,
        block_bytes: int = ...,
        sync: bytes | None = ...,
    ) -> None: ...
    def __init__(
        self,
        file: Writable,
        schema: type[Record] | Schema,
        *,
        codec: Codec = "deflate",
        metadata: Mapping[str, bytes] | None = None,
        block_bytes: int = _BLOCK_BYTES,
        sync: bytes | None = None,
    ) -> None:
        """Write the header.

        `metadata` are entries of your own; a class adds the name of its version as
        `schema.version`. A block ends with the datum that makes it `block_bytes` or more (before
        compression). `sync` are the 16 bytes between blocks, random unless a test sets them.

        Raises TypeError for what is neither the class of a record nor a schema, and for metadata
        that are not bytes by name; ValueError for an unknown codec, a key that is Avro's (`avro.`),
        sizes out of range; what `container.header` does where the schema or the metadata are more
        than it takes.
        """
        _check(codec, metadata or {}, block_bytes, sync)
        self._file: Writable | None = file
        self._compress = COMPRESSIONS[codec].compress
        self._block_bytes = block_bytes
        self._sync = os.urandom(SYNC_SIZE) if sync is None else sync
        self._data = bytearray()
        self._count = self._weightless = 0
        self._encode, text, version = _parts(schema)
        entries = {SCHEMA: text, CODEC: codec.encode(), **version, **(metadata or {})}
        head = header_bytes(entries, self._sync)
        header(BytesIO(head))  # what nobody could read is not written
        _put(file, head)

    def write(self, value: T) -> None:
        """Add a datum: an object of the class, or a plain value of the schema.

        Raises Unencodable, LimitExceeded, and ValueError after `close`.
        """
        if self._file is None:
            raise ValueError("The container file is closed. Write before `close`.")
        datum = self._encode(value)
        if not datum:
            self._weigh()
        self._data += datum
        self._count += 1
        if len(self._data) >= self._block_bytes:
            self.flush()

    def flush(self) -> None:
        """End the current block, so that a reader sees all data that were written."""
        if not self._count or self._file is None:
            return
        data = self._compress(bytes(self._data))
        head = write_long(self._count) + write_long(len(data))
        self._data.clear()  # first, as a block that was written in part must not come again
        self._count = 0
        _put(self._file, b"".join((head, data, self._sync)))

    def close(self) -> None:
        """Write what is left. The file itself stays open."""
        try:
            self.flush()
        finally:
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _weigh(self) -> None:
        """Refuse what `container.read` would: endless data that cost no bytes."""
        if self._weightless >= LIMITS.datum_items:
            raise LimitExceeded(f"The file has more than {LIMITS.datum_items} records of no bytes.")
        self._weightless += 1


def _check(codec: str, metadata: Mapping[str, bytes], block_bytes: int, sync: bytes | None) -> None:
    if codec not in COMPRESSIONS:
        message = f"The codec {codec!r} is unknown. Known are: {', '.join(COMPRESSIONS)}."
        raise ValueError(message)
    for key, value in metadata.items():
        _check_entry(key, value)
    if not 1 <= block_bytes <= _LARGEST:
        message = f"Blocks of {block_bytes} bytes: take 1 to {_LARGEST}."
        raise ValueError(message)
    if sync is not None and len(sync) != SYNC_SIZE:
        message = f"A sync marker of {len(sync)} bytes: take {SYNC_SIZE}."
        raise ValueError(message)


def _check_entry(key: object, value: object) -> None:
    """Refuse an entry of the metadata; the types are for those who have no type checker."""
    if not isinstance(key, str):
        message = f"The key {key!r} of the metadata is of {type(key).__name__}. Pass a str."
        raise TypeError(message)
    if key.startswith("avro."):
        message = f"The key {key!r} of the metadata is Avro's. Take one without `avro.`."
        raise ValueError(message)
    if not isinstance(value, bytes | bytearray):
        message = f"The value of {key!r} in the metadata is of {type(value).__name__}."
        raise TypeError(f"{message} Pass bytes: those of a text are `text.encode()`.")


def _check_schema(given: object) -> None:
    """Refuse what is neither a schema nor the class of a record."""
    if isinstance(given, Record):
        name = type(given).__qualname__
        raise TypeError(f"The schema is a record of {name}. Pass its class: Writer(file, {name}).")
    if isinstance(given, type) and issubclass(given, Record) and given is not Record:
        return
    if not isinstance(given, Schema):
        found = f"the class {given.__qualname__}" if isinstance(given, type) else shown(given)
        message = f"The schema is {found}. Pass the generated class of a record, such as Room"
        raise TypeError(f"{message}, or a Schema, as `registry.parse` makes of a text.")


def _parts(
    schema: type[Record] | Schema,
) -> tuple[Callable[[Any], bytes], bytes, dict[str, bytes]]:
    """Return how data are encoded, the text of their schema, and the entry that names a version."""
    _check_schema(schema)
    if isinstance(schema, Schema):
        return lambda value: write(value, schema), text_of(schema), {}
    made, encode = schema, schema.to_avro
    name = made.__qualname__
    subject = getattr(made, "SUBJECT", None)  # a class inside a version's module has none
    version = f"{subject}/{made.VERSION}" if subject else ""

    def of_class(value: Any) -> bytes:
        if type(value) is not made:
            wanted = f"an object of {name}{version and f' ({version})'}"
            raise Unencodable("", value, f"{wanted}, which its `upgrade` makes of other versions")
        return encode(value)

    return of_class, text_of(schema_of(made)), {VERSION: version.encode()} if subject else {}


def _put(file: Writable, data: bytes) -> None:
    """Write all bytes: a file without a buffer may take a part only."""
    written = file.write(data)
    while written < len(data):
        written += file.write(data[written:])
