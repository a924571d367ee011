"""Dates, times and moments as the numbers that Avro writes (Avro 1.12, "Logical Types").

Each function raises TypeError, ValueError or OverflowError for what the other side cannot hold.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from registry.defaults import LONG_RANGE
from registry.values import Timestamp

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LOCAL_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 local timestamps have no zone
_ORDINAL: Final = date(1970, 1, 1).toordinal()
_MICRO: Final = timedelta(microseconds=1)
_DAY: Final = 24 * 60 * 60 * 10**6
_EXACT: Final = 1 << 32  # seconds, up to which a float tells microseconds apart
_FIRST: Final = (datetime.min - _LOCAL_EPOCH) // _MICRO  # noqa: DTZ901 as a difference
_LAST: Final = (datetime.max - _LOCAL_EPOCH) // _MICRO  # noqa: DTZ901 as a difference
_from_seconds = datetime.fromtimestamp


def days(value: date) -> int:
    """Return a date as days since 1970-01-01."""
    if type(value) is not date:
        raise TypeError(value)
    return value.toordinal() - _ORDINAL


def date_of(number: int) -> date:
    """Return the date of a number of days since 1970-01-01."""
    return date.fromordinal(number + _ORDINAL)


def micros_of_day(value: time) -> int:
    """Return a time without a zone as microseconds since midnight."""
    if type(value) is not time or value.tzinfo is not None:
        raise TypeError(value)
    seconds = (value.hour * 60 + value.minute) * 60 + value.second
    return seconds * 10**6 + value.microsecond


def millis_of_day(value: time) -> int:
    """Return a time without a zone as milliseconds since midnight."""
    return _millis(micros_of_day(value))


def time_of_micros(number: int) -> time:
    """Return the time of day of a number of microseconds since midnight."""
    if not 0 <= number < _DAY:
        raise ValueError(number)
    return (_LOCAL_EPOCH + timedelta(0, 0, number)).time()


def time_of_millis(number: int) -> time:
    """Return the time of day of a number of milliseconds since midnight."""
    return time_of_micros(number * 1000)


def micros(value: datetime) -> int:
    """Return a datetime with a zone as microseconds since 1970-01-01T00:00:00Z."""
    since = value - _EPOCH  # which refuses a datetime without a zone
    number = (since.days * 86_400 + since.seconds) * 10**6 + since.microseconds
    if not _FIRST <= number <= _LAST:  # what UTC cannot say, other zones can
        raise ValueError(value)
    return number


def millis(value: datetime) -> int:
    """Return a datetime with a zone as milliseconds since 1970-01-01T00:00:00Z."""
    return _millis(micros(value))


def moment_of_micros(number: int) -> datetime:
    """Return the moment of a number of microseconds since 1970-01-01T00:00:00Z, in UTC."""
    if 0 <= number < _EXACT * 10**6:
        return _from_seconds(number / 10**6, UTC)
    return _EPOCH + timedelta(0, 0, number)


def moment_of_millis(number: int) -> datetime:
    """Return the moment of a number of milliseconds since 1970-01-01T00:00:00Z, in UTC."""
    return moment_of_micros(number * 1000)


def local_micros(value: datetime) -> int:
    """Return a datetime without a zone as microseconds since 1970-01-01T00:00:00."""
    return (value - _LOCAL_EPOCH) // _MICRO  # which refuses a datetime with a zone


def local_millis(value: datetime) -> int:
    """Return a datetime without a zone as milliseconds since 1970-01-01T00:00:00."""
    return _millis(local_micros(value))


def local_of_micros(number: int) -> datetime:
    """Return the datetime of a number of microseconds since 1970-01-01T00:00:00."""
    return _LOCAL_EPOCH + timedelta(0, 0, number)


def local_of_millis(number: int) -> datetime:
    """Return the datetime of a number of milliseconds since 1970-01-01T00:00:00."""
    return _LOCAL_EPOCH + timedelta(0, 0, number * 1000)


def nanos(value: Timestamp) -> int:
    """Return a timestamp as nanoseconds since 1970-01-01T00:00:00."""
    if not isinstance(value, Timestamp):
        raise TypeError(value)
    if not LONG_RANGE[0] <= value <= LONG_RANGE[1]:
        raise ValueError(value)
    return int(value)


def _millis(number: int) -> int:
    whole, left = divmod(number, 1000)
    if left:
        raise ValueError(number)
    return whole
