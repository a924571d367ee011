"""One readable value of a schema."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final, TypeVar, cast
from uuid import UUID

from registry.errors import did_you_mean
from registry.limits import LIMITS
from registry.naming import python_names
from registry.record import Record, builder_of, schema_of
from registry.schema import (
    ArraySchema,
    EnumSchema,
    FixedSchema,
    Logical,
    MapSchema,
    RecordSchema,
    Schema,
    UnionSchema,
    children,
)
from registry.testing.shapes import Shape
from registry.values import Duration, Timestamp, ambiguous

R = TypeVar("R", bound=Record)
_MOMENT = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
_NANOS = Timestamp(int(_MOMENT.timestamp()) * 10**9)
_LOGICAL: Final[Mapping[str, Any]] = {
    "big-decimal": Decimal("1.5"),
    "date": date(2026, 1, 1),
    "duration": Duration(months=1, days=2, milliseconds=3000),
    "local-timestamp-micros": _MOMENT.replace(tzinfo=None),
    "local-timestamp-millis": _MOMENT.replace(tzinfo=None),
    "local-timestamp-nanos": _NANOS,
    "time-micros": time(12, 30),
    "time-millis": time(12, 30),
    "timestamp-micros": _MOMENT,
    "timestamp-millis": _MOMENT,
    "timestamp-nanos": _NANOS,
    "uuid": UUID("11111111-2222-4333-8444-555555555555"),
}
_PLAIN: Final[Mapping[str, Any]] = {
    "null": None,
    "boolean": True,
    "int": 1,
    "long": 1,
    "float": 1.5,
    "double": 1.5,
}
_LARGEST_SCALE = 2 * LIMITS.decimal_bytes - 1  # digits; beyond it only less than 1 can travel


def example_of(made: type[R], given: Mapping[str, Any]) -> R:
    """Return a record; `given` are values by attribute. Raises TypeError, Uninhabited."""
    schema = record_schema(made)
    refuse_unknown(schema, given)
    shape = Shape(schema)
    shape.require(schema)
    return cast("R", _Examples(shape, builder_of(made).classes).record(schema, given))


def record_schema(made: type[Record]) -> RecordSchema:
    """Return the schema of a class. Raises TypeError for one that is not of a record."""
    schema = schema_of(made)
    if not isinstance(schema, RecordSchema):
        raise TypeError(f"{made.__qualname__} is the class of {schema.label}, which is no record.")
    return schema


def refuse_unknown(schema: RecordSchema, given: Iterable[str]) -> None:
    """Raise TypeError for what is the name of no attribute."""
    known = python_names(schema).values()
    for name in given:
        if name not in known:
            raise TypeError(f"{schema.name} has no field {name!r}. {did_you_mean(name, known)}")


def required(made: type) -> frozenset[str]:
    """Return the attributes that a class has no default for."""
    return frozenset(
        each.name
        for each in fields(made)
        if each.default is MISSING and each.default_factory is MISSING
    )


class _Examples:
    def __init__(self, shape: Shape, classes: Mapping[str, type]) -> None:
        self.shape = shape
        self.classes = classes

    def record(self, schema: RecordSchema, given: Mapping[str, Any] | None = None) -> Any:
        made, names = self.classes[schema.name], python_names(schema)
        needed = required(made)
        found = {
            names[field.name]: self.value(field.type, field.name)
            for field in schema.fields
            if names[field.name] in needed and names[field.name] not in (given or {})
        }
        return made(**found, **(given or {}))

    def value(self, schema: Schema, name: str) -> Any:
        """Return a value of a type; `name` is that of the field around it."""
        if isinstance(schema, RecordSchema):
            return self.record(schema)
        if isinstance(schema, UnionSchema):
            return self.union(schema, name)
        if isinstance(schema, ArraySchema | MapSchema):
            (inner,) = children(schema)
            some = {"key": self.value(inner, name)} if self.shape.is_free(inner) else {}
            return some if isinstance(schema, MapSchema) else [*some.values()]
        if schema.logical:
            return _of_logical(schema.logical)
        if isinstance(schema, EnumSchema):
            return self.symbol(schema)
        return _scalar(schema, name)

    def union(self, schema: UnionSchema, name: str) -> Any:
        choices = self.shape.cheapest(schema)
        branch = next((each for each in choices if each.type != "null"), choices[0])
        value = self.value(branch, name)
        is_pair = schema.branches.index(branch) in ambiguous(schema)
        return (branch.label, value) if is_pair else value

    def symbol(self, schema: EnumSchema) -> Any:
        """Return a symbol; the default is for those that a reader does not know."""
        known = (each for each in schema.symbols if each != schema.default)
        return self.classes[schema.name](next(known, schema.symbols[0]))


def _scalar(schema: Schema, name: str) -> Any:
    if isinstance(schema, FixedSchema):
        return (name.encode() * schema.size)[: schema.size]
    if schema.type == "bytes":
        return name.encode()
    return name if schema.type == "string" else _PLAIN[schema.type]


def _of_logical(logical: Logical) -> Any:
    if logical.name != "decimal":
        return _LOGICAL[logical.name]
    is_one = logical.scale < min(logical.precision, _LARGEST_SCALE)
    digits = (1,) + (0,) * logical.scale * is_one
    return Decimal((0, digits, -logical.scale))
