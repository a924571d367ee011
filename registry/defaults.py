"""Default values of fields: what is wrong with one (Avro 1.12 specification, "Complex Types")."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from registry.schema import (
    MISSING,
    ArraySchema,
    EnumSchema,
    FixedSchema,
    MapSchema,
    RecordSchema,
    Schema,
    UnionSchema,
)
from registry.source import JSON, escape

INT_RANGE = (-(1 << 31), (1 << 31) - 1)
LONG_RANGE = (-(1 << 63), (1 << 63) - 1)
_LATIN = 255


def flaw(schema: Schema, value: JSON) -> tuple[str, str] | None:
    """Return the JSON Pointer within a default and what is wrong there, None if it is valid."""
    return _FLAWS.get(schema.type, _scalar_flaw)(schema, value)


def branch_of(schema: UnionSchema, value: JSON) -> Schema | None:
    """Return the first branch of a union for which a default is valid, None if there is none."""
    return next((each for each in schema.branches if flaw(each, value) is None), None)


def _union_flaw(schema: UnionSchema, value: JSON) -> tuple[str, str] | None:
    if branch_of(schema, value) is not None:
        return None
    if len(schema.branches) == 1:
        return flaw(schema.branches[0], value)
    labels = ", ".join(each.label for each in schema.branches)
    return "", f"{_shown(value)} fits no branch of the union ({labels})"


def _array_flaw(schema: ArraySchema, value: JSON) -> tuple[str, str] | None:
    if not isinstance(value, list):
        return "", f"{_shown(value)} is no array"
    return _first_flaw((str(index), schema.items, each) for index, each in enumerate(value))


def _map_flaw(schema: MapSchema, value: JSON) -> tuple[str, str] | None:
    if not isinstance(value, dict):
        return "", f"{_shown(value)} is no object"
    return _first_flaw((escape(key), schema.values, each) for key, each in value.items())


def _record_flaw(schema: RecordSchema, value: JSON) -> tuple[str, str] | None:
    if not isinstance(value, dict):
        return "", f"{_shown(value)} is no object with the fields of {schema.name}"
    for field in schema.fields:
        if field.name not in value:
            if field.default is MISSING:
                return "", f"the field {field.name!r} of {schema.name} has no value"
            continue
        found = flaw(field.type, value[field.name])
        if found:
            return f"/{escape(field.name)}{found[0]}", found[1]
    return None


def _first_flaw(members: Iterable[tuple[str, Schema, JSON]]) -> tuple[str, str] | None:
    for key, schema, value in members:
        found = flaw(schema, value)
        if found:
            return f"/{key}{found[0]}", found[1]
    return None


def _scalar_flaw(schema: Schema, value: JSON) -> tuple[str, str] | None:
    kind = schema.type
    if kind in ("int", "long"):
        low, high = INT_RANGE if kind == "int" else LONG_RANGE
        if type(value) is not int:
            return "", f"{_shown(value)} is no whole number"
        return None if low <= value <= high else ("", f"{value} is out of the range of {kind}")
    if isinstance(schema, EnumSchema):
        return None if value in schema.symbols else ("", f"{_shown(value)} is no symbol of it")
    if kind in ("bytes", "fixed"):
        return _bytes_flaw(schema, value)
    fits = {
        "null": value is None,
        "boolean": isinstance(value, bool),
        "float": type(value) in (int, float),
        "double": type(value) in (int, float),
        "string": isinstance(value, str),
    }[kind]
    return None if fits else ("", f"{_shown(value)} is no {kind}")


def _bytes_flaw(schema: Schema, value: JSON) -> tuple[str, str] | None:
    if not isinstance(value, str):
        return "", f"{_shown(value)} is no string of bytes"
    if any(ord(each) > _LATIN for each in value):
        return "", "a character above U+00FF stands for no byte"
    if isinstance(schema, FixedSchema) and len(value) != schema.size:
        return "", f"it has {len(value)} bytes, not {schema.size}"
    return None


def _shown(value: JSON) -> str:
    words = {None: "null", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return words[value]
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."  # noqa: PLR2004 part of one line


_FLAWS: Mapping[str, Callable[[Any, JSON], tuple[str, str] | None]] = {
    "array": _array_flaw,
    "error": _record_flaw,
    "map": _map_flaw,
    "record": _record_flaw,
    "union": _union_flaw,
}
