"""A walk over a version: each type and field, the JSON that writes it, and where that stands."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias, cast

from registry.schema import (
    ArraySchema,
    Field,
    MapSchema,
    NamedSchema,
    RecordSchema,
    Schema,
    UnionSchema,
)
from registry.source import JSON


class Flaw(NamedTuple):
    """What a rule has against a place. `at` is a JSON Pointer from there, see `locate`."""

    message: str
    fix: str
    at: str = "/name"


class TypePlace(NamedTuple):
    """A type where a text defines or names it."""

    pointer: str
    owner: str
    """The field that it is the type of, such as `shop.Order.lines`; else its own name."""
    schema: Schema
    value: JSON

    @property
    def defined(self) -> NamedSchema | None:
        """The record, enum or fixed that is defined here."""
        return _defined(self.schema, self.value)


class FieldPlace(NamedTuple):
    """A field where a text defines it."""

    pointer: str
    owner: str
    """Its full name, such as `shop.Order.lines`."""
    field: Field
    value: Mapping[str, JSON]


Place: TypeAlias = TypePlace | FieldPlace


def places(schema: Schema, value: JSON, pointer: str = "", owner: str = "") -> Iterator[Place]:
    """Yield the places of a sound schema in the order of its text; `value` is that text's JSON."""
    yield TypePlace(pointer, owner or schema.label, schema, value)
    if isinstance(schema, UnionSchema) and isinstance(value, list):
        for index, (branch, each) in enumerate(zip(schema.branches, value, strict=True)):
            yield from places(branch, each, f"{pointer}/{index}", owner)
    elif isinstance(value, dict):
        if isinstance(schema, RecordSchema) and _defined(schema, value):
            yield from _fields(schema, cast("list[dict[str, JSON]]", value["fields"]), pointer)
        elif isinstance(schema, ArraySchema):
            yield from places(schema.items, value["items"], f"{pointer}/items", owner)
        elif isinstance(schema, MapSchema):
            yield from places(schema.values, value["values"], f"{pointer}/values", owner)


def _fields(record: RecordSchema, values: list[dict[str, JSON]], pointer: str) -> Iterator[Place]:
    for index, (field, value) in enumerate(zip(record.fields, values, strict=True)):
        place = FieldPlace(f"{pointer}/fields/{index}", f"{record.name}.{field.name}", field, value)
        yield place
        yield from places(field.type, value["type"], f"{place.pointer}/type", place.owner)


def _defined(schema: Schema, value: JSON) -> NamedSchema | None:
    """Return the named type that a JSON value defines; others name it, some as an object."""
    words = ("record", "error", "enum", "fixed")
    is_definition = isinstance(value, dict) and value["type"] in words
    return schema if is_definition and isinstance(schema, NamedSchema) else None
