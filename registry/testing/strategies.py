"""Hypothesis strategies for records and plain values, by the schema."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC
from decimal import Decimal
from functools import partial
from typing import Any, Final, TypeVar, cast

from registry.defaults import INT_RANGE, LONG_RANGE
from registry.limits import LIMITS
from registry.naming import python_names
from registry.record import Record, builder_of
from registry.schema import (
    ArraySchema,
    EnumSchema,
    FixedSchema,
    Logical,
    MapSchema,
    RecordSchema,
    Schema,
    UnionSchema,
)
from registry.testing.examples import record_schema, refuse_unknown, required
from registry.testing.shapes import Shape
from registry.values import Duration, Timestamp, ambiguous

try:
    from hypothesis import strategies as st
    from hypothesis.strategies import SearchStrategy
except ModuleNotFoundError as error:
    message = "registry.testing draws records with Hypothesis: install the package `hypothesis`."
    raise ModuleNotFoundError(message, name=error.name) from error

R = TypeVar("R", bound=Record)
_MOST = 3  # items of an array or a map
_DRAWN = 64  # bytes; a larger fixed repeats them, as Hypothesis draws some thousand at most
_DIGITS = 2 * LIMITS.decimal_bytes


def records_of(
    made: type[R], given: Mapping[str, SearchStrategy[Any]], *, any_float: bool
) -> SearchStrategy[R]:
    """Return a strategy for records; `given` are strategies by attribute.

    Raises TypeError, Uninhabited.
    """
    schema = record_schema(made)
    refuse_unknown(schema, given)
    for name, each in given.items():
        if not isinstance(each, SearchStrategy):
            raise TypeError(f"{name}={each!r} is no strategy. Write {name}=st.just({each!r}).")
    drawn = _Strategies(schema, builder_of(made).classes, any_float=any_float)
    return cast("SearchStrategy[R]", drawn.record(schema, 0, given))


def values_of(schema: Schema, *, any_float: bool) -> SearchStrategy[Any]:
    """Return a strategy for plain values, with those of unions as pairs. Raises Uninhabited."""
    return _Strategies(schema, None, any_float=any_float).of(schema, 0)


class _Strategies:
    """Strategies for the types in a schema. `classes` by full name; None for plain values.

    `loops` counts how often the data has come to a recursive record so far.
    """

    def __init__(
        self, schema: Schema, classes: Mapping[str, type] | None, *, any_float: bool
    ) -> None:
        self.shape = Shape(schema)
        self.shape.require(schema)
        self.classes = classes
        # Times that data comes to recursive records before it ends; each multiplies it by the ways.
        self.most_loops = max(2, 5 - self.shape.ways.bit_length())
        floats = partial(st.floats, allow_nan=any_float, allow_infinity=any_float)
        self.plain = {**_PLAIN, "float": floats(width=32), "double": floats()}
        self.deferred: dict[tuple[int, int], SearchStrategy[Any]] = {}

    def of(self, schema: Schema, loops: int) -> SearchStrategy[Any]:
        if isinstance(schema, RecordSchema):
            key = id(schema), loops
            if key not in self.deferred:
                self.deferred[key] = st.deferred(lambda: self.record(schema, loops, {}))
            return self.deferred[key]
        if isinstance(schema, UnionSchema):
            return self.union(schema, loops)
        if isinstance(schema, ArraySchema):
            return self.repeated(st.lists, schema.items, loops)
        if isinstance(schema, MapSchema):
            return self.repeated(partial(st.dictionaries, _TEXT), schema.values, loops)
        return self.scalar(schema)

    def record(
        self, schema: RecordSchema, loops: int, given: Mapping[str, SearchStrategy[Any]]
    ) -> SearchStrategy[Any]:
        inside = min(loops + (id(schema) in self.shape.loops), self.most_loops)
        if self.classes is None:
            return st.fixed_dictionaries({f.name: self.of(f.type, inside) for f in schema.fields})
        names, made = python_names(schema), self.classes[schema.name]
        types = {
            names[each.name]: each.type for each in schema.fields if names[each.name] not in given
        }
        needed = required(made)
        drawn = {name: self.of(each, inside) for name, each in types.items()}
        always = {name: each for name, each in drawn.items() if name in needed}
        now_and_then = {name: each for name, each in drawn.items() if name not in needed}
        found = st.fixed_dictionaries({**always, **given}, optional=now_and_then)
        return found.map(lambda values: made(**values))

    def union(self, schema: UnionSchema, loops: int) -> SearchStrategy[Any]:
        ends = self.shape.cheapest(schema)
        branches = ends if loops == self.most_loops else self.shape.inhabited(schema)
        return st.one_of([self.branch(schema, each, loops) for each in branches])

    def branch(self, union: UnionSchema, branch: Schema, loops: int) -> SearchStrategy[Any]:
        drawn = self.of(branch, loops)
        is_bare = self.classes is not None and union.branches.index(branch) not in ambiguous(union)
        return drawn if is_bare else st.tuples(st.just(branch.label), drawn)

    def repeated(
        self, collection: Callable[..., SearchStrategy[Any]], items: Schema, loops: int
    ) -> SearchStrategy[Any]:
        if math.isinf(self.shape.cost(items)) or (
            loops == self.most_loops and self.shape.cost(items)
        ):
            return collection(st.nothing(), max_size=0)
        return collection(self.of(items, loops), max_size=_MOST)

    def scalar(self, schema: Schema) -> SearchStrategy[Any]:
        if schema.logical:
            return _of_logical(schema.logical)
        if isinstance(schema, EnumSchema):
            made = str if self.classes is None else self.classes[schema.name]
            return st.sampled_from([made(each) for each in schema.symbols])
        if isinstance(schema, FixedSchema):
            return _fixed(schema.size)
        return self.plain[schema.type]


def _fixed(size: int) -> SearchStrategy[bytes]:
    if size <= _DRAWN:
        return st.binary(min_size=size, max_size=size)
    return st.binary(min_size=_DRAWN, max_size=_DRAWN).map(lambda s: (s * size)[:size])


def _of_logical(logical: Logical) -> SearchStrategy[Any]:
    if logical.name != "decimal":
        return _LOGICAL[logical.name]
    most = 10 ** min(logical.precision, _DIGITS) - 1
    return st.builds(_decimal, st.integers(-most, most), st.just(logical.scale))


def _decimal(unscaled: int, scale: int) -> Decimal:
    return Decimal((unscaled < 0, Decimal(abs(unscaled)).as_tuple().digits, -scale))


def _whole_millis(value: Any) -> Any:
    return value.replace(microsecond=value.microsecond // 1000 * 1000)


_TEXT = st.text(st.characters(codec="utf-8"))  # which leaves out lone surrogates
_PLAIN: Final[Mapping[str, SearchStrategy[Any]]] = {
    "null": st.none(),
    "boolean": st.booleans(),
    "int": st.integers(*INT_RANGE),
    "long": st.integers(*LONG_RANGE),
    "bytes": st.binary(),
    "string": _TEXT,
}
_PART = st.integers(0, (1 << 32) - 1)
_UTC = st.datetimes(timezones=st.just(UTC))
_NANOS = st.integers(*LONG_RANGE).map(Timestamp)
_LOGICAL: Final[Mapping[str, SearchStrategy[Any]]] = {
    "big-decimal": st.builds(_decimal, st.integers(-(10**30), 10**30), st.integers(-40, 40)),
    "date": st.dates(),
    "duration": st.builds(Duration, months=_PART, days=_PART, milliseconds=_PART),
    "local-timestamp-micros": st.datetimes(),
    "local-timestamp-millis": st.datetimes().map(_whole_millis),
    "local-timestamp-nanos": _NANOS,
    "time-micros": st.times(),
    "time-millis": st.times().map(_whole_millis),
    "timestamp-micros": _UTC,
    "timestamp-millis": _UTC.map(_whole_millis),
    "timestamp-nanos": _NANOS,
    "uuid": st.uuids(),
}
