"""The parts of a value with the schemas they are data of."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple, TypeAlias

from registry.schema import ArraySchema, MapSchema, RecordSchema, Schema, UnionSchema
from registry.values import within

BRANCH: Final = 1
"""The step from the pair (branch name, value) of a union to its value."""
Step: TypeAlias = str | int


class Place(NamedTuple):
    """A part of a value: its schema, the steps that lead there, and the path that errors name."""

    schema: Schema
    value: Any
    steps: tuple[Step, ...]
    path: str


def places(schema: Schema, value: Any, steps: tuple[Step, ...] = ()) -> Iterator[Place]:
    """Yield every part of a value, outer before inner; unions hold pairs (branch name, value)."""
    yield Place(schema, value, steps, "")
    for inner, step, name in _members(schema, value):
        for place in places(inner, value[step], (*steps, step)):
            yield place._replace(path=within(name, place.path))


def _members(schema: Schema, value: Any) -> Iterator[tuple[Schema, Step, str]]:
    if isinstance(schema, RecordSchema):
        for field in schema.fields:
            yield field.type, field.name, field.name
    elif isinstance(schema, UnionSchema):
        chosen = next(each for each in schema.branches if each.label == value[0])
        yield chosen, BRANCH, ""
    elif isinstance(schema, ArraySchema):
        for index in range(len(value)):
            yield schema.items, index, f"[{index}]"
    elif isinstance(schema, MapSchema):
        for key in value:
            yield schema.values, key, f"[{key!r}]"


def replaced(value: Any, steps: tuple[Step, ...], new: Any) -> Any:
    """Return a value with the part at the end of some steps replaced; the value stays as it is."""
    if not steps:
        return new
    step, *rest = steps
    inner = replaced(value[step], tuple(rest), new)
    if isinstance(value, tuple):
        return (value[0], inner)
    if isinstance(value, dict):
        return {**value, step: inner}
    return [inner if index == step else each for index, each in enumerate(value)]
