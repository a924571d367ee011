"""What the shape of a schema says of all its data: the bytes they need, whether they can nest."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, TypeVar

from registry.schema import (
    ArraySchema,
    FixedSchema,
    MapSchema,
    RecordSchema,
    Schema,
    UnionSchema,
    children,
)

T = TypeVar("T")

UUID_TEXT: Final = 36  # bytes
FORMS: Final[Mapping[str, tuple[str, int]]] = {"float": ("f", 4), "double": ("d", 8)}
"""What module struct calls a type, and its bytes."""
ARRAYS: Final[Mapping[str, str]] = {
    "boolean": "booleans",
    "bytes": "bytes",
    "double": "doubles",
    "float": "floats",
    "int": "ints",
    "long": "longs",
    "string": "strings",
}
"""What the functions are called that read and write a whole array of a type."""
_LEAST = {"null": 0, "float": 4, "double": 8}
_RUN = 8  # floats and doubles that are read or written at once


@lru_cache(maxsize=4096)
def least_bytes(schema: Schema) -> int:
    """Return a number of bytes that no datum of a schema goes below."""
    return _least(schema, {})


def _least(schema: Schema, known: dict[str, int]) -> int:
    if isinstance(schema, FixedSchema):
        return schema.size
    if not isinstance(schema, RecordSchema):
        return _LEAST.get(schema.type, 1)
    if schema.name not in known:
        known[schema.name] = 0  # while it is open: a record that holds itself has no data at all
        known[schema.name] = sum(_least(each.type, known) for each in schema.fields)
    return known[schema.name]


@lru_cache(maxsize=4096)
def holds_itself(record: RecordSchema) -> bool:
    """Tell whether a record may stand within itself, however deep."""
    seen: set[int] = set()
    pending = list(children(record))
    while pending:
        current = pending.pop()
        if current is record:
            return True
        if id(current) not in seen:
            seen.add(id(current))
            pending += children(current)
    return False


def elements(schema: ArraySchema | MapSchema) -> Schema:
    """Return the type of the elements of an array, or of the values of a map."""
    return schema.items if isinstance(schema, ArraySchema) else schema.values


def is_optional(union: UnionSchema) -> bool:
    """Tell whether a union is of one type and null."""
    kinds = [each.type for each in union.branches]
    return len(kinds) == 2 and kinds.count("null") == 1  # noqa: PLR2004 the type and null


def is_float(schema: Schema) -> bool:
    """Tell whether a type is float or double."""
    return schema.type in FORMS


def batched(run: list[T]) -> Iterator[list[T]]:
    """Yield runs short enough for one line."""
    return (run[start : start + _RUN] for start in range(0, len(run), _RUN))
