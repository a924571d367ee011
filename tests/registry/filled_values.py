"""Values that leave no field to its default and go to the bounds of their types, turn by turn."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from registry import Duration, Schema, Timestamp
from registry.schema import (
    ArraySchema,
    EnumSchema,
    FixedSchema,
    Logical,
    MapSchema,
    RecordSchema,
    UnionSchema,
)

TURNS: Final = 3
_DEEPEST = 6  # types in each other; below, unions take what is no record and arrays are empty
_MOMENTS = (
    datetime(2026, 5, 6, 7, 8, 9, 10_000, tzinfo=UTC),
    datetime.min.replace(tzinfo=UTC),
    datetime.max.replace(microsecond=999_000, tzinfo=UTC),
)
_LOCAL = tuple(each.replace(tzinfo=None) for each in _MOMENTS)
_NANOS = tuple(map(Timestamp, (1, -(1 << 63), (1 << 63) - 1)))
_TIMES = (time(1, 2, 3, 4_000), time.min, time.max.replace(microsecond=999_000))
_LOGICAL: Final[Mapping[str, tuple[Any, ...]]] = {
    "big-decimal": (Decimal("0.5"), Decimal("-1e9"), Decimal("12345678901234567890.123")),
    "date": (date(2026, 5, 6), date.min, date.max),
    "duration": (
        Duration(months=1, days=2, milliseconds=3),
        Duration(),
        Duration(months=(1 << 32) - 1, days=(1 << 32) - 1, milliseconds=(1 << 32) - 1),
    ),
    "local-timestamp-micros": _LOCAL,
    "local-timestamp-millis": _LOCAL,
    "local-timestamp-nanos": _NANOS,
    "time-micros": _TIMES,
    "time-millis": _TIMES,
    "timestamp-micros": _MOMENTS,
    "timestamp-millis": _MOMENTS,
    "timestamp-nanos": _NANOS,
    "uuid": (UUID(int=1), UUID(int=0), UUID(int=(1 << 128) - 1)),
}
_PLAIN: Final[Mapping[str, tuple[Any, ...]]] = {
    "null": (None, None, None),
    "boolean": (True, False, True),
    "int": (64, -(1 << 31), (1 << 31) - 1),
    "long": (64, -(1 << 63), (1 << 63) - 1),
    "float": (0.5, -1.0, 3.4028234663852886e38),
    "double": (0.1, -5e-324, 1.7976931348623157e308),
    "bytes": (b"\x00\xff", b"", b"bytes" * 20),
    "string": ("Zo\u00eb", "", 'quote " backslash \\ null \x00 smile \U0001f600'),
}


class Filled:
    """Makes plain values, those of unions as pairs; each turn takes other branches and symbols."""

    def __init__(self, turn: int) -> None:
        self.turn = turn

    def of(self, schema: Schema, depth: int = 0) -> Any:
        if isinstance(schema, RecordSchema):
            return {field.name: self.of(field.type, depth + 1) for field in schema.fields}
        if isinstance(schema, UnionSchema):
            return self.branch(schema, depth)
        if isinstance(schema, ArraySchema):
            return [self.of(schema.items, depth + 1) for _ in range(self.count(depth))]
        if isinstance(schema, MapSchema):
            keys = [f"key {number}" for number in range(self.count(depth))]
            return {key: self.of(schema.values, depth + 1) for key in keys}
        return self.scalar(schema)

    def branch(self, union: UnionSchema, depth: int) -> Any:
        filled = [each for each in union.branches if each.type != "null"] or [*union.branches]
        flat = [each for each in union.branches if not isinstance(each, RecordSchema)]
        choices = flat if flat and depth > _DEEPEST else filled
        chosen = choices[self.turn % len(choices)]
        return chosen.label, self.of(chosen, depth + 1)

    def count(self, depth: int) -> int:
        return 0 if depth > _DEEPEST else self.turn + 1

    def scalar(self, schema: Schema) -> Any:
        if schema.logical and schema.logical.name == "decimal":
            return self.decimal(schema.logical)
        if schema.logical:
            return _LOGICAL[schema.logical.name][self.turn]
        if isinstance(schema, EnumSchema):
            return schema.symbols[self.turn % len(schema.symbols)]
        if isinstance(schema, FixedSchema):
            return bytes([(0, 1, 255)[self.turn]]) * schema.size
        return _PLAIN[schema.type][self.turn]

    def decimal(self, logical: Logical) -> Decimal:
        digits = ((1,), (0,), (9,) * logical.precision)[self.turn]
        return Decimal((self.turn > 1, digits, -logical.scale))
