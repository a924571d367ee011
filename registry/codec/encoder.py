"""Values to bytes, by walking the schema (Avro 1.12, "Binary Encoding").

Slow and thorough: it says what is wrong with a value and where, when emitted code has given up.
"""

from collections.abc import Callable, Mapping
from struct import Struct
from typing import Any

from registry.codec.budget import Budget, check_size
from registry.codec.building import TAGGED, Builder
from registry.codec.logical import REFUSALS, expected, to_raw
from registry.codec.varint import write_long
from registry.defaults import INT_RANGE, LONG_RANGE
from registry.errors import Unencodable
from registry.limits import LIMITS, Limits
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
from registry.values import Timestamp, choose, fields, within

_FLOAT = Struct("<f")
_DOUBLE = Struct("<d")


def encode(value: Any, schema: Schema, builder: Builder, *, limits: Limits = LIMITS) -> bytes:
    """Encode one datum: what a builder makes, a plain value, or an object of a generated class.

    Raises Unencodable with the path, the value and what was expected; LimitExceeded.
    """
    encoder = _Encoder(builder, limits)
    encoder.value(schema, value, 0)
    check_size(encoder.out, limits)
    return bytes(encoder.out)


class _Encoder:
    def __init__(self, builder: Builder, limits: Limits) -> None:
        self.builder = builder
        self.typed = False
        self.budget = Budget(limits)
        self.out = bytearray()

    def value(self, schema: Schema, value: Any, depth: int) -> None:
        self.budget.descend(depth)
        if isinstance(schema, RecordSchema):
            self.record(schema, value, depth + 1)
        elif isinstance(schema, UnionSchema):
            index, inner = choose(schema, value, typed=self.typed)
            self.out += write_long(index)
            self.value(schema.branches[index], inner, depth)
        elif isinstance(schema, ArraySchema):
            self.array(schema, value, depth + 1)
        elif isinstance(schema, MapSchema):
            self.map(schema, value, depth + 1)
        elif schema.logical:
            self.logical(schema, value)
        else:
            self.raw(schema, value)

    def record(self, schema: RecordSchema, value: Any, depth: int) -> None:
        self.budget.spend(1)
        made = self.builder.classes.get(schema.name)
        if made is not None and not isinstance(value, made):
            raise Unencodable("", value, f"{schema.name}, as {made.__module__} has it")
        outer, self.typed = self.typed, not isinstance(value, Mapping)
        for field, each in fields(schema, value):
            try:
                absent = each is MISSING
                found = TAGGED.default_of(field) if absent else each
                self.value(field.type, found, depth)
            except Unencodable as error:
                error.path = within(field.name, error.path)
                raise
        self.typed = outer

    def array(self, schema: ArraySchema, value: Any, depth: int) -> None:
        if not isinstance(value, list | tuple):
            raise Unencodable("", value, "a list")
        if value:
            self.budget.spend(len(value))
            self.out += write_long(len(value))
        for index, each in enumerate(value):
            try:
                self.value(schema.items, each, depth)
            except Unencodable as error:
                error.path = within(f"[{index}]", error.path)
                raise
        self.out.append(0)

    def map(self, schema: MapSchema, value: Any, depth: int) -> None:
        if not isinstance(value, Mapping):
            raise Unencodable("", value, "a mapping with keys that are strings")
        if value:
            self.budget.spend(len(value))
            self.out += write_long(len(value))
        for key, each in value.items():
            try:
                self.out += _counted(_text(key))
                self.value(schema.values, each, depth)
            except Unencodable as error:
                error.path = within(f"[{key!r}]", error.path)
                raise
        self.out.append(0)

    def logical(self, schema: Schema, value: Any) -> None:
        assert schema.logical  # noqa: S101 the caller has seen it
        try:
            raw = to_raw(schema, schema.logical, value)
        except REFUSALS:
            raise Unencodable("", value, expected(schema.logical)) from None
        self.raw(schema, raw)

    def raw(self, schema: Schema, value: Any) -> None:
        if isinstance(schema, EnumSchema):
            if not isinstance(value, str) or value not in schema.symbols:
                raise Unencodable("", value, f"one of {', '.join(schema.symbols)}")
            self.out += write_long(schema.symbols.index(value))
        elif isinstance(schema, FixedSchema):
            octets = _octets(value)
            if len(octets) != schema.size:
                raise Unencodable("", value, f"{schema.size} bytes")
            self.out += octets
        else:
            self.out += _PRIMITIVES[schema.type](value)


def _null(value: object) -> bytes:
    if value is not None:
        raise Unencodable("", value, "None")
    return b""


def _boolean(value: object) -> bytes:
    if not isinstance(value, bool):
        raise Unencodable("", value, "a bool")
    return b"\1" if value else b"\0"


def _integer(value: object, low: int, high: int) -> bytes:
    if isinstance(value, int) and not isinstance(value, bool):
        number = int.__pos__(value)  # of a subclass, which may compare as it likes
        if low <= number <= high:
            return write_long(number)
    raise Unencodable("", value, f"an int from {low} to {high}")


def _counted(data: bytes) -> bytes:
    return write_long(len(data)) + data


def _text(value: object) -> bytes:
    if isinstance(value, str):
        try:
            return value.encode()
        except UnicodeEncodeError:
            raise Unencodable("", value, "text without lone surrogates") from None
    raise Unencodable("", value, "a str")


def _octets(value: object) -> bytes:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    raise Unencodable("", value, "bytes")


def _number(packing: Struct, value: object) -> bytes:
    if isinstance(value, int | float) and not isinstance(value, bool | Timestamp):
        try:
            return packing.pack(float(value))
        except OverflowError:
            pass
    raise Unencodable("", value, f"a float of {packing.size} bytes")


_PRIMITIVES: Mapping[str, Callable[[Any], bytes]] = {
    "null": _null,
    "boolean": _boolean,
    "int": lambda value: _integer(value, *INT_RANGE),
    "long": lambda value: _integer(value, *LONG_RANGE),
    "float": lambda value: _number(_FLOAT, value),
    "double": lambda value: _number(_DOUBLE, value),
    "bytes": lambda value: _counted(_octets(value)),
    "string": lambda value: _counted(_text(value)),
}
