"""Decoded parts to values: plain ones, or objects of generated classes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, cast

from registry.codec.logical import REFUSALS, from_raw
from registry.codec.scalars import to_float
from registry.defaults import branch_of
from registry.errors import Undecodable
from registry.naming import python_names
from registry.schema import (
    ArraySchema,
    EnumSchema,
    Field,
    FixedSchema,
    MapSchema,
    RecordSchema,
    Schema,
    UnionSchema,
)
from registry.source import JSON
from registry.values import ambiguous


@dataclass(frozen=True, slots=True, eq=False)
class Builder:
    """What values become. `classes` are generated ones by full name; without them, dicts."""

    classes: Mapping[str, type] = field(default_factory=dict)
    tagged: bool = False
    """Make the value of a union a pair (branch name, value)."""

    def record(self, schema: RecordSchema, values: dict[str, Any]) -> Any:
        """Return an object of the record's class, or the values by Avro's names."""
        made = self.classes.get(schema.name)
        if made is None:
            return values
        names = _names(schema)
        return made(**{names[name]: value for name, value in values.items()})

    def enum(self, schema: EnumSchema, symbol: str) -> str:
        """Return the member of the enum's class, or the symbol."""
        made = self.classes.get(schema.name)
        return symbol if made is None else cast("str", made(symbol))

    def label(self, union: UnionSchema, index: int) -> str | None:
        """Return the name that makes a pair of a value of a union's branch; None for no pair."""
        if self.tagged or (self.classes and index in ambiguous(union)):
            return union.branches[index].label
        return None

    def union(self, union: UnionSchema, index: int, value: Any) -> Any:
        """Return the value of a union's branch."""
        label = self.label(union, index)
        return value if label is None else (label, value)

    def default_of(self, field: Field) -> Any:
        """Return the default of a field that has one. Raises Undecodable."""
        try:
            return self.default(field.type, cast("JSON", field.default))
        except REFUSALS:
            reason = f"the default {field.default!r} stands for no value of the logical type"
            raise Undecodable(field.name, None, reason) from None

    def default(self, schema: Schema, value: JSON) -> Any:
        """Return the default of a field; every call makes new lists, dicts and records."""
        if isinstance(schema, UnionSchema):
            branch = branch_of(schema, value)
            assert branch is not None  # noqa: S101 the parser has validated the default
            return self.union(schema, schema.branches.index(branch), self.default(branch, value))
        if isinstance(schema, ArraySchema):
            return [self.default(schema.items, each) for each in cast("list[JSON]", value)]
        if isinstance(schema, MapSchema):
            pairs = cast("dict[str, JSON]", value).items()
            return {key: self.default(schema.values, each) for key, each in pairs}
        if isinstance(schema, RecordSchema):
            given = cast("dict[str, JSON]", value)
            values = {
                each.name: self.default(each.type, given[each.name])
                if each.name in given
                else self.default_of(each)
                for each in schema.fields
            }
            return self.record(schema, values)
        return self.scalar(schema, _raw(schema, value))

    def scalar(self, schema: Schema, raw: Any) -> Any:
        """Return the value of a raw one. Raises ValueError or ArithmeticError."""
        if isinstance(schema, EnumSchema):
            return self.enum(schema, raw)
        return from_raw(schema, schema.logical, raw) if schema.logical else raw


@lru_cache(maxsize=4096)
def _names(schema: RecordSchema) -> dict[str, str]:
    return python_names(schema)


def _raw(schema: Schema, value: JSON) -> Any:
    if isinstance(schema, FixedSchema) or schema.type == "bytes":
        return cast("str", value).encode("latin-1")
    if schema.type == "float":
        return to_float(cast("float", value))
    return float(cast("float", value)) if schema.type == "double" else value


PLAIN: Final = Builder()
TAGGED: Final = Builder(tagged=True)
