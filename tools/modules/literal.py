"""Default values of fields as Python expressions."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from struct import unpack
from typing import Final
from uuid import UUID

from registry.codec.scalars import to_float
from registry.defaults import branch_of
from registry.naming import python_names, symbol_names
from registry.schema import (
    ArraySchema,
    EnumSchema,
    Logical,
    MapSchema,
    RecordSchema,
    Schema,
    UnionSchema,
)
from registry.source import JSON
from registry.values import ambiguous
from tools.modules.hints import hints
from tools.modules.layout import Code, Group, flat, prefixed, quoted
from tools.modules.names import VALUES, Names

EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 a zone is added where the type has one
_UNITS: Final = {"millis": "milliseconds", "micros": "microseconds"}


def default(schema: Schema, value: JSON, names: Names) -> Code:
    """Return what follows `=` in the class body for a default of JSON.

    Raises ValueError for a value that Avro allows and Python's type cannot hold, such as a date
    in the year 10000 or an empty uuid.
    """
    code = literal(schema, value, names)
    kind = _chosen(schema, value)
    if isinstance(kind, ArraySchema | MapSchema) and not value:
        # A type checker wants to know of what it is empty, which may be defined further down.
        factory: Code = f"lambda: {flat(code)}" if names.looks_ahead else hints(kind, names)[0]
    elif isinstance(kind, ArraySchema | MapSchema | RecordSchema):
        factory = prefixed("lambda: ", code)
    else:
        return code
    made = prefixed("default_factory=", factory)
    return Group(f"{names.of('dataclasses', 'field')}(", (made,), ")")


def literal(schema: Schema, value: JSON, names: Names) -> Code:
    """Return an expression for a valid default of a type. Raises ValueError as `default` does."""
    if isinstance(schema, UnionSchema):
        branch = _chosen(schema, value)
        code = literal(branch, value, names)
        index = schema.branches.index(branch)
        paired = index in ambiguous(schema)
        return Group("(", (quoted(branch.label), code), ")") if paired else code
    if isinstance(schema, RecordSchema) and isinstance(value, dict):
        return _record(schema, value, names)
    if isinstance(schema, ArraySchema) and isinstance(value, list):
        return Group("[", tuple(literal(schema.items, each, names) for each in value), "]")
    if isinstance(schema, MapSchema) and isinstance(value, dict):
        pairs = value.items()
        items = (prefixed(f"{quoted(k)}: ", literal(schema.values, v, names)) for k, v in pairs)
        return Group("{", tuple(items), "}")
    if isinstance(schema, EnumSchema) and isinstance(value, str):
        return f"{names.class_of(schema)}.{symbol_names(schema)[value]}"
    return _scalar(schema, value, names)


def _chosen(schema: Schema, value: JSON) -> Schema:
    if isinstance(schema, UnionSchema):
        return branch_of(schema, value) or schema
    return schema


def _record(schema: RecordSchema, value: dict[str, JSON], names: Names) -> Code:
    attributes = python_names(schema)
    arguments = (
        prefixed(f"{attributes[each.name]}=", literal(each.type, value[each.name], names))
        for each in schema.fields
        if each.name in value
    )
    return Group(f"{names.class_of(schema)}(", tuple(arguments), ")")


def _scalar(schema: Schema, value: JSON, names: Names) -> Code:
    if isinstance(value, str):
        raw = value.encode("latin-1") if schema.type in ("bytes", "fixed") else value
        return _text(schema.logical, raw, names) if schema.logical else quoted(raw)
    if isinstance(value, int) and not isinstance(value, bool) and schema.logical:
        return _moment(schema.logical.name, value, names)
    if schema.type in ("float", "double"):
        number = float(str(value))
        return _number(to_float(number) if schema.type == "float" else number, names)
    return repr(value)


def _number(value: float, names: Names) -> Code:
    text = repr(value).replace("e+", "e")
    return text if text.strip("-") != "inf" else f'{names.of("builtins", "float")}("{text}")'


def _text(logical: Logical, raw: str | bytes, names: Names) -> Code:
    """Return the value of a logical type on string, bytes or fixed."""
    if isinstance(raw, str):
        return Group(f"{names.of('uuid', 'UUID')}(", (quoted(str(UUID(raw))),), ")")
    if logical.name == "uuid":
        return Group(f"{names.of('uuid', 'UUID')}(", (quoted(str(UUID(bytes=raw))),), ")")
    if logical.name == "decimal":
        unscaled = Decimal(int.from_bytes(raw, signed=True)).as_tuple()
        exact = Decimal((unscaled.sign, unscaled.digits, -logical.scale))
        return Group(f"{names.of('decimal', 'Decimal')}(", (quoted(str(exact)),), ")")
    if logical.name == "duration":
        return _duration(raw, names)
    raise ValueError(f"There is no literal for {logical.name}.")


def _duration(raw: bytes, names: Names) -> Code:
    """Return three unsigned little-endian numbers (Avro 1.12, "Duration")."""
    parts = zip(("months", "days", "milliseconds"), unpack("<3I", raw), strict=True)
    arguments = tuple(f"{name}={count}" for name, count in parts)
    return Group(f"{names.of(VALUES, 'Duration')}(", arguments, ")")


def _moment(logical: str, count: int, names: Names) -> Code:
    """Return the value of a logical type on int or long: a date, a time or a moment."""
    if logical.endswith("-nanos"):
        return f"{names.of(VALUES, 'Timestamp')}({count})"
    try:
        if logical == "date":
            return _constructed((EPOCH + timedelta(days=count)).date(), names)
        moment = EPOCH + timedelta(**{_UNITS[logical.rpartition("-")[2]]: count})
    except OverflowError as error:
        raise ValueError(str(error)) from error
    if logical.startswith("local-"):
        return _constructed(moment, names)
    if logical.startswith("timestamp-"):
        return _constructed(moment, names, f"tzinfo={names.of('datetime', 'UTC')}")
    if moment.date() != EPOCH.date():
        raise ValueError(f"{count} is no time of a day.")
    return _constructed(moment.time(), names)


def _constructed(value: date | time, names: Names, *more: str) -> Code:
    """Return the call that makes a value: its `repr` with our name for the class."""
    kind = names.of("datetime", type(value).__name__)
    arguments = repr(value).partition("(")[2].removesuffix(")").split(", ")
    return Group(f"{kind}(", (*arguments, *more), ")")
