"""Column types: a record as its Avro bytes, a moment as a number."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.types import TypeDecorator

from registry import wire
from registry.record import Record
from services.chassis.schemas import tree

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

R = TypeVar("R", bound=Record)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored as the microseconds since 1970 in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: "Dialect") -> int | None:
        """Return what is stored."""
        return None if value is None else (value - _EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, _dialect: "Dialect") -> datetime | None:
        """Return the datetime in UTC."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class AvroRecord(TypeDecorator[R]):
    """A record, stored in Avro's single-object encoding.

    What an older version of the schema wrote is read into today's class by Avro's resolution, so
    that a new field needs no migration of the table.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, record_type: type[R]) -> None:
        super().__init__()
        self.record_type = record_type

    def process_bind_param(self, value: R | None, _dialect: "Dialect") -> bytes | None:
        """Return what is stored."""
        return None if value is None else wire.encode(value)

    def process_result_value(self, value: bytes | None, _dialect: "Dialect") -> R | None:
        """Return the record as today's class. Raises WireError."""
        return None if value is None else wire.decode(value, self.record_type, schemas=tree())
