"""What a type of Avro is called in a type hint."""

from collections.abc import Mapping
from typing import Final

from registry.schema import (
    ArraySchema,
    EnumSchema,
    MapSchema,
    RecordSchema,
    Schema,
    UnionSchema,
)
from registry.values import ambiguous
from tools.modules.layout import quoted
from tools.modules.names import VALUES, Names

_PRIMITIVES: Final[Mapping[str, str]] = {
    "boolean": "bool",
    "bytes": "bytes",
    "double": "float",
    "fixed": "bytes",
    "float": "float",
    "int": "int",
    "long": "int",
    "string": "str",
}
_LOGICAL: Final[Mapping[str, tuple[str, str]]] = {
    "big-decimal": ("decimal", "Decimal"),
    "date": ("datetime", "date"),
    "decimal": ("decimal", "Decimal"),
    "duration": (VALUES, "Duration"),
    "local-timestamp-micros": ("datetime", "datetime"),
    "local-timestamp-millis": ("datetime", "datetime"),
    "local-timestamp-nanos": (VALUES, "Timestamp"),
    "time-micros": ("datetime", "time"),
    "time-millis": ("datetime", "time"),
    "timestamp-micros": ("datetime", "datetime"),
    "timestamp-millis": ("datetime", "datetime"),
    "timestamp-nanos": (VALUES, "Timestamp"),
    "uuid": ("uuid", "UUID"),
}


def hints(schema: Schema, names: Names) -> list[str]:
    """Return the members of the union that stands for a type; most have one, None is the last."""
    if isinstance(schema, UnionSchema):
        pairs = ambiguous(schema)
        members = dict.fromkeys(
            _pair(each, branch, names) if index in pairs else each
            for index, branch in enumerate(schema.branches)
            for each in hints(branch, names)
        )
        return sorted(members, key=lambda each: each == "None") or [names.of("typing", "Never")]
    if isinstance(schema, ArraySchema):
        return [f"{names.of('builtins', 'list')}[{_hint(schema.items, names)}]"]
    if isinstance(schema, MapSchema):
        key = names.of("builtins", "str")
        return [f"{names.of('builtins', 'dict')}[{key}, {_hint(schema.values, names)}]"]
    if isinstance(schema, RecordSchema | EnumSchema):
        return [names.class_of(schema)]
    if schema.logical:
        return [names.of(*_LOGICAL[schema.logical.name])]
    return ["None"] if schema.type == "null" else [names.of("builtins", _PRIMITIVES[schema.type])]


def _pair(hint: str, branch: Schema, names: Names) -> str:
    label = f"{names.of('typing', 'Literal')}[{quoted(branch.label)}]"
    return f"{names.of('builtins', 'tuple')}[{label}, {hint}]"


def _hint(schema: Schema, names: Names) -> str:
    return " | ".join(hints(schema, names))
