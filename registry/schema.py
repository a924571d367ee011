"""Avro's types as frozen values (Avro 1.12 specification, "Schema Declaration").

References point at the very objects they name, so a recursive schema is a cycle: a walk keeps the
full names it has seen. Two schemas are compared by `registry.full_text` or by fingerprint.
"""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
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


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(field,))
def _value(cls: type[T]) -> type[T]:
    """Make a dataclass that the type checker keeps frozen; at run time, that would slow parsing."""
    return dataclass(slots=True, eq=False)(cls)


@_value
class Schema:
    """What all types have in common."""

    _: KW_ONLY
    type: str
    """The type's word in a schema, such as "record"."""
    logical: Logical | None = None
    """The logical type; None also where the schema names one that its type cannot carry."""
    props: Mapping[str, JSON] = field(default_factory=dict)
    """The attributes that are not Avro's own, and those of the logical type."""
    renames: Mapping[str, str] = field(init=False, repr=False)
    """The aliases in it -> the names of their types, once somebody has asked for them."""

    @property
    def label(self) -> str:
        """What distinguishes the type in a union: its full name, or else its type."""
        return self.type


@_value
class PrimitiveSchema(Schema):
    """A primitive type."""

    type: PrimitiveName


@_value
class ArraySchema(Schema):
    """A list of one type."""

    items: Schema
    _: KW_ONLY
    type: str = "array"


@_value
class MapSchema(Schema):
    """String keys to values of one type."""

    values: Schema
    _: KW_ONLY
    type: str = "map"


@_value
class UnionSchema(Schema):
    """One of several types."""

    branches: tuple[Schema, ...]
    _: KW_ONLY
    type: str = "union"


@_value
class NamedSchema(Schema):
    """What record, enum and fixed have in common. `name` and `aliases` are full names."""

    name: str
    _: KW_ONLY
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
    _: KW_ONLY
    type: str = "fixed"


@_value
class EnumSchema(NamedSchema):
    """One of some symbols; a reader takes `default` for a symbol that it does not know."""

    symbols: tuple[str, ...]
    default: str | None = None
    _: KW_ONLY
    type: str = "enum"


@_value
class Field:
    """A field of a record. `default` is the JSON value, or MISSING."""

    name: str
    type: Schema
    default: JSON | Missing = MISSING
    _: KW_ONLY
    doc: str | None = None
    aliases: tuple[str, ...] = ()
    order: Order = "ascending"
    props: Mapping[str, JSON] = field(default_factory=dict)


@_value
class RecordSchema(NamedSchema):
    """Named fields in an order. Its type may be "error", which makes no difference."""

    fields: tuple[Field, ...] = ()
    _: KW_ONLY
    type: str = "record"


def children(schema: Schema) -> tuple[Schema, ...]:
    """Return the types directly inside a type."""
    if isinstance(schema, RecordSchema):
        return tuple([each.type for each in schema.fields])
    if isinstance(schema, UnionSchema):
        return schema.branches
    if isinstance(schema, ArraySchema):
        return (schema.items,)
    return (schema.values,) if isinstance(schema, MapSchema) else ()


def named_types(schema: Schema) -> dict[str, NamedSchema]:
    """Return the named types of a schema by their full names, outer before inner."""
    found: dict[str, NamedSchema] = {}
    pending = [schema]
    while pending:
        current = pending.pop()
        if isinstance(current, PrimitiveSchema):
            continue
        if isinstance(current, NamedSchema):
            if current.name in found:
                continue
            found[current.name] = current
        pending += children(current)[::-1]
    return found


def renames(schema: Schema) -> Mapping[str, str]:
    """Return the aliases of the named types of a schema, each with the name of its type."""
    try:
        return schema.renames
    except AttributeError:
        types = named_types(schema).values()
        found = {alias: each.name for each in types for alias in each.aliases}
        schema.renames = found  # type: ignore[misc]  # kept for the next who asks
        return found


def nesting(schema: Schema) -> int:
    """Return how many types stand within each other at most; one that recurs counts once."""
    heights: dict[int, int] = {}  # 0 while a type is open
    pending = [(schema, False)]
    while pending:
        current, is_open = pending.pop()
        inner = children(current)
        if is_open:
            heights[id(current)] = 1 + max((heights[id(each)] for each in inner), default=0)
        elif id(current) not in heights:
            heights[id(current)] = 0
            pending.append((current, True))
            pending.extend((each, False) for each in inner)
    return heights[id(schema)] - 1
