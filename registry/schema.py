"""Avro's types as frozen values (Avro 1.12 specification, "Schema Declaration").

References point at the very objects they name, so a recursive schema is a cycle: a walk keeps the
full names it has seen. Two schemas are compared by `registry.full_text` or by fingerprint.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal, NamedTuple, TypeAlias

from registry.source import JSON

PrimitiveName: TypeAlias = Literal[
    "null", "boolean", "int", "long", "float", "double", "bytes", "string"
]
PRIMITIVES: Final[frozenset[str]] = frozenset(PrimitiveName.__args__)  # type: ignore[attr-defined]


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


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
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


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PrimitiveSchema(Schema):
    """A primitive type."""

    name: PrimitiveName

    @property
    def type(self) -> str:
        """The primitive's name."""
        return self.name


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ArraySchema(Schema):
    """A list of one type."""

    items: Schema

    @property
    def type(self) -> str:
        """Always "array"."""
        return "array"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MapSchema(Schema):
    """String keys to values of one type."""

    values: Schema

    @property
    def type(self) -> str:
        """Always "map"."""
        return "map"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class UnionSchema(Schema):
    """One of several types."""

    branches: tuple[Schema, ...]

    @property
    def type(self) -> str:
        """Always "union"."""
        return "union"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
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


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class FixedSchema(NamedSchema):
    """`size` bytes."""

    size: int

    @property
    def type(self) -> str:
        """Always "fixed"."""
        return "fixed"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class EnumSchema(NamedSchema):
    """One of some symbols; a reader takes `default` for a symbol that it does not know."""

    symbols: tuple[str, ...]
    default: str | None = None

    @property
    def type(self) -> str:
        """Always "enum"."""
        return "enum"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Field:
    """A field of a record. `default` is the JSON value, or MISSING."""

    name: str
    type: Schema
    default: JSON | Missing = MISSING
    doc: str | None = None
    aliases: tuple[str, ...] = ()
    order: Literal["ascending", "descending", "ignore"] = "ascending"
    props: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
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
        if isinstance(current, NamedSchema):
            if current.name in seen:
                continue
            seen.add(current.name)
            yield current
        pending.extend(reversed(children(current)))
