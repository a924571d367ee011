"""Hypothesis strategies: schemas as JSON, and their data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

import registry
from registry.schema import (
    PRIMITIVES,
    ArraySchema,
    EnumSchema,
    FixedSchema,
    Logical,
    MapSchema,
    NamedSchema,
    RecordSchema,
    Schema,
    UnionSchema,
)
from tests.registry.plain_defaults import default_of

JsonSchema = Any
"""A schema as JSON: a name, a dict or a list."""

NAMESPACES = ("", "n", "n.inner")
_DEEPEST = 3  # types in each other in a schema
_SHALLOW = 4  # depth of a datum from which it has to end
_LOGICAL: tuple[JsonSchema, ...] = (
    {"type": "bytes", "logicalType": "big-decimal"},
    {"type": "int", "logicalType": "date"},
    {"type": "bytes", "logicalType": "decimal", "precision": 7, "scale": 2},
    {"type": "bytes", "logicalType": "decimal", "precision": 3, "scale": 3},
    {"type": "long", "logicalType": "local-timestamp-micros"},
    {"type": "long", "logicalType": "local-timestamp-millis"},
    {"type": "long", "logicalType": "local-timestamp-nanos"},
    {"type": "long", "logicalType": "time-micros"},
    {"type": "int", "logicalType": "time-millis"},
    {"type": "long", "logicalType": "timestamp-micros"},
    {"type": "long", "logicalType": "timestamp-millis"},
    {"type": "long", "logicalType": "timestamp-nanos"},
    {"type": "string", "logicalType": "uuid"},
)
_LOGICAL_FIXED: tuple[dict[str, Any], ...] = (
    {"size": 5, "logicalType": "decimal", "precision": 9, "scale": 4},
    {"size": 12, "logicalType": "duration"},
    {"size": 16, "logicalType": "uuid"},
)


@dataclass
class _Scope:
    """What one schema has named so far. Types that are open hold the place being drawn."""

    logical: bool = True
    spaces: tuple[str, ...] = NAMESPACES
    count: int = 0
    closed: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    def visible(self, names: list[str], enclosing: str) -> list[str]:
        """Leave out what cannot be named: the null namespace from inside another one."""
        return [name for name in names if "." in name or not enclosing]

    def next(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"


@st.composite
def schemas(
    draw: st.DrawFn, *, logical: bool = True, spaces: tuple[str, ...] = NAMESPACES
) -> JsonSchema:
    """Any schema, with recursion, namespaces, aliases and defaults."""
    return draw(_types(_Scope(logical, spaces), "", 0))


@st.composite
def records(draw: st.DrawFn, *, logical: bool = True) -> JsonSchema:
    """A record at the top, as files of a tree are."""
    return draw(_records(_Scope(logical), "", 0))


@st.composite
def _types(draw: st.DrawFn, scope: _Scope, enclosing: str, depth: int) -> JsonSchema:
    kinds = ["primitive", "primitive", "enum", "fixed"]
    if scope.visible(scope.closed, enclosing):
        kinds.append("reference")
    if depth < _DEEPEST:
        kinds += ["record", "array", "map", "union"]
    kind = draw(st.sampled_from(kinds))
    if kind == "reference":
        return draw(st.sampled_from(scope.visible(scope.closed, enclosing)))
    if kind in ("array", "map"):
        inner = draw(_repeated(scope, enclosing, depth + 1))
        return {"type": kind, "items" if kind == "array" else "values": inner}
    made: Mapping[str, Callable[[], st.SearchStrategy[JsonSchema]]] = {
        "primitive": lambda: _primitives(scope),
        "union": lambda: _unions(scope, enclosing, depth + 1),
        "record": lambda: _records(scope, enclosing, depth + 1),
    }
    return draw(made.get(kind, lambda: _leaves(scope, enclosing, kind))())


@st.composite
def _repeated(draw: st.DrawFn, scope: _Scope, enclosing: str, depth: int) -> JsonSchema:
    """What may be none at all, so that an open type may stand here."""
    opened = scope.visible(scope.opened, enclosing)
    choices = [st.sampled_from(opened)] if opened else []
    return draw(st.one_of(_types(scope, enclosing, depth), *choices))


def _primitives(scope: _Scope) -> st.SearchStrategy[JsonSchema]:
    plain = st.sampled_from(sorted(PRIMITIVES))
    return st.one_of(plain, st.sampled_from(_LOGICAL)) if scope.logical else plain


@st.composite
def _named(draw: st.DrawFn, scope: _Scope, enclosing: str, kind: str) -> tuple[JsonSchema, str]:
    """The head of a named type, and its full name."""
    name, space = scope.next(kind), draw(st.sampled_from((None, *scope.spaces)))
    head: dict[str, Any] = {"type": kind.lower(), "name": name}
    if space is not None:
        head["namespace"] = space
    if draw(st.booleans()):
        head["aliases"] = [f"Old{name}", f"old.{name}"]
    if draw(st.booleans()):
        head["doc"] = draw(st.text(st.characters(codec="utf-8"), max_size=5))
    actual = enclosing if space is None else space
    return head, f"{actual}.{name}" if actual else name


@st.composite
def _leaves(draw: st.DrawFn, scope: _Scope, enclosing: str, kind: str) -> JsonSchema:
    head, name = draw(_named(scope, enclosing, kind.capitalize()))
    if kind == "enum":
        head["symbols"] = [f"S{i}" for i in range(draw(st.integers(1, 4)))]
        if draw(st.booleans()):
            head["default"] = "S0"
    elif scope.logical and draw(st.booleans()):
        head |= draw(st.sampled_from(_LOGICAL_FIXED))
    else:
        head["size"] = draw(st.integers(0, 5))
    scope.closed.append(name)
    return head


@st.composite
def _unions(draw: st.DrawFn, scope: _Scope, enclosing: str, depth: int) -> JsonSchema:
    opened = scope.visible(scope.opened, enclosing)
    branches: list[JsonSchema] = ["null"]
    if draw(st.booleans()):
        branches += [draw(st.sampled_from(opened))] if opened else []
    for _ in range(draw(st.integers(0, 3))):
        mark = len(scope.closed)
        each = draw(_types(scope, enclosing, depth))
        if isinstance(each, list) or _label(each) in map(_label, branches):
            del scope.closed[mark:]  # it is not used, and so defines nothing
        else:
            branches.append(each)
    return branches[
        draw(st.integers(0, 1)) if len(branches) > 1 and branches[1] not in opened else 0 :
    ]


def _label(branch: JsonSchema) -> str:
    """What must be unique in a union; the full name need not be known, as simple names are."""
    if isinstance(branch, str):
        return branch.rpartition(".")[2]
    label: str = branch.get("name", branch["type"])
    return label


@st.composite
def _records(draw: st.DrawFn, scope: _Scope, enclosing: str, depth: int) -> JsonSchema:
    head, name = draw(_named(scope, enclosing, "Record"))
    namespace = name.rpartition(".")[0]
    scope.opened.append(name)
    count = draw(st.integers(0, 4))
    head["fields"] = [draw(_fields(scope, namespace, depth, f"f{i}")) for i in range(count)]
    scope.opened.remove(name)
    scope.closed.append(name)
    return head


@st.composite
def _fields(
    draw: st.DrawFn, scope: _Scope, namespace: str, depth: int, name: str
) -> dict[str, Any]:
    kind = draw(_types(scope, namespace, depth + 1))
    made: dict[str, Any] = {"name": name, "type": kind}
    if draw(st.booleans()):
        made |= default_of(kind)
    if draw(st.booleans()):
        made["aliases"] = [f"old_{name}"]
    if draw(st.booleans()):
        made["order"] = draw(st.sampled_from(["ascending", "descending", "ignore"]))
    return made


def data(schema: Schema, depth: int = 0) -> st.SearchStrategy[Any]:
    """Values of a schema, with those of unions as pairs (branch name, value)."""
    if isinstance(schema, RecordSchema):
        return st.fixed_dictionaries({f.name: data(f.type, depth + 1) for f in schema.fields})
    if isinstance(schema, UnionSchema):
        branches = _finite(schema, depth)
        return st.one_of([st.tuples(st.just(b.label), data(b, depth + 1)) for b in branches])
    if isinstance(schema, ArraySchema):
        return st.lists(_members(schema.items, depth), max_size=3 if depth < _SHALLOW else 0)
    if isinstance(schema, MapSchema):
        values = _members(schema.values, depth)
        return st.dictionaries(_TEXT, values, max_size=3 if depth < _SHALLOW else 0)
    return _scalars(schema)


def _members(schema: Schema, depth: int) -> st.SearchStrategy[Any]:
    return data(schema, depth + 1) if depth < _SHALLOW else st.nothing()


def _scalars(schema: Schema) -> st.SearchStrategy[Any]:
    if schema.logical:
        return _logical_data(schema, schema.logical)
    if isinstance(schema, EnumSchema):
        return st.sampled_from(schema.symbols)
    if isinstance(schema, FixedSchema):
        return st.binary(min_size=schema.size, max_size=schema.size)
    return _PLAIN[schema.type]


def _finite(union: UnionSchema, depth: int) -> list[Schema]:
    """Deep down, only branches that end."""
    leaves = [each for each in union.branches if not isinstance(each, RecordSchema)]
    return leaves if leaves and depth >= _SHALLOW else list(union.branches)


_TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
_PLAIN: Mapping[str, st.SearchStrategy[Any]] = {
    "null": st.none(),
    "boolean": st.booleans(),
    "int": st.integers(-(1 << 31), (1 << 31) - 1),
    "long": st.integers(-(1 << 63), (1 << 63) - 1),
    "float": st.floats(width=32, allow_nan=False, allow_infinity=False),
    "double": st.floats(allow_nan=False, allow_infinity=False),
    "bytes": st.binary(max_size=8),
    "string": _TEXT,
}


def _logical_data(schema: Schema, logical: Logical) -> st.SearchStrategy[Any]:
    if logical.name == "decimal":
        most = 10**logical.precision - 1
        return st.integers(-most, most).map(lambda n: Decimal(n).scaleb(-logical.scale))
    if isinstance(schema, NamedSchema) and logical.name == "duration":
        part = st.integers(0, (1 << 32) - 1)
        return st.builds(registry.Duration, months=part, days=part, milliseconds=part)
    return _LOGICAL_DATA[logical.name]


def _whole_millis(value: Any) -> Any:
    return value.replace(microsecond=value.microsecond // 1000 * 1000)


_NANOS = st.integers(-(1 << 63), (1 << 63) - 1).map(registry.Timestamp)
_INSTANTS = st.datetimes(timezones=st.just(UTC))
_LOGICAL_DATA: Mapping[str, st.SearchStrategy[Any]] = {
    "big-decimal": st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), places=3),
    "date": st.dates(),
    "local-timestamp-micros": st.datetimes(),
    "local-timestamp-millis": st.datetimes().map(_whole_millis),
    "local-timestamp-nanos": _NANOS,
    "time-micros": st.times(),
    "time-millis": st.times().map(_whole_millis),
    "timestamp-micros": _INSTANTS,
    "timestamp-millis": _INSTANTS.map(_whole_millis),
    "timestamp-nanos": _NANOS,
    "uuid": st.uuids(),
}


def untagged(value: Any) -> Any:
    """Return a value with the pairs of unions gone, as `read` gives it by default."""
    if isinstance(value, tuple):
        return untagged(value[1])
    if isinstance(value, dict):
        return {key: untagged(each) for key, each in value.items()}
    return [untagged(each) for each in value] if isinstance(value, list) else value
