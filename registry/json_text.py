"""Logical types as strings: RFC 3339 times, ISO 8601 durations, decimals digit for digit."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from registry.schema import Logical
from registry.source import JSON
from registry.values import Duration, Timestamp

_DECIMAL = re.compile(r"-?[0-9]{1,2500}(\.[0-9]{1,2500})?", re.ASCII)
_BIG_DECIMAL = re.compile(rf"{_DECIMAL.pattern}(E[+-]?[0-9]{{1,4}})?", re.ASCII)
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}"
_ZONE = r"(?:Z|[+-][0-9]{2}:[0-9]{2})"
_ONLY_DATE = re.compile(_DATE, re.ASCII)
_ONLY_TIME = re.compile(_TIME + r"(\.[0-9]{1,6})?", re.ASCII)
_INSTANT = re.compile(rf"{_DATE}[Tt]{_TIME}(\.[0-9]{{1,6}})?{_ZONE}", re.ASCII | re.IGNORECASE)
_LOCAL = re.compile(rf"{_DATE}[Tt]{_TIME}(\.[0-9]{{1,6}})?", re.ASCII)
_NANOS = re.compile(rf"({_DATE}[Tt]{_TIME})\.([0-9]{{9}})(Z?)", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_DURATION = re.compile(
    r"P(?:([0-9]{1,10})M)?(?:([0-9]{1,10})D)?(?:T([0-9]{1,7})(?:\.([0-9]{3}))?S)?", re.ASCII
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_BILLION = 10**9


def to_text(logical: Logical, value: Any) -> str:
    """Return the text of a value."""
    if logical.name == "decimal":
        return f"{value:.{logical.scale}f}"
    return _TO_TEXT[logical.name](value)


def from_text(logical: Logical, text: JSON) -> Any:
    """Return the value of a text. Raises ValueError or TypeError."""
    if not isinstance(text, str):
        message = f"{text!r} is no string"
        raise TypeError(message)
    return _FROM_TEXT[logical.name](text)


def _matched(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    match = pattern.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return match


def _decimal(text: str, pattern: re.Pattern[str] = _DECIMAL) -> Decimal:
    try:
        return Decimal(_matched(pattern, text)[0])
    except InvalidOperation:
        raise ValueError(text) from None


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _nanos_text(value: Timestamp) -> str:
    seconds, nanos = divmod(int(value), _BILLION)
    moment = _EPOCH + timedelta(seconds=seconds)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{nanos:09}".rjust(29, "0")


def _nanos(text: str, zone: str) -> Timestamp:
    match = _matched(_NANOS, text)
    if match[3] != zone:
        raise ValueError(text)
    moment = datetime.fromisoformat(match[1]).replace(tzinfo=UTC)
    return Timestamp((moment - _EPOCH) // timedelta(seconds=1) * _BILLION + int(match[2]))


def _duration_text(value: Duration) -> str:
    seconds, milliseconds = divmod(value.milliseconds, 1000)
    return f"P{value.months}M{value.days}DT{seconds}.{milliseconds:03}S"


def _duration(text: str) -> Duration:
    match = _matched(_DURATION, text)
    if text.endswith(("P", "T")):
        raise ValueError(text)
    months, days, seconds, milliseconds = (int(part or 0) for part in match.groups())
    return Duration(months=months, days=days, milliseconds=seconds * 1000 + milliseconds)


_TO_TEXT: Mapping[str, Callable[[Any], str]] = {
    "big-decimal": str,
    "date": date.isoformat,
    "duration": _duration_text,
    "local-timestamp-micros": datetime.isoformat,
    "local-timestamp-millis": datetime.isoformat,
    "local-timestamp-nanos": _nanos_text,
    "time-micros": time.isoformat,
    "time-millis": time.isoformat,
    "timestamp-micros": _instant,
    "timestamp-millis": _instant,
    "timestamp-nanos": lambda value: f"{_nanos_text(value)}Z",
    "uuid": str,
}
_FROM_TEXT: Mapping[str, Callable[[str], Any]] = {
    "big-decimal": lambda text: _decimal(text, _BIG_DECIMAL),
    "date": lambda text: date.fromisoformat(_matched(_ONLY_DATE, text)[0]),
    "decimal": _decimal,
    "duration": _duration,
    "local-timestamp-micros": lambda text: datetime.fromisoformat(_matched(_LOCAL, text)[0]),
    "local-timestamp-millis": lambda text: datetime.fromisoformat(_matched(_LOCAL, text)[0]),
    "local-timestamp-nanos": lambda text: _nanos(text, ""),
    "time-micros": lambda text: time.fromisoformat(_matched(_ONLY_TIME, text)[0]),
    "time-millis": lambda text: time.fromisoformat(_matched(_ONLY_TIME, text)[0]),
    "timestamp-micros": lambda text: datetime.fromisoformat(_matched(_INSTANT, text)[0].upper()),
    "timestamp-millis": lambda text: datetime.fromisoformat(_matched(_INSTANT, text)[0].upper()),
    "timestamp-nanos": lambda text: _nanos(text, "Z"),
    "uuid": lambda text: UUID(_matched(_UUID, text)[0]),
}
