"""Default values of fields: what is wrong with one (Avro 1.12 specification, "Complex Types")."""

import math
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Final, TypeAlias, cast

from registry.errors import shown
from registry.limits import LIMITS
from registry.schema import (
    MISSING,
    ArraySchema,
    Field,
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
_LARGEST = sys.float_info.max
_DEEPEST = 2 * LIMITS.datum_depth  # of a union and what is in it
Flaw: TypeAlias = tuple[str, str] | None


def flaw(schema: Schema, value: JSON) -> Flaw:
    """Return the JSON Pointer within a default and what is wrong there, None if it is valid."""
    return _Examination().flaw(schema, value)


def is_plain(schema: Schema, value: JSON) -> bool:
    """Tell whether a default is valid at first sight, and stands for one value."""
    for each in schema.branches if isinstance(schema, UnionSchema) else (schema,):
        fits = _FITS.get(each.type)
        if fits and fits(each, value):
            return True
    return value == _EMPTY.get(schema.type, MISSING)


def weight(schema: Schema, value: JSON, known: dict[int, float]) -> float:
    """Return how many values a valid default stands for, those of inner defaults included.

    Infinite for a record whose default holds itself. `known` keeps results by field for one run.
    """
    if not isinstance(value, list | dict):
        return 1
    if isinstance(schema, UnionSchema):
        return weight(branch_of(schema, value) or schema.branches[0], value, known)
    if isinstance(schema, ArraySchema) and isinstance(value, list):
        return 1 + sum(weight(schema.items, each, known) for each in value)
    if isinstance(schema, MapSchema) and isinstance(value, dict):
        return 1 + sum(weight(schema.values, each, known) for each in value.values())
    if isinstance(schema, RecordSchema) and isinstance(value, dict):
        return 1 + sum(
            weight(field.type, value[field.name], known)
            if field.name in value
            else _own_weight(field, known)
            for field in schema.fields
        )
    return 1


def _own_weight(field: Field, known: dict[int, float]) -> float:
    if id(field) not in known:
        known[id(field)] = math.inf  # until it is known: to meet it again is to go on for ever
        known[id(field)] = weight(field.type, cast("JSON", field.default), known)
    return known[id(field)]


def branch_of(schema: UnionSchema, value: JSON) -> Schema | None:
    """Return the first branch of a union for which a default is valid, None if there is none."""
    return _Examination().branch_of(schema, value)


class _Examination:
    """One run over one default. Keeps results: unions try the same value by many branches."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, int], Flaw] = {}
        self.depth = 0

    def flaw(self, schema: Schema, value: JSON) -> Flaw:
        fits = _FITS.get(schema.type)
        if fits:
            return None if fits(schema, value) else ("", _misfit(schema, value))
        pair = id(schema), id(value)
        if pair not in self.known:
            if self.depth > _DEEPEST:
                return "", "it is nested too deeply"
            self.depth += 1
            self.known[pair] = self.examiners[schema.type](self, schema, value)
            self.depth -= 1
        return self.known[pair]

    def branch_of(self, schema: UnionSchema, value: JSON) -> Schema | None:
        for each in schema.branches:
            fits = _FITS.get(each.type)
            if fits(each, value) if fits else self.flaw(each, value) is None:
                return each
        return None

    def of_union(self, schema: UnionSchema, value: JSON) -> Flaw:
        if self.branch_of(schema, value) is not None:
            return None
        if len(schema.branches) == 1:
            return self.flaw(schema.branches[0], value)
        labels = ", ".join(each.label for each in schema.branches)
        return "", f"{_shown(value)} fits no branch of the union ({labels})"

    def of_array(self, schema: ArraySchema, value: JSON) -> Flaw:
        if not isinstance(value, list):
            return "", f"{_shown(value)} is no array"
        return self.first((str(i), schema.items, each) for i, each in enumerate(value))

    def of_map(self, schema: MapSchema, value: JSON) -> Flaw:
        if not isinstance(value, dict):
            return "", f"{_shown(value)} is no object"
        return self.first((key, schema.values, each) for key, each in value.items())

    def of_record(self, schema: RecordSchema, value: JSON) -> Flaw:
        if not isinstance(value, dict):
            return "", f"{_shown(value)} is no object with the fields of {schema.name}"
        for field in schema.fields:
            if field.name not in value and field.default is MISSING:
                return "", f"the field {field.name!r} of {schema.name} has no value"
        given = (each for each in schema.fields if each.name in value)
        return self.first((each.name, each.type, value[each.name]) for each in given)

    def first(self, members: Iterable[tuple[str, Schema, JSON]]) -> Flaw:
        for key, schema, value in members:
            found = self.flaw(schema, value)
            if found:
                return f"/{escape(key)}{found[0]}", found[1]
        return None

    examiners: ClassVar[Mapping[str, Callable[["_Examination", Any, JSON], Flaw]]] = {
        "array": of_array,
        "error": of_record,
        "map": of_map,
        "record": of_record,
        "union": of_union,
    }


def _misfit(schema: Schema, value: JSON) -> str:
    """Return why a value is not of a type that has no others inside."""
    kind, words = schema.type, _shown(value)
    if kind in ("int", "long"):
        is_whole = type(value) is int
        return (
            f"{value} is out of the range of {kind}" if is_whole else f"{words} is no whole number"
        )
    if kind == "enum":
        return f"{words} is no symbol of it"
    if kind in ("bytes", "fixed"):
        return _misfit_of_bytes(schema, value)
    return f"{words} is no {kind}"


def _misfit_of_bytes(schema: Schema, value: JSON) -> str:
    if not isinstance(value, str):
        return f"{_shown(value)} is no string of bytes"
    if isinstance(schema, FixedSchema) and len(value) != schema.size:
        return f"it has {len(value)} bytes, not {schema.size}"
    return "a character above U+00FF stands for no byte"


def _is_number(_: Schema, value: JSON) -> bool:
    """Tell whether a value is a number that a double can hold."""
    return type(value) in (int, float) and abs(cast("float", value)) <= _LARGEST


def _is_bytes(_: Schema, value: JSON) -> bool:
    return isinstance(value, str) and (value.isascii() or max(map(ord, value)) <= _LATIN)


def _shown(value: JSON) -> str:
    words = {None: "null", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return words[value]
    return shown(value)


_EMPTY: Final[Mapping[str, JSON]] = {"array": [], "map": {}}
_FITS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "null": lambda _, value: value is None,
    "boolean": lambda _, value: isinstance(value, bool),
    "int": lambda _, value: type(value) is int and INT_RANGE[0] <= value <= INT_RANGE[1],
    "long": lambda _, value: type(value) is int and LONG_RANGE[0] <= value <= LONG_RANGE[1],
    "float": _is_number,
    "double": _is_number,
    "bytes": _is_bytes,
    "string": lambda _, value: isinstance(value, str),
    "enum": lambda schema, value: value in schema.symbols,
    "fixed": lambda schema, value: _is_bytes(schema, value) and len(value) == schema.size,
}
"""Whether a value is of a type that has no others inside."""
