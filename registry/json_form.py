"""The JSON that REST shows: Avro field names, and strings for what JSON cannot hold.

Bytes and fixed are base64 (RFC 4648), decimals strings, times RFC 3339, durations ISO 8601. A union
of several records says `"$type"`; other ambiguous unions are `{"$type": ..., "value": ...}`.
"""

import base64
import binascii
import math
from collections.abc import Mapping
from typing import Any, NoReturn, cast

from registry.codec.building import PLAIN, TAGGED, Builder
from registry.codec.logical import REFUSALS, expected, to_raw
from registry.codec.scalars import to_float
from registry.defaults import flaw
from registry.errors import LimitExceeded, Undecodable, Unencodable, shown
from registry.json_text import from_text, to_text
from registry.limits import LIMITS
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
from registry.source import JSON
from registry.values import choose, fields, within

TYPE = "$type"
VALUE = "value"
_EXPECTED = dict.fromkeys(("float", "double"), "a finite number, as JSON has no other")


def to_json(schema: Schema, value: Any, builder: Builder = PLAIN, depth: int = 0) -> JSON:
    """Return the JSON form of a plain value or an object of a generated class.

    `builder` is what makes such values: with classes, records are objects of those and no others.

    Raises Unencodable, for NaN and infinities too.
    """
    if depth > LIMITS.datum_depth:
        raise LimitExceeded(f"The value is nested more than {LIMITS.datum_depth} deep.")
    if isinstance(schema, RecordSchema):
        return _object(schema, value, builder, depth)
    if isinstance(schema, UnionSchema):
        index, inner = choose(schema, value, typed=bool(builder.classes))
        branch = schema.branches[index]
        form = to_json(branch, inner, builder, depth)
        return _tag(branch, form) if needs_type(schema, branch) else form
    if isinstance(schema, ArraySchema):
        if not isinstance(value, list | tuple):
            raise Unencodable("", value, "a list")
        items = enumerate(value)
        return [_member(f"[{i}]", schema.items, each, builder, depth) for i, each in items]
    if isinstance(schema, MapSchema):
        if not isinstance(value, Mapping):
            raise Unencodable("", value, "a mapping with keys that are strings")
        return {
            _key(key): _member(f"[{key!r}]", schema.values, each, builder, depth)
            for key, each in value.items()
        }
    return _scalar(schema, value)


def from_json(schema: Schema, value: JSON, builder: Builder, depth: int = 0) -> Any:
    """Return what a builder makes of a JSON form that stands in as many others as `depth` says.

    What is absent takes its default; what is unknown is an error. Raises Undecodable,
    LimitExceeded.
    """
    if depth > LIMITS.datum_depth:
        raise LimitExceeded(f"The JSON is nested more than {LIMITS.datum_depth} deep.")
    if isinstance(schema, RecordSchema):
        return _record(schema, value, builder, depth)
    if isinstance(schema, UnionSchema):
        branch, inner = _branch(schema, value)
        found = from_json(branch, inner, builder, depth)
        return builder.union(schema, schema.branches.index(branch), found)
    if isinstance(schema, ArraySchema):
        if not isinstance(value, list):
            _fail("a list", value)
        items = enumerate(value)
        return [_within(f"[{i}]", schema.items, each, builder, depth) for i, each in items]
    if isinstance(schema, MapSchema):
        if not isinstance(value, dict):
            _fail("an object", value)
        return {
            key: _within(f"[{key!r}]", schema.values, each, builder, depth)
            for key, each in value.items()
        }
    return _from_scalar(schema, value, builder)


def needs_type(union: UnionSchema, branch: Schema) -> bool:
    """Tell whether JSON alone does not say which branch of a union a value belongs to.

    A map could look like a tag, and so needs one beside other types that do.
    """
    kinds = [json_type(each) for each in union.branches]
    if isinstance(branch, MapSchema):
        return len(set(kinds)) < len(kinds)
    return kinds.count(json_type(branch)) > 1


def json_type(schema: Schema) -> str:
    """Return JSON's type of a schema's values: null, boolean, number, string, array, object."""
    if schema.logical:
        return "string"
    if schema.type in ("int", "long", "float", "double"):
        return "number"
    if schema.type in ("bytes", "string", "enum", "fixed"):
        return "string"
    return schema.type if schema.type in ("null", "boolean", "array") else "object"


def _object(schema: RecordSchema, value: Any, builder: Builder, depth: int) -> JSON:
    form: dict[str, JSON] = {}
    made = builder.classes.get(schema.name)
    if made is not None and not isinstance(value, made):
        raise Unencodable("", value, f"{schema.name}, as {made.__module__} has it")
    for field, each in fields(schema, value):
        if each is MISSING:
            form[field.name] = to_json(field.type, TAGGED.default_of(field))
        else:
            form[field.name] = _member(field.name, field.type, each, builder, depth)
    return form


def _member(step: str, schema: Schema, value: Any, builder: Builder, depth: int) -> JSON:
    try:
        return to_json(schema, value, builder, depth + 1)
    except Unencodable as error:
        error.path = within(step, error.path)
        raise


def _key(key: object) -> str:
    _check_text(key, f"[{key!r}]")
    return str(key)


