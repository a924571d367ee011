"""Rules on fields: optional ones, and what their names promise of their types."""

import json
from collections.abc import Iterator
from typing import Final, cast

from registry.schema import MISSING, ArraySchema, EnumSchema, MapSchema, Schema, UnionSchema
from registry.source import JSON
from tools.lint.places import FieldPlace, Flaw, Place, TypePlace
from tools.lint.words import is_day, is_money, is_personal, is_time

_DECIMAL: Final[JSON] = {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}
_DATE: Final[JSON] = {"type": "int", "logicalType": "date"}
_MOMENT: Final[JSON] = {"type": "long", "logicalType": "timestamp-micros"}


def optional_form(place: Place) -> Iterator[Flaw]:
    """An optional field names null first, unless another branch is its default."""
    if not isinstance(place, FieldPlace) or not _is_optional(place.field.type):
        return
    null, *others = cast("list[JSON]", _null_first(place))
    default = place.field.default
    begins = _branches(place.field.type)[0].type == "null"
    message = "Libraries before Avro 1.12 want the branch of the default first"
    if default is None and not begins:
        yield Flaw(f"{message}, here null.", _pasted("type", [null, *others]), "/type")
    elif begins and default is not None and default is not MISSING:
        yield Flaw(f"{message}, not null.", _pasted("type", [*others, null]), "/type")


def optional_without_default(place: Place) -> Iterator[Flaw]:
    """An optional field has a default: without one, a writer that lacks it cannot be read."""
    if not isinstance(place, FieldPlace) or not _is_optional(place.field.type):
        return
    if place.field.default is MISSING:
        message = (
            f"The field {place.field.name!r} may be null, but is required: "
            "Avro does not take null for a field that is missing."
        )
        yield Flaw(message, _pasted("type", _null_first(place)) + ', "default": null')


def default_inside_type(place: Place) -> Iterator[Flaw]:
    """A default stands on the field: inside its type it is ignored, but for that of an enum."""
    if not isinstance(place, TypePlace) or not isinstance(place.value, dict):
        return
    if "default" in place.value and not isinstance(place.defined, EnumSchema):
        message = "Avro ignores a default inside a type: it belongs on the field."
        fix = f"beside the type, not inside: {_pasted('default', place.value['default'])}"
        yield Flaw(message, fix, "/default#")


def float_for_money(place: Place) -> Iterator[Flaw]:
    """Money is a decimal: binary fractions cannot hold 0.10."""
    if not isinstance(place, FieldPlace) or not is_money(place.field):
        return
    found = _bare(place.field.type, ("float", "double"))
    if found:
        message = f"A {found} cannot hold 0.10: sums of money are wrong by a cent in the end."
        yield Flaw(message, _replaced(place, found, _DECIMAL), "/type")


def raw_long_for_time(place: Place) -> Iterator[Flaw]:
    """A time has a logical type: a bare number does not say what it counts."""
    if not isinstance(place, FieldPlace) or not is_time(place.field):
        return
    found = _bare(place.field.type, ("int", "long"))
    if found and "logicalType" not in place.field.props:
        message = f"A bare {found} does not say whether it counts milliseconds, seconds or days."
        better = _DATE if is_day(place.field) else _MOMENT
        yield Flaw(message, _replaced(place, found, better), "/type")


def untagged_pii(place: Place) -> Iterator[Flaw]:
    """What tells about a person is tagged, so that it can be found and erased."""
    if not isinstance(place, FieldPlace) or not is_personal(place.field):
        return
    tags = place.field.props.get("tags")
    is_telling = any(each.type not in ("boolean", "enum") for each in _leaves(place.field.type))
    if is_telling and not (isinstance(tags, list) and "pii" in tags):
        message = f"The field {place.field.name!r} seems to tell about a person, and is not tagged."
        yield Flaw(message, '"tags": ["pii"]')


def _null_first(place: FieldPlace) -> JSON:
    kinds = place.value["type"]
    written = kinds if isinstance(kinds, list) else [kinds]
    return ["null", *(each for each in written if each not in ("null", {"type": "null"}))]


def _is_optional(schema: Schema) -> bool:
    return any(each.type == "null" for each in _branches(schema))


def _branches(schema: Schema) -> tuple[Schema, ...]:
    return schema.branches if isinstance(schema, UnionSchema) else (schema,)


def _leaves(schema: Schema) -> Iterator[Schema]:
    """Yield what a field holds, whether one of it, many, or none."""
    for each in _branches(schema):
        if isinstance(each, ArraySchema):
            yield from _leaves(each.items)
        elif isinstance(each, MapSchema):
            yield from _leaves(each.values)
        elif each.type != "null":
            yield each


def _bare(schema: Schema, types: tuple[str, ...]) -> str:
    """Return which of some primitive types a field holds without a logical type, "" for none."""
    bare = (each for each in _leaves(schema) if "logicalType" not in each.props)
    return next((each.type for each in bare if each.type in types), "")


def _replaced(place: FieldPlace, old: str, new: JSON) -> str:
    return _pasted("type", _with(place.value["type"], old, new))


def _with(kind: JSON, old: str, new: JSON) -> JSON:
    """Return a type with another in place of a primitive one."""
    if isinstance(kind, list):
        return [_with(each, old, new) for each in kind]
    if isinstance(kind, dict):
        if kind["type"] == old:
            return new
        inner = ("items", "values")
        return {k: _with(each, old, new) if k in inner else each for k, each in kind.items()}
    return new if kind == old else kind


def _pasted(key: str, value: JSON) -> str:
    return f"{json.dumps(key)}: {json.dumps(value)}"
