"""Frames: what stands before a datum so that a reader knows its writer.

Single-object encoding is `C3 01` and the fingerprint (Avro 1.12, "Single-object encoding");
Confluent's frame is `00` and the schema id in 4 bytes, big-endian.
"""

from struct import Struct
from typing import Protocol, TypeVar

from registry.defaults import INT_RANGE
from registry.errors import NoSuchSubject, NoSuchVersion, NotFramed, Unencodable, UnknownSchema
from registry.record import Record, schema_of
from registry.schema import Schema
from registry.subjects import SchemaVersion

R = TypeVar("R", bound=Record)

_SINGLE = b"\xc3\x01"
_CONFLUENT = Struct(">BI")
_SINGLE_SIZE = len(_SINGLE) + 8


class Schemas(Protocol):
    """Where the schema of a writer is looked up; a SchemaTree is one."""

    def version(self, name: str) -> SchemaVersion:
        """Return the version of a name such as `rooms.Room/2`.

        Raises NoSuchSubject, NoSuchVersion, UnknownSchema.
        """

    def by_fingerprint(self, fingerprint: bytes) -> tuple[SchemaVersion, ...]:
        """Return the versions of a CRC-64-AVRO fingerprint (8 bytes)."""

    def by_id(self, number: int) -> SchemaVersion:
        """Return the version of a schema id. Raises UnknownSchema."""


def encode(record: Record, id: int | None = None) -> bytes:  # noqa: A002 the name is settled
    """Return a record in single-object encoding; with an id, in Confluent's frame.

    Raises Unencodable.
    """
    if id is not None and not 0 <= id <= INT_RANGE[1]:
        raise Unencodable("", id, f"a schema id from 0 to {INT_RANGE[1]}")
    frame = _SINGLE + record.FINGERPRINT if id is None else _CONFLUENT.pack(0, id)
    return frame + record.to_avro()


def decode(
    data: bytes, made: type[R], schemas: Schemas | None = None, writer: str | None = None
) -> R:
    """Read a framed datum into a generated class.

    `writer` is the version that the message names, such as `rooms.Room/2`; its fingerprint must be
    that of the frame. Without it the writer is the class's own version if the fingerprint fits,
    else the highest version in `schemas` that has it. Raises NotFramed, UnknownSchema, Undecodable,
    LimitExceeded.
    """
    if data.startswith(_SINGLE) and len(data) >= _SINGLE_SIZE:
        schema = _of_fingerprint(data[len(_SINGLE) : _SINGLE_SIZE], made, schemas, writer)
        return made.from_avro(data[_SINGLE_SIZE:], schema)
    if data.startswith(b"\0") and len(data) >= _CONFLUENT.size:
        number: int = _CONFLUENT.unpack_from(data)[1]
        if schemas is None:
            message = f"The frame has the id {number}, and no schemas to look it up in."
            raise UnknownSchema(message, "Pass schemas=SchemaTree.load(...).")
        return made.from_avro(data[_CONFLUENT.size :], schemas.by_id(number).schema)
    raise _not_framed(data)


def reframe(data: bytes, version: SchemaVersion) -> bytes:
    """Put a datum that `version` has written from single-object encoding into Confluent's frame.

    The datum is not read. Raises NotFramed, and UnknownSchema where the fingerprint is another.
    """
    if not data.startswith(_SINGLE) or len(data) < _SINGLE_SIZE:
        raise _not_framed(data)
    _verify(data[len(_SINGLE) : _SINGLE_SIZE], version)
    return _CONFLUENT.pack(0, version.id) + data[_SINGLE_SIZE:]


def _not_framed(data: bytes) -> NotFramed:
    return NotFramed(
        f"The bytes begin with {data[:2].hex(' ') or 'nothing'}.",
        "A frame begins with C3 01 and a fingerprint, or with 00 and a schema id.",
    )


def _verify(fingerprint: bytes, version: SchemaVersion) -> None:
    if version.fingerprint != fingerprint:
        message = f"The message says {version}, but its fingerprint is {fingerprint.hex()}."
        raise UnknownSchema(message, f"That of {version} is {version.fingerprint.hex()}.")


def _of_fingerprint(
    fingerprint: bytes, made: type[Record], schemas: Schemas | None, writer: str | None
) -> Schema:
    if writer is not None and schemas is not None:
        return _named(fingerprint, schemas, writer).schema
    if fingerprint == made.FINGERPRINT:
        return schema_of(made)
    found = [] if schemas is None else _known(fingerprint, made, schemas)
    if not found:
        message = f"No version of {made.SUBJECT} has the fingerprint {fingerprint.hex()}."
        raise UnknownSchema(message, "Fetch the schemas of the service that wrote it.")
    return max(found, key=lambda each: each.number).schema


def _known(fingerprint: bytes, made: type[Record], schemas: Schemas) -> list[SchemaVersion]:
    versions = schemas.by_fingerprint(fingerprint)
    return [each for each in versions if each.subject == made.SUBJECT] or list(versions)


def _named(fingerprint: bytes, schemas: Schemas, writer: str) -> SchemaVersion:
    try:
        version = schemas.version(writer)
    except (NoSuchSubject, NoSuchVersion) as error:
        raise UnknownSchema(error.reason, error.fix) from None
    _verify(fingerprint, version)
    return version
