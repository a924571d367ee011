"""Avro's types as frozen values (Avro 1.12 specification, "Schema Declaration").

References point at the very objects they name, so a recursive schema is a cycle: a walk keeps the
full names it has seen. Two schemas are compared by `registry.full_text` or by fingerprint.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal, NamedTuple, TypeAlias, TypeVar, dataclass_transform

from registry.source import JSON

PrimitiveName: TypeAlias = Literal[
    "null", "boolean", "int", "long", "float", "double", "bytes", "string"
]
Order: TypeAlias = Literal["ascending", "descending", "ignore"]
PRIMITIVES: Final[frozenset[str]] = frozenset(PrimitiveName.__args__)  # type: ignore[attr-defined]


T = TypeVar("T")


class Missing(Enum):
    """The type of MISSING."""

    MISSING = "MISSING"

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing.MISSING
"""A field without a default; its default may well be None."""


class Logical(NamedTuple):
    """A logical type; precision and scale are of decimals, in digits."""

    name: str
    precision: int = 0
    scale: int = 0


@dataclass_transform(
    frozen_default=True, eq_default=False, kw_only_default=True, field_specifiers=(field,)
)
def _value(cls: type[T]) -> type[T]:
    """Make a dataclass that the type checker keeps frozen; at run time, that would slow parsing."""
    return dataclass(slots=True, eq=False, kw_only=True)(cls)


@_value
class Schema:
    """What all types have in common."""

    logical: Logical | None = None
    """The logical type; None also where the schema names one that its type cannot carry."""
    props: Mapping[str, JSON] = field(default_factory=dict)
    """The attributes that are not Avro's own, and those of the logical type."""

    @property
    def type(self) -> str:
        """The type's word in a schema, such as "record"."""
        raise NotImplementedError

    @property
    def label(self) -> str:
        """What distinguishes the type in a union: its full name, or else its type."""
        return self.type


@_value
class PrimitiveSchema(Schema):
    """A primitive type."""

    name: PrimitiveName

    @property
    def type(self) -> str:
        """The primitive's name."""
        return self.name


@_value
class ArraySchema(Schema):
    """A list of one type."""

    items: Schema

    @property
    def type(self) -> str:
        """Always "array"."""
        return "array"


@_value
class MapSchema(Schema):
    """String keys to values of one type."""

    values: Schema

    @property
    def type(self) -> str:
        """Always "map"."""
        return "map"


@_value
class UnionSchema(Schema):
    """One of several types."""

    branches: tuple[Schema, ...]

    @property
    def type(self) -> str:
        """Always "union"."""
        return "union"


@_value
class NamedSchema(Schema):
    """What record, enum and fixed have in common. `name` and `aliases` are full names."""

    name: str
    aliases: tuple[str, ...] = ()
    doc: str | None = None

    @property
    def label(self) -> str:
        """The full name."""
        return self.name

    @property
    def simple_name(self) -> str:
        """The name without its namespace."""
        return self.name.rpartition(".")[2]

    @property
    def namespace(self) -> str:
        """The namespace; "" is the null namespace."""
        return self.name.rpartition(".")[0]


@_value
class FixedSchema(NamedSchema):
    """`size` bytes."""

    size: int

    @property
    def type(self) -> str:
        """Always "fixed"."""
        return "fixed"


@_value
class EnumSchema(NamedSchema):
    """One of some symbols; a reader takes `default` for a symbol that it does not know."""

    symbols: tuple[str, ...]
    default: str | None = None

    @property
    def type(self) -> str:
        """Always "enum"."""
        return "enum"


@_value
class Field:
    """A field of a record. `default` is the JSON value, or MISSING."""

    name: str
    type: Schema
    default: JSON | Missing = MISSING
    doc: str | None = None
    aliases: tuple[str, ...] = ()
    order: Order = "ascending"
    props: Mapping[str, JSON] = field(default_factory=dict)


@_value
class RecordSchema(NamedSchema):
    """Named fields in an order. `is_error` says that the schema calls it an error."""

    fields: tuple[Field, ...] = ()
    is_error: bool = False

    @property
    def type(self) -> str:
        """Return "record" or "error"."""
        return "error" if self.is_error else "record"


def children(schema: Schema) -> tuple[Schema, ...]:
    """Return the types directly inside a type."""
    if isinstance(schema, RecordSchema):
        return tuple(each.type for each in schema.fields)
    if isinstance(schema, UnionSchema):
        return schema.branches
    if isinstance(schema, ArraySchema):
        return (schema.items,)
    return (schema.values,) if isinstance(schema, MapSchema) else ()


def named_types(schema: Schema) -> Iterator[NamedSchema]:
    """Yield each named type of a schema once, outer before inner."""
    seen: set[str] = set()
    pending = [schema]
    while pending:
        current = pending.pop()
        if isinstance(current, PrimitiveSchema):
            continue
        if isinstance(current, NamedSchema):
            if current.name in seen:
                continue
            seen.add(current.name)
            yield current
        pending.extend(reversed(children(current)))


def nesting(schema: Schema) -> int:
    """Return how many types stand within each other, each named one where it is first met."""
    deepest = 0
    seen: set[str] = set()
    pending = [(schema, 0)]
    while pending:
        current, depth = pending.pop()
        if isinstance(current, NamedSchema):
            if current.name in seen:
                continue
            seen.add(current.name)
        deepest = max(deepest, depth)
        pending.extend((each, depth + 1) for each in reversed(children(current)))
    return deepest
