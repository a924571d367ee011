"""Readers and writers of data: compiled on first use for each pair of schemas, and kept.

Where compiled code gives up, the datum is walked by its schemas: to say what is wrong and where, or
to get through with what is right and rare, such as a number with more bytes than it needs.
"""

from collections.abc import Callable
from functools import lru_cache
from struct import error
from typing import Any, Final, TypeAlias

from registry.canonical import full_text
from registry.codec.budget import check_size, check_spent
from registry.codec.building import PLAIN, TAGGED, Builder
from registry.codec.decoder import decode as walk
from registry.codec.decoder import decode_at
from registry.codec.encoder import encode
from registry.codec.memory import Decode, Encode, compiled_reader, compiled_writer
from registry.limits import LIMITS, Limits
from registry.schema import Schema

Reading: TypeAlias = Callable[[bytes, int], tuple[Any, int]]
"""Decodes the datum at an offset of some bytes; gives the value and the offset behind it."""
GIVES_UP: Final = (
    *(ArithmeticError, AttributeError, LookupError, RecursionError),
    *(TypeError, ValueError, error),
)
"""What emitted code raises for a datum that is wrong, or that it leaves to others."""
_KEPT: Final = 128
_LONGEST: Final = 1 << 18  # characters; longer schemas are walked, as few send two data of one


def read(
    data: bytes,
    writer: Schema,
    reader: Schema | None = None,
    tagged: bool = False,  # noqa: FBT001, FBT002 the name is settled
    *,
    limits: Limits = LIMITS,
) -> Any:
    """Decode one datum of a writer into a plain value of a reader (by default the same schema).

    Fails only where the datum itself cannot be read, not because another one could not. `tagged`
    gives the value of a union as (branch name, value). Raises Undecodable, LimitExceeded.
    """
    return decode(data, writer, reader or writer, TAGGED if tagged else PLAIN, limits=limits)


def write(value: Any, schema: Schema, *, limits: Limits = LIMITS) -> bytes:
    """Encode one datum: a plain value, or an object of a generated class.

    Raises Unencodable with the path, the value and what was expected; LimitExceeded.
    """
    emitted = _encoder(schema) if _is_wide(limits) else None
    if emitted:
        try:
            data = emitted(value, [limits.datum_items, limits.datum_depth])
            if len(data) <= limits.datum_bytes:
                return data
        except GIVES_UP:
            pass
    return encode(value, schema, PLAIN, limits=limits)


def decode(
    data: bytes, writer: Schema, reader: Schema, builder: Builder, *, limits: Limits = LIMITS
) -> Any:
    """Decode one datum into what a builder makes. Raises Undecodable, LimitExceeded."""
    check_size(data, limits)
    emitted = compiled(writer, reader, builder) if _is_wide(limits) else None
    data = bytes(data)
    if emitted:
        budget = [limits.datum_items, limits.datum_depth]
        try:
            value, end = emitted(data, 0, budget)
            if end == len(data):
                return value
        except GIVES_UP:
            check_spent(budget, limits)
    return walk(data, writer, reader, builder, limits=limits)


def reading(
    writer: Schema, reader: Schema, builder: Builder, *, limits: Limits = LIMITS
) -> Reading:
    """Return what decodes a writer's data into values of a reader, made by a builder.

    Calling it raises Undecodable, LimitExceeded.
    """
    emitted = compiled(writer, reader, builder) if _is_wide(limits) else None
    items, depth = limits.datum_items, limits.datum_depth

    def read(data: bytes, offset: int) -> tuple[Any, int]:
        if emitted:
            budget = [items, depth]
            try:
                value, end = emitted(data, offset, budget)
                if end <= len(data):
                    return value, end
            except GIVES_UP:
                check_spent(budget, limits)
        return decode_at(data, offset, writer, reader, builder, limits=limits)

    return read


def _is_wide(limits: Limits) -> bool:
    """Tell whether data may be as deep as schemas are, so that only recursion has to be counted."""
    return limits.datum_depth >= LIMITS.schema_depth


class _Pair:
    """The texts of two schemas and what is made of them, to compare with others."""

    __slots__ = ("builder", "key", "reader", "writer")

    def __init__(self, writer: Schema, reader: Schema, builder: Builder) -> None:
        self.writer = writer
        self.reader = reader
        self.builder = builder
        self.key = (full_text(writer), full_text(reader), id(builder))

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Pair) and self.key == other.key


@lru_cache(maxsize=_KEPT)
def compiled(writer: Schema, reader: Schema, builder: Builder) -> Decode | None:
    """Return code that reads a writer's data; None where that is too much code.

    Schemas that say the same share it, as every message may bring one of its own.
    """
    return emitted_reader(_Pair(writer, reader, builder))


@lru_cache(maxsize=_KEPT)
def _encoder(schema: Schema) -> Encode | None:
    return emitted_writer(_Pair(schema, schema, PLAIN))


@lru_cache(maxsize=_KEPT)
def emitted_reader(pair: _Pair) -> Decode | None:
    """Return the code of a pair, made once for schemas that say the same."""
    if sum(map(len, pair.key[:2])) > _LONGEST:
        return None
    return compiled_reader(pair.writer, pair.reader, pair.builder)


@lru_cache(maxsize=_KEPT)
def emitted_writer(pair: _Pair) -> Encode | None:
    """Return the code of a schema, made once for schemas that say the same."""
    if len(pair.key[0]) > _LONGEST:
        return None
    return compiled_writer(pair.writer, pair.builder)
