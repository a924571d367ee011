"""What generated encoders and decoders call.

They are written for the datum that is right: where anything is wrong they raise some error of
Python's, and `registry.codec.pairs` has the datum walked by its schema to say what and where.
Decoders look at the end of the data last: a slice that ends too early leaves an offset beyond it.
"""

from collections.abc import Iterable
from struct import Struct
from typing import TYPE_CHECKING, Final, TypeVar

from registry.codec.blocks import Budget, block, length, opened
from registry.codec.bulk import (
    read_booleans,
    read_bytes,
    read_doubles,
    read_floats,
    read_ints,
    read_longs,
    read_strings,
    write_booleans,
    write_bytes,
    write_doubles,
    write_floats,
    write_ints,
    write_longs,
    write_strings,
)
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
    to_float,
    uuid_bytes,
    uuid_of,
    uuid_of_text,
    uuid_text,
)
from registry.codec.varint import INT, LONG, int_rest, rest
from registry.values import Timestamp

__all__ = [
    "BOOLEANS",
    "INT",
    "LONG",
    "Budget",
    "Refused",
    "Timestamp",
    "big_decimal",
    "big_decimal_of",
    "block",
    "codes",
    "date_of",
    "days",
    "decimal",
    "decimal_of",
    "duration",
    "duration_of",
    "fixed_decimal",
    "int_rest",
    "join",
    "length",
    "local_micros",
    "local_millis",
    "local_of_micros",
    "local_of_millis",
    "members",
    "micros",
    "micros_of_day",
    "millis",
    "millis_of_day",
    "moment_of_micros",
    "moment_of_millis",
    "nanos",
    "new",
    "number",
    "opened",
    "pack_double",
    "pack_float",
    "read_booleans",
    "read_bytes",
    "read_doubles",
    "read_floats",
    "read_ints",
    "read_longs",
    "read_strings",
    "rest",
    "time_of_micros",
    "time_of_millis",
    "to_float",
    "unpack_double",
    "unpack_float",
    "utf8",
    "uuid_bytes",
    "uuid_of",
    "uuid_of_text",
    "uuid_text",
    "write_booleans",
    "write_bytes",
    "write_doubles",
    "write_floats",
    "write_ints",
    "write_longs",
    "write_strings",
]

T = TypeVar("T")
S = TypeVar("S", bound=str)


class Refused(ValueError):
    """Emitted code gives up; what is wrong, and where, others find out."""


BOOLEANS: Final = (False, True)
join = b"".join
utf8 = str.encode
pack_float = Struct("<f").pack
pack_double = Struct("<d").pack
unpack_float = Struct("<f").unpack_from
unpack_double = Struct("<d").unpack_from

if TYPE_CHECKING:

    def new(made: type[T]) -> T:
        """Make an object whose attributes are not set yet."""
        raise NotImplementedError
else:
    new = object.__new__


def number(value: float) -> float:
    """Return what goes for a float: an int or a float, and nothing else that knows one."""
    if isinstance(value, int | float) and not isinstance(value, bool | Timestamp):
        return value
    raise TypeError(value)


def codes(symbols: Iterable[S]) -> dict[S, bytes]:
    """Return the bytes of each symbol of an enum."""
    return {symbol: INT[index] for index, symbol in enumerate(symbols)}


def members(symbols: Iterable[S]) -> dict[int, S]:
    """Return each symbol of an enum by its raw number."""
    return {2 * index: symbol for index, symbol in enumerate(symbols)}
