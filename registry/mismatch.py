"""How two types differ in themselves, whatever is inside them ("Schema Resolution", Avro 1.12)."""

from functools import lru_cache
from typing import TypeAlias

from registry.errors import listed
from registry.matching import PROMOTIONS, Matching
from registry.schema import EnumSchema, FixedSchema, NamedSchema, PrimitiveSchema, Schema

Mismatch: TypeAlias = tuple[str, str] | None
"""A rule by Avro's word, and the reason; None where two types agree."""


def mismatch(matching: Matching, reader: Schema, writer: Schema) -> Mismatch:
    """Return the first way in which a reader's type differs from the writer's."""
    if isinstance(reader, PrimitiveSchema) and isinstance(writer, PrimitiveSchema):
        if reader.type != writer.type:
            promoted = writer.type in PROMOTIONS.get(reader.type, ())
            return None if promoted else _of_type(reader, writer)
    elif type(reader) is not type(writer):
        return _of_type(reader, writer)
    elif isinstance(reader, NamedSchema) and isinstance(writer, NamedSchema):
        found = _of_named(matching, reader, writer)
        if found:
            return found
    return _of_decimals(matching, reader, writer)


def _of_type(reader: Schema, writer: Schema) -> Mismatch:
    return "TYPE_MISMATCH", f"the writer has {writer.label}, the reader {reader.label}"


def _of_named(matching: Matching, reader: NamedSchema, writer: NamedSchema) -> Mismatch:
    if not matching.same_name(reader, writer):
        names = f"the writer calls the type {writer.name}, the reader {reader.name}"
        return "NAME_MISMATCH", f"{names}, without an alias"
    if isinstance(reader, EnumSchema) and isinstance(writer, EnumSchema):
        return _of_symbols(reader, writer)
    if isinstance(reader, FixedSchema) and isinstance(writer, FixedSchema):
        return _of_size(reader, writer)
    return None


def _of_size(reader: FixedSchema, writer: FixedSchema) -> Mismatch:
    if reader.size == writer.size:
        return None
    sizes = f"the writer's has {writer.size} bytes, the reader's {reader.size}"
    return "FIXED_SIZE_MISMATCH", sizes


@lru_cache(maxsize=64)  # many fields may be of one large enum
def _of_symbols(reader: EnumSchema, writer: EnumSchema) -> Mismatch:
    if reader.default is not None or reader.symbols == writer.symbols:
        return None
    known = frozenset(reader.symbols)
    unknown = [each for each in writer.symbols if each not in known]
    reason = f"the reader's {reader.name} lacks {listed(unknown)} and has no default symbol"
    return ("MISSING_ENUM_SYMBOLS", reason) if unknown else None


def _of_decimals(matching: Matching, reader: Schema, writer: Schema) -> Mismatch:
    mine, theirs = reader.logical, writer.logical
    if not mine or not theirs or matching.same_decimals(reader, writer):
        return None
    written = f"precision {theirs.precision} and scale {theirs.scale}"
    read = f"precision {mine.precision} and scale {mine.scale}"
    return "DECIMAL_MISMATCH", f"the writer's decimal has {written}, the reader's {read}"
