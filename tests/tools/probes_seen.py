"""Values of generated classes, looked at from outside: is each what its type says it is?"""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from registry import Duration, Schema, Timestamp, schema_of
from registry.naming import python_names
from registry.schema import (
    ArraySchema,
    EnumSchema,
    MapSchema,
    NamedSchema,
    RecordSchema,
    UnionSchema,
)
from registry.values import ambiguous
from tests.tools.probes import Plain

PYTHON: Final[Mapping[str, type]] = {
    "null": type(None),
    "boolean": bool,
    "int": int,
    "long": int,
    "float": float,
    "double": float,
    "bytes": bytes,
    "string": str,
    "fixed": bytes,
    "array": list,
    "map": dict,
    "date": date,
    "time-millis": time,
    "time-micros": time,
    "uuid": UUID,
    "duration": Duration,
    "decimal": Decimal,
    "big-decimal": Decimal,
    "timestamp-nanos": Timestamp,
    "timestamp-millis": datetime,
    "timestamp-micros": datetime,
    "local-timestamp-nanos": Timestamp,
    "local-timestamp-millis": datetime,
    "local-timestamp-micros": datetime,
}
"""The class of the values of each type, or logical type."""


def seen(schema: Schema, value: Any) -> Plain:
    """Return what `registry.read(..., tagged=True)` gives for a value of a generated class.

    Fails where a value is of another class than that of its type, or is a pair where Python's type
    tells the branch, or is none where it does not.
    """
    if isinstance(schema, UnionSchema):
        label, inner = branch(schema, value)
        chosen = next(each for each in schema.branches if each.label == label)
        return label, seen(chosen, inner)
    if isinstance(schema, RecordSchema):
        assert schema_of(type(value)).label == schema.name
        attributes = python_names(schema).items()
        types = {each.name: each.type for each in schema.fields}
        return {name: seen(types[name], getattr(value, its)) for name, its in attributes}
    if isinstance(schema, EnumSchema):
        assert schema_of(type(value)).label == schema.name
        return str(value)
    assert _class_tells(schema, value), value
    if isinstance(schema, ArraySchema):
        return [seen(schema.items, each) for each in value]
    if isinstance(schema, MapSchema):
        return {key: seen(schema.values, each) for key, each in value.items()}
    return value


def branch(union: UnionSchema, value: Any) -> tuple[str, Any]:
    """Return the label of the branch that a value of a union says it is of, and the rest."""
    positions = ambiguous(union)
    if isinstance(value, tuple):
        label, inner = value
        assert label in {union.branches[i].label for i in positions}, value
        return label, inner
    sure = [each for i, each in enumerate(union.branches) if i not in positions]
    (label,) = [each.label for each in sure if _class_tells(each, value)]
    return label, value


def _class_tells(schema: Schema, value: object) -> bool:
    name = getattr(type(value), "__avro_name__", None)
    if name or isinstance(schema, RecordSchema | EnumSchema):
        return isinstance(schema, NamedSchema) and schema.name == name
    return type(value) is PYTHON[schema.logical.name if schema.logical else schema.type]
