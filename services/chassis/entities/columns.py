"""Column types: a record as its Avro bytes, a moment or a decimal as a whole number."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar, cast

from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.types import TypeDecorator

from registry import wire
from registry.record import Record, schema_of
from services.chassis.schemas import tree

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    from registry.schema import RecordSchema

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


class ScaledDecimal(TypeDecorator[Decimal]):
    """An exact decimal, stored as the number of its smallest units; `scale` counts its decimals.

    Databases compare such numbers exactly, which SQLite does not do with decimals.
    """

    impl = BigInteger
    cache_ok = True

    def __init__(self, scale: int) -> None:
        super().__init__()
        self.scale = scale

    def process_bind_param(self, value: Decimal | None, _dialect: "Dialect") -> int | None:
        """Return what is stored."""
        return None if value is None else int(value.scaleb(self.scale))

    def process_result_value(self, value: int | None, _dialect: "Dialect") -> Decimal | None:
        """Return the decimal."""
        return None if value is None else Decimal(value).scaleb(-self.scale)


def decimal_column(record_type: type[Record], field: str) -> ScaledDecimal:
    """Return the column type of a decimal field, whose schema says the scale."""
    schema = cast("RecordSchema", schema_of(record_type))
    (scale,) = (
        each.type.logical.scale
        for each in schema.fields
        if each.name == field and each.type.logical
    )
    return ScaledDecimal(scale)


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
