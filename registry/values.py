"""Plain values: what Avro data is in Python, and which branch of a union a value belongs to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from registry.errors import Unencodable
from registry.naming import python_names
from registry.schema import (
    MISSING,
    EnumSchema,
    Field,
    FixedSchema,
    NamedSchema,
    RecordSchema,
    Schema,
    UnionSchema,
)


class Timestamp(int):
    """A point in time in nanoseconds since 1970-01-01T00:00:00, which `datetime` cannot hold."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Timestamp({int(self)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """An amount of time in three units that do not convert; each from 0 to 2**32 - 1."""

    months: int = 0
    days: int = 0
    milliseconds: int = 0


class Branch(NamedTuple):
    """A branch of a union by its position, and the value that it carries."""

    position: int
    value: Any


_BY_LOGICAL: Mapping[str, type] = {
    "big-decimal": Decimal,
    "date": date,
    "decimal": Decimal,
    "duration": Duration,
    "local-timestamp-micros": datetime,
    "local-timestamp-millis": datetime,
    "local-timestamp-nanos": Timestamp,
    "time-micros": time,
    "time-millis": time,
    "timestamp-micros": datetime,
    "timestamp-millis": datetime,
    "timestamp-nanos": Timestamp,
    "uuid": UUID,
}
_PLAIN: Mapping[str, type] = {
    "null": type(None),
    "boolean": bool,
    "int": int,
    "long": int,
    "float": float,
    "double": float,
    "bytes": bytes,
    "fixed": bytes,
    "string": str,
    "enum": str,
    "array": list,
}
_BY_TYPE: Mapping[str, tuple[type, ...]] = {
    "null": (type(None),),
    "boolean": (bool,),
    "int": (int,),
    "long": (int,),
    "float": (float,),
    "double": (float,),
    "bytes": (bytes, bytearray, memoryview),
    "string": (str,),
    "array": (list, tuple),
    "map": (Mapping,),
}


def ambiguous(union: UnionSchema) -> frozenset[int]:
    """Return the positions of the branches that a Python type alone does not tell from others.

    Generated classes hold the values of these as pairs (branch name, value): `int` is no more an
    Avro int than a long, but a class of a record or an enum stands for one type.
    """
    kinds = [
        each.name if isinstance(each, RecordSchema | EnumSchema) else kind_of(each)
        for each in union.branches
    ]
    return frozenset(i for i, kind in enumerate(kinds) if kinds.count(kind) > 1)


def kind_of(schema: Schema) -> type:
    """Return the class of a type's plain values; a union has none."""
    if schema.logical:
        return _BY_LOGICAL[schema.logical.name]
    return _PLAIN.get(schema.type, dict)


def choose(union: UnionSchema, value: object, *, typed: bool = False) -> Branch:
    """Return the branch of a union for a value.

    The value is a pair (branch name, value), or a bare value that fits exactly one branch: objects
    of generated classes by their class, everything else by its Python type. `typed` says that the
    value is of such an object, where an enum has a class and so a str is a string. Raises
    Unencodable.
    """
    labels = [branch.label for branch in union.branches]
    if isinstance(value, tuple) and len(value) == 2 and value[0] in labels:  # noqa: PLR2004 a pair
        return Branch(labels.index(value[0]), value[1])
    fitting = [i for i, branch in enumerate(union.branches) if fits(branch, value)]
    if typed and isinstance(value, Mapping):
        fitting = [i for i in fitting if union.branches[i].type == "map"]
    if not fitting and type(value) is int:  # which Python takes wherever it takes a float
        fitting = [i for i, each in enumerate(union.branches) if each.type in ("float", "double")]
    if typed and type(value) is str and len(fitting) > 1:
        fitting = [i for i in fitting if union.branches[i].type == "string"] or fitting
    if len(fitting) == 1:
        return Branch(fitting[0], value)
    if fitting:
        names = ", ".join(labels[index] for index in fitting)
        raise Unencodable("", value, f"a pair (branch, value), as it could be any of {names}")
    raise Unencodable("", value, f"one of {', '.join(labels)}")


def fits(schema: Schema, value: object) -> bool:
    """Tell by its Python type whether a value may belong to a branch."""
    name = getattr(type(value), "__avro_name__", None)
    if name is not None:
        return isinstance(schema, NamedSchema) and schema.name == name
    if schema.logical:
        kind = _BY_LOGICAL[schema.logical.name]
        return type(value) is kind or (kind is not date and isinstance(value, kind))
    if isinstance(schema, RecordSchema):
        return isinstance(value, Mapping) and _has_fields(schema, value)
    if isinstance(schema, EnumSchema):
        return isinstance(value, str) and value in schema.symbols
    if isinstance(schema, FixedSchema):
        return isinstance(value, bytes | bytearray | memoryview) and len(value) == schema.size
    is_bool = isinstance(value, bool)
    is_other = is_bool != (schema.type == "boolean") or isinstance(value, Timestamp)
    return isinstance(value, _BY_TYPE[schema.type]) and not is_other


def fields(record: RecordSchema, value: object) -> Iterator[tuple[Field, Any]]:
    """Yield each field with its value, from a mapping by Avro names or an object's attributes.

    A mapping may leave out fields that have a default; their value is then MISSING. Raises
    Unencodable.
    """
    if isinstance(value, Mapping):
        unknown = value.keys() - {field.name for field in record.fields}
        if unknown:
            raise Unencodable(min(map(str, unknown)), value, f"only fields of {record.name}")
        for field in record.fields:
            found = value.get(field.name, MISSING)
            if found is MISSING and field.default is MISSING:
                raise Unencodable(field.name, None, "a value, as the field has no default")
            yield field, found
        return
    attributes = _attributes(record)
    if getattr(type(value), "__avro_name__", None) != record.name:
        raise Unencodable("", value, record.name)
    if getattr(type(value), "__slots__", ()) != attributes:
        version = f"{record.name} in the version with the fields {', '.join(attributes)}"
        raise Unencodable("", value, f"{version} (its `upgrade` makes one of another)")
    for field, attribute in zip(record.fields, attributes, strict=True):
        if not hasattr(value, attribute):
            raise Unencodable(field.name, MISSING, "an attribute that is set")
        yield field, getattr(value, attribute)


@lru_cache(maxsize=4096)
def _attributes(record: RecordSchema) -> tuple[str, ...]:
    names = python_names(record)
    return tuple(names[field.name] for field in record.fields)


def _has_fields(record: RecordSchema, value: Mapping[Any, object]) -> bool:
    required = {field.name for field in record.fields if field.default is MISSING}
    return required <= value.keys() <= {field.name for field in record.fields}


def within(step: str, path: str) -> str:
    """Return a path one step further out: `images` and `[3].url` make `images[3].url`."""
    return f"{step}.{path}" if step and path and not path.startswith("[") else step + path
