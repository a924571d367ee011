"""What stands before the blocks of a container file: its schema, its codec, its sync marker."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

from registry.canonical import full_text
from registry.codec.varint import write_long
from registry.container.compression import COMPRESSIONS, Codec
from registry.container.stream import Readable, Stream
from registry.errors import LimitExceeded, NotFramed, SchemaError, Undecodable, shown
from registry.limits import LIMITS, Limits
from registry.parsing import parse
from registry.schema import Schema

MAGIC: Final = b"Obj\x01"
SYNC_SIZE: Final = 16
SCHEMA: Final = "avro.schema"
CODEC: Final = "avro.codec"
VERSION: Final = "schema.version"

_CACHED: Final = 1 << 16  # bytes; a larger schema is not worth what it would hold in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a container file says of itself. `schema` is the writer's."""

    schema: Schema
    codec: Codec
    metadata: Mapping[str, bytes]
    """All entries, those of Avro (`avro.schema`, `avro.codec`) too."""
    sync: bytes
    """16 bytes, which end the header and each block."""
    size: int
    """Bytes of the header: where the first block begins."""

    @property
    def version(self) -> str | None:
        """The version that the file says it was written in, such as `shop.Order/2`."""
        return self.metadata.get(VERSION, b"").decode(errors="replace") or None


def header(file: Readable, *, limits: Limits = LIMITS) -> Header:
    """Read the header at the beginning of a file, and no byte more.

    Raises NotFramed where the file is no container, Undecodable, LimitExceeded, and SchemaError
    where the schema in it is none.
    """
    stream = Stream(file)
    magic = stream.some(len(MAGIC))
    if magic != MAGIC:
        found = magic.hex(" ") or "nothing"
        fix = "A container file begins with 4F 62 6A 01."
        raise NotFramed(f"The file begins with {found}.", fix)
    try:
        metadata = _metadata(stream, limits)
        sync = stream.take(SYNC_SIZE)
        codec = _codec(metadata)
        schema = _schema(metadata, limits)
    except Undecodable as error:
        error.path = "header"
        raise
    return Header(schema=schema, codec=codec, metadata=metadata, sync=sync, size=stream.offset)


def header_bytes(metadata: Mapping[str, bytes], sync: bytes) -> bytes:
    """Return the header of a file with such metadata, Avro's own included."""
    parts = [MAGIC, write_long(len(metadata))]
    for key, value in metadata.items():
        name = key.encode()
        parts += write_long(len(name)), name, write_long(len(value)), value
    return b"".join([*parts, write_long(0), sync])


@lru_cache(maxsize=256)
def text_of(schema: Schema) -> bytes:
    """Return the self-contained text of a schema in UTF-8, as our files have it."""
    return full_text(schema).encode()


def _metadata(stream: Stream, limits: Limits) -> dict[str, bytes]:
    """Return the map of the metadata (Avro 1.12, "Maps")."""
    found: dict[str, bytes] = {}
    while count := stream.long():
        if count < 0:  # the size of these entries stands next, for those who skip them
            _check_size(stream, stream.long(), limits)
        if len(found) + abs(count) > limits.header_entries:
            raise LimitExceeded(f"The header has more than {limits.header_entries} entries.")
        for _ in range(abs(count)):
            at = stream.offset
            key = _key(_counted(stream, limits), at)
            if key in found:
                raise Undecodable("", at, f"the key {shown(key)} stands twice")
            found[key] = _counted(stream, limits)
    return found


def _key(data: bytes, at: int) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Undecodable("", at, "the key is not UTF-8") from None


def _counted(stream: Stream, limits: Limits) -> bytes:
    size = stream.long()
    _check_size(stream, size, limits)
    return stream.take(size)


def _check_size(stream: Stream, size: int, limits: Limits) -> None:
    if size < 0:
        raise Undecodable("", stream.offset, f"nothing can have {size} bytes")
    if stream.offset + size > limits.header_bytes:
        raise LimitExceeded(f"The header has more than {limits.header_bytes} bytes.")


def _codec(metadata: Mapping[str, bytes]) -> Codec:
    name = metadata.get(CODEC, b"null").decode(errors="replace")
    if name not in COMPRESSIONS:
        known = ", ".join(COMPRESSIONS)
        raise Undecodable("", None, f"the codec {shown(name)} is none of {known}")
    return cast("Codec", name)


def _schema(metadata: Mapping[str, bytes], limits: Limits) -> Schema:
    if SCHEMA not in metadata:
        raise Undecodable("", None, f"there is no entry {SCHEMA!r}")
    text = metadata[SCHEMA]
    try:
        if limits is LIMITS and len(text) <= _CACHED:
            return _parsed(text)
        return parse(text, strict=False, limits=limits)
    except SchemaError as error:
        error.file = SCHEMA
        raise


@lru_cache(maxsize=32)
def _parsed(text: bytes) -> Schema:
    """Return one object for one text, for which the codec has its plans already."""
    return parse(text, strict=False)
