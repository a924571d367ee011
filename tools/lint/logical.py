"""Rules on logical types, which Avro ignores without a word where they are not valid."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from registry.errors import did_you_mean
from registry.logical import BASES, max_precision
from registry.schema import FixedSchema, Schema
from registry.source import JSON
from tools.lint.places import FieldPlace, Flaw, Place, TypePlace

_KEYS: Final = ("logicalType", "precision", "scale")
_SIZES: Final = {"duration": 12, "uuid": 16}


def logical_type_on_field(place: Place) -> Iterator[Flaw]:
    """A logical type stands inside the type: beside it, on the field, it is ignored."""
    if isinstance(place, FieldPlace) and "logicalType" in place.value:
        message = "Avro ignores a logical type on the field: it belongs inside the type."
        yield Flaw(message, _moved(place.value), "/logicalType#")


def _moved(field: Mapping[str, JSON]) -> str:
    """Return the type of a field with the logical type where it belongs."""
    logical = {key: field[key] for key in _KEYS if key in field}
    kind = field["type"]
    if isinstance(kind, list):
        moved: JSON = [each if each == "null" else _annotated(each, logical) for each in kind]
    else:
        moved = _annotated(kind, logical)
    return f'"type": {json.dumps(moved)}'


def _annotated(kind: JSON, logical: Mapping[str, JSON]) -> JSON:
    return {**kind, **logical} if isinstance(kind, dict) else {"type": kind, **logical}


def unknown_logical_type(place: Place) -> Iterator[Flaw]:
    """A logical type is one of the specification's."""
    name = _stated(place)
    if name and name not in BASES:
        message = f"The specification has no logical type {name!r}: readers see the bare type."
        yield Flaw(message, did_you_mean(name, BASES), "/logicalType")


def invalid_logical_type(place: Place) -> Iterator[Flaw]:
    """A logical type is one that its type can carry: an invalid one is ignored."""
    name = _stated(place)
    if name in BASES and isinstance(place, TypePlace) and place.schema.logical is None:
        why, fix = _invalidity(name, place.schema)
        yield Flaw(f"Avro ignores this logical type: {why}.", fix, "/logicalType")


def _stated(place: Place) -> str:
    """Return the logical type that a type names, "" for none."""
    name = place.value.get("logicalType") if isinstance(place.value, dict) else None
    return name if isinstance(name, str) and isinstance(place, TypePlace) else ""


def _invalidity(name: str, schema: Schema) -> tuple[str, str]:
    bases = BASES[name]
    if schema.type not in bases:
        fix = "\nor ".join(f'"type": "{base}"' for base in bases)
        return f"{name} is carried by {' or '.join(bases)}, not by {schema.type}", fix
    if name in _SIZES:
        return f"a {name} has {_SIZES[name]} bytes", f'"size": {_SIZES[name]}'
    return _decimal_invalidity(schema)


def _decimal_invalidity(schema: Schema) -> tuple[str, str]:
    precision, scale = schema.props.get("precision"), schema.props.get("scale", 0)
    if type(precision) is not int or precision < 1:
        return "a decimal has a precision, the number of its digits", '"precision": 12, "scale": 2'
    if type(scale) is not int or not 0 <= scale <= precision:
        fix = f'"scale": {min(2, precision)}'
        return f"its scale is no number from 0 to its precision, {precision}", fix
    digits = max_precision(schema.size) if isinstance(schema, FixedSchema) else 0
    return f"{precision} digits do not fit, {digits} always do", f'"precision": {digits}'
