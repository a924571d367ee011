"""Logical types: Python's own values to Avro's raw ones and back (Avro 1.12, "Logical Types")."""

from collections.abc import Callable, Mapping
from struct import error
from typing import Any, Final

from registry.codec.moments import (
    date_of,
    days,
    local_micros,
    local_millis,
    local_of_micros,
    local_of_millis,
    micros,
    micros_of_day,
    millis,
    millis_of_day,
    moment_of_micros,
    moment_of_millis,
    nanos,
    time_of_micros,
    time_of_millis,
)
from registry.codec.scalars import (
    big_decimal,
    big_decimal_of,
    decimal,
    decimal_of,
    duration,
    duration_of,
    fixed_decimal,
    uuid_bytes,
    uuid_of,
    uuid_of_text,
    uuid_text,
)
from registry.schema import FixedSchema, Logical, Schema
from registry.values import Timestamp

EXPECTED: Final[Mapping[str, str]] = {
    "big-decimal": "a finite Decimal",
    "date": "a date",
    "decimal": "a finite Decimal",
    "duration": "a Duration with parts from 0 to 2**32 - 1",
    "local-timestamp-micros": "a datetime without a time zone",
    "local-timestamp-millis": "a datetime without a time zone, in whole milliseconds",
    "local-timestamp-nanos": "a Timestamp (nanoseconds)",
    "time-micros": "a time without a time zone",
    "time-millis": "a time without a time zone, in whole milliseconds",
    "timestamp-micros": "a datetime with a time zone",
    "timestamp-millis": "a datetime with a time zone, in whole milliseconds",
    "timestamp-nanos": "a Timestamp (nanoseconds)",
    "uuid": "a UUID",
}


def expected(logical: Logical) -> str:
    """Return in words what a value of a logical type must be."""
    if logical.name == "decimal":
        digits = f"{logical.precision} digits, {logical.scale} of them after the point"
        return f"a finite Decimal of at most {digits}"
    return EXPECTED[logical.name]


REFUSALS: Final = (ArithmeticError, AttributeError, TypeError, ValueError, error)
"""What the conversions raise for a value that the other side cannot hold."""


def to_raw(schema: Schema, logical: Logical, value: Any) -> Any:
    """Return the raw value. Raises REFUSALS where the type cannot hold it all."""
    if logical.name == "decimal":
        if isinstance(schema, FixedSchema):
            return fixed_decimal(value, logical.precision, logical.scale, schema.size)
        return decimal(value, logical.precision, logical.scale)
    if logical.name == "uuid":
        return uuid_bytes(value) if isinstance(schema, FixedSchema) else uuid_text(value).decode()
    return _TO_RAW[logical.name](value)


def from_raw(schema: Schema, logical: Logical, raw: Any) -> Any:
    """Return Python's value. Raises REFUSALS where it has none."""
    if logical.name == "decimal":
        return decimal_of(raw, logical.precision, logical.scale)
    if logical.name == "uuid":
        return uuid_of(raw) if isinstance(schema, FixedSchema) else uuid_of_text(raw.encode())
    return _FROM_RAW[logical.name](raw)


_TO_RAW: Mapping[str, Callable[[Any], Any]] = {
    "big-decimal": big_decimal,
    "date": days,
    "duration": duration,
    "local-timestamp-micros": local_micros,
    "local-timestamp-millis": local_millis,
    "local-timestamp-nanos": nanos,
    "time-micros": micros_of_day,
    "time-millis": millis_of_day,
    "timestamp-micros": micros,
    "timestamp-millis": millis,
    "timestamp-nanos": nanos,
}
_FROM_RAW: Mapping[str, Callable[[Any], Any]] = {
    "big-decimal": big_decimal_of,
    "date": date_of,
    "duration": duration_of,
    "local-timestamp-micros": local_of_micros,
    "local-timestamp-millis": local_of_millis,
    "local-timestamp-nanos": Timestamp,
    "time-micros": time_of_micros,
    "time-millis": time_of_millis,
    "timestamp-micros": moment_of_micros,
    "timestamp-millis": moment_of_millis,
    "timestamp-nanos": Timestamp,
}
