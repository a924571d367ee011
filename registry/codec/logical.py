"""Logical types: Python's own values to Avro's raw ones and back (Avro 1.12, "Logical Types")."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from struct import Struct
from typing import Any, Final
from uuid import UUID

from registry.codec.varint import read_long, write_long
from registry.defaults import LONG_RANGE
from registry.limits import LIMITS
from registry.schema import FixedSchema, Logical, Schema
from registry.values import Duration, Timestamp

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOCAL_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 local timestamps have no zone
_MIDNIGHT = datetime(1970, 1, 1)  # noqa: DTZ001 only its time of day is used
_ORDINAL = date(1970, 1, 1).toordinal()
_MICRO = timedelta(microseconds=1)
_DIGITS = 2 * LIMITS.decimal_bytes
_EXACT = Context(prec=2 * _DIGITS, Emin=MIN_EMIN, Emax=MAX_EMAX)
_DURATION = Struct("<III")
_DAY = 24 * 60 * 60 * 10**6
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


def to_raw(schema: Schema, logical: Logical, value: Any) -> Any:
    """Return the raw value. Raises ValueError or TypeError where the type cannot hold it all."""
    if logical.name == "decimal":
        return _decimal_to_raw(schema, logical, value)
    if logical.name == "uuid":
        _require(isinstance(value, UUID))
        return value.bytes if isinstance(schema, FixedSchema) else str(value)
    return _TO_RAW[logical.name](value)


def from_raw(schema: Schema, logical: Logical, raw: Any) -> Any:
    """Return Python's value. Raises ValueError or ArithmeticError where it has none."""
    if logical.name == "decimal":
        _require(len(raw) <= LIMITS.decimal_bytes)
        return _scaled(int.from_bytes(raw, "big", signed=True), logical.scale)
    if logical.name == "uuid":
        if isinstance(schema, FixedSchema):
            return UUID(bytes=raw)
        value = UUID(raw)
        _require(str(value) == raw.lower())
        return value
    return _FROM_RAW[logical.name](raw)


def _require(fact: bool) -> None:  # noqa: FBT001 an assertion in its own words
    if not fact:
        raise ValueError


def _unscaled(value: Decimal, scale: int) -> int:
    _require(isinstance(value, Decimal) and value.is_finite())
    sign, digits, exponent = value.as_tuple()
    shift = int(exponent) + scale
    _require(shift >= 0 or not any(digits[shift:]))
    _require(len(digits) + shift <= _DIGITS or not any(digits))
    number = int("".join(map(str, digits)))
    scaled: int = number * 10**shift if shift >= 0 else number // 10**-shift
    return -scaled if sign else scaled


def _scaled(unscaled: int, scale: int) -> Decimal:
    return Decimal(unscaled).scaleb(-scale, _EXACT)


def _twos_complement(number: int) -> bytes:
    bits = number.bit_length() if number >= 0 else (number + 1).bit_length()
    return number.to_bytes(bits // 8 + 1, "big", signed=True)


def _decimal_to_raw(schema: Schema, logical: Logical, value: Decimal) -> bytes:
    unscaled = _unscaled(value, logical.scale)
    _require(abs(unscaled) < 10 ** min(logical.precision, _DIGITS))
    if isinstance(schema, FixedSchema):
        return unscaled.to_bytes(schema.size, "big", signed=True)
    return _twos_complement(unscaled)


def _big_decimal_to_raw(value: Decimal) -> bytes:
    _require(isinstance(value, Decimal) and value.is_finite())
    scale = -int(value.as_tuple().exponent)
    _require(abs(scale) <= _DIGITS)
    unscaled = _twos_complement(_unscaled(value, scale))
    return write_long(len(unscaled)) + unscaled + write_long(scale)


def _big_decimal_from_raw(raw: bytes) -> Decimal:
    _require(len(raw) <= LIMITS.decimal_bytes)
    try:
        size, start = read_long(raw, 0)
        _require(0 <= size <= len(raw) - start)
        scale, end = read_long(raw, start + size)
    except IndexError:
        raise ValueError(raw) from None
    _require(end == len(raw) and abs(scale) <= _DIGITS)
    return _scaled(int.from_bytes(raw[start : start + size], "big", signed=True), scale)


def _date_to_raw(value: date) -> int:
    _require(type(value) is date)
    return value.toordinal() - _ORDINAL


def _since(epoch: datetime, value: datetime) -> int:
    _require(isinstance(value, datetime))
    _require((value.utcoffset() is None) == (epoch.tzinfo is None))
    since: timedelta = value - epoch
    return since // _MICRO


def _of_day(value: time) -> int:
    _require(type(value) is time and value.tzinfo is None)
    seconds = (value.hour * 60 + value.minute) * 60 + value.second
    return seconds * 10**6 + value.microsecond


def _millis(micros: int) -> int:
    _require(micros % 1000 == 0)
    return micros // 1000


def _time(micros: int) -> time:
    _require(0 <= micros < _DAY)
    return (_MIDNIGHT + timedelta(microseconds=micros)).time()


def _nanos(value: Timestamp) -> int:
    _require(isinstance(value, Timestamp) and LONG_RANGE[0] <= value <= LONG_RANGE[1])
    return int(value)


def _duration_to_raw(value: Duration) -> bytes:
    parts = value.months, value.days, value.milliseconds
    _require(all(0 <= part < 1 << 32 for part in parts))
    return _DURATION.pack(*parts)


def _duration_from_raw(raw: bytes) -> Duration:
    months, days, milliseconds = _DURATION.unpack(raw)
    return Duration(months=months, days=days, milliseconds=milliseconds)


_TO_RAW: Mapping[str, Callable[[Any], Any]] = {
    "big-decimal": _big_decimal_to_raw,
    "date": _date_to_raw,
    "duration": _duration_to_raw,
    "local-timestamp-micros": lambda value: _since(_LOCAL_EPOCH, value),
    "local-timestamp-millis": lambda value: _millis(_since(_LOCAL_EPOCH, value)),
    "local-timestamp-nanos": _nanos,
    "time-micros": _of_day,
    "time-millis": lambda value: _millis(_of_day(value)),
    "timestamp-micros": lambda value: _since(_EPOCH, value),
    "timestamp-millis": lambda value: _millis(_since(_EPOCH, value)),
    "timestamp-nanos": _nanos,
}
_FROM_RAW: Mapping[str, Callable[[Any], Any]] = {
    "big-decimal": _big_decimal_from_raw,
    "date": lambda raw: date.fromordinal(raw + _ORDINAL),
    "duration": _duration_from_raw,
    "local-timestamp-micros": lambda raw: _LOCAL_EPOCH + timedelta(microseconds=raw),
    "local-timestamp-millis": lambda raw: _LOCAL_EPOCH + timedelta(milliseconds=raw),
    "local-timestamp-nanos": Timestamp,
    "time-micros": _time,
    "time-millis": lambda raw: _time(raw * 1000),
    "timestamp-micros": lambda raw: _EPOCH + timedelta(microseconds=raw),
    "timestamp-millis": lambda raw: _EPOCH + timedelta(milliseconds=raw),
    "timestamp-nanos": Timestamp,
}
