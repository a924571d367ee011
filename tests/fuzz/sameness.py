"""Whether values are the same: to the type and the bit, or as what was given and what came back."""

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import Enum
from struct import Struct
from typing import Any, NamedTuple

from registry import schema_of
from registry.naming import python_names
from registry.schema import RecordSchema

_FLOAT = Struct("<f")
_DOUBLE = Struct("<d")
_BYTES = bytes | bytearray | memoryview


class Difference(NamedTuple):
    """A place where two values differ, and the parts that stand there."""

    path: str
    one: Any
    other: Any

    def kinds(self) -> str:
        """Return the types of the parts, which make a kind of finding."""
        one, other = type(self.one).__name__, type(self.other).__name__
        return f"{one} / {other}"


def differences(one: Any, other: Any, path: str = "") -> Iterator[Difference]:
    """Yield where two plain values differ in type or value; one NaN is like another."""
    if type(one) is not type(other):
        yield Difference(path, one, other)
    elif isinstance(one, dict):
        if one.keys() != other.keys():
            yield Difference(f"{path}.keys", sorted(one), sorted(other))
        for key in one.keys() & other.keys():
            yield from differences(one[key], other[key], f"{path}[{key!r}]")
    elif isinstance(one, list | tuple):
        if len(one) != len(other):
            yield Difference(f"{path}.length", len(one), len(other))
        for index, (mine, theirs) in enumerate(zip(one, other, strict=False)):
            yield from differences(mine, theirs, f"{path}[{index}]")
    elif not _equal(one, other):
        yield Difference(path, one, other)


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float):
        both = math.isnan(one) and math.isnan(other)
        return both or _DOUBLE.pack(one) == _DOUBLE.pack(other)
    return bool(one == other)


def same(one: Any, other: Any) -> bool:
    """Tell whether two plain values are the same, in types too."""
    return next(differences(one, other), None) is None


def plain(value: Any) -> Any:
    """Return the plain value of objects of generated classes, with the pairs of unions gone."""
    if hasattr(type(value), "__avro_name__") and not isinstance(value, Enum):
        schema = schema_of(type(value))
        assert isinstance(schema, RecordSchema)
        names = python_names(schema)
        return {each: plain(getattr(value, names[each])) for each in names}
    if isinstance(value, Enum):
        return str(value)
    if isinstance(value, tuple):
        return plain(value[1])
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def stands_for(given: Any, got: Any) -> bool:
    """Tell whether a value that was read is what was given to be written.

    Less strict than `same`: a tuple is a list, bytes are bytes, an int a float, a float is rounded
    to what 4 bytes hold, absent fields get their defaults, and the pair of a union its value.
    """
    if isinstance(got, tuple):
        got = got[1]
    if isinstance(given, tuple) and len(given) == 2 and stands_for(given[1], got):
        return True
    if isinstance(got, dict):
        held = isinstance(given, Mapping)
        return held and all(stands_for(given[key], got[key]) for key in got.keys() & given.keys())
    if isinstance(got, list):
        listed = isinstance(given, list | tuple) and len(given) == len(got)
        return listed and all(map(stands_for, given, got))
    return _scalar_stands_for(given, got)


def _scalar_stands_for(given: Any, got: Any) -> bool:
    if isinstance(given, bool) != isinstance(got, bool):
        return False
    if isinstance(got, float):
        return isinstance(given, int | float) and _rounded(float(given), got)
    if isinstance(got, bytes):
        return isinstance(given, _BYTES) and bytes(given) == got
    if isinstance(got, int | Decimal):
        kinds = int if isinstance(got, int) else Decimal
        return isinstance(given, kinds) and given == got
    return isinstance(given, type(got)) and bool(given == got)


def _rounded(given: float, got: float) -> bool:
    return _equal(given, got) or _equal(as_float(given), got)


def as_float(number: float) -> float:
    """Return a number as 4 bytes hold it; infinite where it is beyond them."""
    try:
        rounded: float = _FLOAT.unpack(_FLOAT.pack(number))[0]
    except OverflowError:
        return math.copysign(math.inf, number)
    return rounded
