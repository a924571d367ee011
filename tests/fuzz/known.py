"""Differences from fastavro that we know, each with its reason; all others are findings."""

from collections.abc import Callable, Iterator
from datetime import date, time
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from registry.schema import RecordSchema, Schema, children, named_types
from tests.fuzz.jobs import Answer
from tests.fuzz.outcome import Outcome
from tests.fuzz.sameness import Difference, as_float


class Reading(NamedTuple):
    """Some bytes, and what we and fastavro make of them. Schemas as fastavro has them."""

    writer: Schema
    reader: Schema
    data: bytes
    ours: Outcome
    theirs: Answer


REFUSALS: Final[dict[str, str]] = {
    "bytes follow the datum": "fastavro reads from a stream, which may go on",
    "there is no boolean with": "it takes any byte but 1 for False, or any but 0 for True",
    "with the index -": "it counts from the end, as Python does",
    "more than 64 bits": "it does not bound the length of numbers, and drops bits",
    "out of the range of int": "an int is a long to it",
    "a block cannot have": "it does not look at the sizes of blocks",
    "the block says that it ends": "it does not look at the sizes of blocks",
    "stand for no decimal": "it rounds a decimal with more digits than the precision",
    "stands twice": "to it, the last value of a key wins",
    "stand for no time-": "it takes times before midnight for those of the day before",
    "stand for no uuid": "it takes every form that Python's UUID does",
}
"""Words of our error -> why fastavro reads what we refuse."""

_RAW: Final = int, float, str, bytes
_NUMBERS: Final = {"int", "long"}, {"float", "double"}
_TEXTS: Final = {"bytes"}, {"string"}


def known_refusal(reading: Reading) -> bool:
    """Tell whether we know why only we refuse some bytes."""
    if reading.reader is not reading.writer:
        return True  # it does not check what the reader skips; pairs have laws of their own
    error = reading.ours.error
    return error is not None and any(words in error.reason for words in REFUSALS)


def known_error(reading: Reading) -> bool:
    """Tell whether we know why only fastavro refuses some bytes."""
    return reading.theirs.error.startswith("UnicodeDecodeError") and _first(reading, _TEXTS)


def known_value(reading: Reading, difference: Difference) -> bool:
    """Tell whether we know why a part of a value differs."""
    return any(rule(reading, difference) for rule in VALUES)


def _rounded_decimal(_: Reading, difference: Difference) -> bool:
    """It rounds a decimal with more digits than its precision."""
    one, other = difference.one, difference.other
    return (
        isinstance(one, Decimal)
        and isinstance(other, Decimal)
        and len(one.as_tuple().digits) > len(other.as_tuple().digits)
    )


def _wide_float(reading: Reading, difference: Difference) -> bool:
    """It does not round an int or a long that is read as a float, nor the default of a float."""
    one, other = difference.one, difference.other
    numbers = isinstance(one, float) and isinstance(other, int | float)
    return numbers and reading.reader is not reading.writer and as_float(other) == one


def _raw_default(reading: Reading, difference: Difference) -> bool:
    """It gives a default as it stands in the schema's JSON, without what that leaves out."""
    added = _names(reading.reader) - _names(reading.writer)
    return any(f"[{name!r}]" in difference.path for name in added)


def _writers_logical(reading: Reading, difference: Difference) -> bool:
    """It makes what the writer's logical type says, whatever the reader's type is."""
    made = isinstance(difference.other, date | time | Decimal | UUID)
    return made and reading.reader is not reading.writer and type(difference.one) in _RAW


def _names(schema: Schema) -> set[str]:
    records = [each for each in named_types(schema).values() if isinstance(each, RecordSchema)]
    return {field.name for each in records for field in each.fields if not field.aliases}


def _first_branch(reading: Reading, difference: Difference) -> bool:
    """It reads into the first branch of a union that can take it, not into that of its type."""
    kinds = {type(difference.one), type(difference.other)}
    if kinds == {int, float}:
        return _first(reading, _NUMBERS)
    return kinds == {bytes, str} and _first(reading, _TEXTS)


def _first(reading: Reading, groups: tuple[set[str], set[str]]) -> bool:
    """Tell whether a union of another reader has a type of each group."""
    if reading.reader is reading.writer:
        return False
    unions = [{each.type for each in children(union)} for union in _unions(reading.reader)]
    return any(all(types & group for group in groups) for types in unions)


def _unions(schema: Schema) -> Iterator[Schema]:
    seen: set[int] = set()
    pending = [schema]
    while pending:
        current = pending.pop()
        if id(current) not in seen:
            seen.add(id(current))
            pending += children(current)
            if current.type == "union":
                yield current


VALUES: Final[tuple[Callable[[Reading, Difference], bool], ...]] = (
    _rounded_decimal,
    _wide_float,
    _raw_default,
    _writers_logical,
    _first_branch,
)