def _check_text(value: object, path: str = "") -> None:
    """Refuse what is no text in UTF-8."""
    if not isinstance(value, str):
        raise Unencodable(path, value, "a str")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Unencodable(path, value, "text without lone surrogates") from None


def _tag(branch: Schema, form: JSON) -> JSON:
    if isinstance(branch, RecordSchema) and isinstance(form, dict):
        return {TYPE: branch.label, **form}
    return {TYPE: branch.label, VALUE: form}


def _scalar(schema: Schema, value: Any) -> JSON:
    if schema.logical:
        try:
            to_raw(schema, schema.logical, value)  # refuses what Avro could not hold
            return to_text(schema.logical, value)
        except REFUSALS:
            raise Unencodable("", value, expected(schema.logical)) from None
    if schema.type in ("bytes", "fixed"):
        if not isinstance(value, bytes) or len(value) != getattr(schema, "size", len(value)):
            raise Unencodable("", value, f"bytes of {schema.label}")
        return base64.b64encode(value).decode()
    if schema.type == "string":
        _check_text(value)
    wrong = flaw(schema, value) or (schema.type == "float" and math.isinf(to_float(value)))
    if wrong:
        raise Unencodable("", value, _EXPECTED.get(schema.type, f"a value of {schema.label}"))
    if schema.type in ("float", "double"):
        return float(value)
    return str(value) if isinstance(schema, EnumSchema) else cast("JSON", value)


def _record(schema: RecordSchema, value: JSON, builder: Builder, depth: int) -> Any:
    if not isinstance(value, dict):
        _fail(f"an object with the fields of {schema.name}", value)
    known = {field.name for field in schema.fields}
    for name in value:
        if name not in known:
            raise Undecodable(str(name), None, f"{schema.name} has no such field")
    values: dict[str, Any] = {}
    for field in schema.fields:
        if field.name in value:
            found = value[field.name]
            values[field.name] = _within(field.name, field.type, found, builder, depth)
        elif field.default is MISSING:
            raise Undecodable(field.name, None, "the field is missing, and has no default")
        else:
            values[field.name] = builder.default_of(field)
    return builder.record(schema, values)


def _within(step: str, schema: Schema, value: JSON, builder: Builder, depth: int) -> Any:
    try:
        return from_json(schema, value, builder, depth + 1)
    except Undecodable as error:
        error.path = within(step, error.path)
        raise


def _branch(union: UnionSchema, value: JSON) -> tuple[Schema, JSON]:
    if isinstance(value, dict) and TYPE in value and not _has_bare_map(union):
        return _typed(union, value)
    kind = _kind(value)
    fitting = [each for each in union.branches if json_type(each) == kind]
    if len(fitting) == 1 and not needs_type(union, fitting[0]):
        return fitting[0], value
    if fitting:
        names = ", ".join(each.label for each in fitting)
        return _fail(f"an object whose {TYPE!r} says which of {names} it is", value)
    return _fail(f"one of {', '.join(each.label for each in union.branches)}", value)


def _has_bare_map(union: UnionSchema) -> bool:
    return any(
        isinstance(each, MapSchema) and not needs_type(union, each) for each in union.branches
    )


def _typed(union: UnionSchema, value: Mapping[str, JSON]) -> tuple[Schema, JSON]:
    for branch in union.branches:
        if branch.label == value[TYPE]:
            rest = {key: each for key, each in value.items() if key != TYPE}
            if isinstance(branch, RecordSchema):
                return branch, rest
            if rest.keys() == {VALUE}:
                return branch, rest[VALUE]
            _fail(f"an object with {TYPE!r} and {VALUE!r}", dict(value))
    labels = ", ".join(each.label for each in union.branches)
    raise Undecodable(TYPE, None, f"{value[TYPE]!r} is none of {labels}")


def _kind(value: JSON) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def _from_scalar(schema: Schema, value: JSON, builder: Builder) -> Any:
    if schema.logical:
        try:
            found = from_text(schema.logical, value)
            to_raw(schema, schema.logical, found)
        except REFUSALS:
            _fail(f"the text of {expected(schema.logical)}", value)
        return found
    if schema.type in ("bytes", "fixed"):
        return _from_base64(schema, value)
    found_flaw = flaw(schema, value)
    if found_flaw:
        raise Undecodable("", None, found_flaw[1])
    if schema.type in ("float", "double"):
        return _from_number(schema, cast("float", value))
    if schema.type == "string":
        try:
            str(value).encode()
        except UnicodeEncodeError:
            _fail("text without lone surrogates", value)
    return builder.enum(schema, str(value)) if isinstance(schema, EnumSchema) else value


def _from_number(schema: Schema, value: float) -> float:
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(to_float(found) if schema.type == "float" else found):
        _fail(f"a number that a {schema.type} can hold", value)
    return found


def _from_base64(schema: Schema, value: JSON) -> bytes:
    try:
        found = base64.b64decode(cast("str", value), validate=True)
    except (binascii.Error, ValueError, TypeError):
        _fail("base64", value)
    if isinstance(schema, FixedSchema) and len(found) != schema.size:
        _fail(f"{schema.size} bytes in base64", value)
    return found


def _fail(wanted: str, value: JSON) -> NoReturn:
    raise Undecodable("", None, f"expected {wanted}, not {shown(value)}")
