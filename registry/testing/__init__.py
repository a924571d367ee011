"""For tests of what uses records: examples, any records at all, and gaps between versions.

`records` and `values` need Hypothesis; nothing else of the registry does.
"""

from collections.abc import Iterable
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, get_args

from registry.record import Record
from registry.schema import Schema
from registry.testing.examples import example_of
from registry.testing.gaps import gaps
from registry.upgrading import Gap

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

R = TypeVar("R", bound=Record)
Floats: TypeAlias = Literal["finite", "any"]
"""Which floats are drawn: "any" adds infinities and NaN, which JSON cannot hold."""

__all__ = [
    "Floats",
    "Gap",
    "assert_no_upgrade_gaps",
    "example",
    "records",
    "upgrade_gaps",
    "values",
]


def example(made: type[R], /, **fields: Any) -> R:
    """Return a record that reads well, the same in every process.

    Fields take the values given here by the names of their attributes, else their defaults, else
    a plausible value: a text is the name of its field, a time lies in 2026.

    Raises TypeError for a name that is no field, Uninhabited where no record can exist.
    """
    return example_of(made, fields)


def records(
    made: type[R], floats: Floats = "finite", /, **fields: "SearchStrategy[Any]"
) -> "SearchStrategy[R]":
    """Return a Hypothesis strategy for the records that the schema of a class allows.

    Each of them can be written and read again, from JSON too. Fields with a default are left to it
    now and then. `fields` are strategies to use instead, by the names of the attributes.

    Raises TypeError for a name that is no field, or what is no strategy; ValueError for other
    floats; Uninhabited where no record can exist; ModuleNotFoundError without Hypothesis.
    """
    from registry.testing.strategies import records_of  # noqa: PLC0415 the rest needs no Hypothesis

    return records_of(made, fields, any_float=_any_float(floats))


def values(schema: Schema, floats: Floats = "finite", /) -> "SearchStrategy[Any]":
    """Return a Hypothesis strategy for plain values, as `read` with `tagged=True` gives them.

    Raises ValueError for other floats; Uninhabited where a schema has no value;
    ModuleNotFoundError without Hypothesis.
    """
    from registry.testing.strategies import values_of  # noqa: PLC0415 the rest needs no Hypothesis

    return values_of(schema, any_float=_any_float(floats))


def _any_float(floats: object) -> bool:
    known = get_args(Floats)
    if floats not in known:
        names = " or ".join(map(repr, known))
        raise ValueError(f"There are no floats {floats!r}. Pass {names}, or nothing.")
    return floats == "any"


def upgrade_gaps(found: Iterable[type[Record]] | ModuleType | None = None, /) -> list[Gap]:
    """Return the pairs of versions of one subject whose older one cannot become the newer one.

    Looks at the classes given, or at those in a package and below it: `registry.records` unless
    another one is given.
    """
    return gaps(found)


def assert_no_upgrade_gaps(found: Iterable[type[Record]] | ModuleType | None = None, /) -> None:
    """Raise AssertionError with what to write where, if `upgrade_gaps` finds some."""
    missing = {each.fix: f"{each.reason} {each.fix}" for each in gaps(found)}
    if missing:
        raise AssertionError("\n".join(missing.values()))
