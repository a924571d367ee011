"""What changed between two schemas in words, and which versions can read which."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from registry.compatibility import Comparison
from registry.matching import Matching
from registry.schema import (
    MISSING,
    ArraySchema,
    EnumSchema,
    Field,
    FixedSchema,
    MapSchema,
    NamedSchema,
    RecordSchema,
    Schema,
    UnionSchema,
)
from registry.subjects import SchemaVersion
from registry.values import within


class Change(NamedTuple):
    """One difference. `path` is that of the field, such as `images[].url`; "" is the schema."""

    kind: Literal["added", "removed", "renamed", "changed"]
    path: str
    detail: str

    def __str__(self) -> str:
        return f"{self.path or 'the type'}: {self.kind}{', ' if self.detail else ''}{self.detail}"


def changes(old: Schema, new: Schema) -> Iterator[Change]:
    """Yield what a new schema changes of an old one, in the order of the new one's fields."""
    yield from _Difference().between(old, new, "")


def readability(versions: Sequence[SchemaVersion]) -> Mapping[tuple[int, int], bool]:
    """Return for each pair (reader's number, writer's number) whether the reader can read."""
    verdicts: dict[tuple[int, int], bool] = {}
    for reader in versions:
        for writer in versions:
            matching = Matching.of(reader.schema, writer.schema, "avro")
            agrees = Comparison(matching).agrees(reader.schema, writer.schema)
            verdicts[reader.number, writer.number] = agrees
    return verdicts


def describe(schema: Schema) -> str:
    """Return a type in a few words, such as `null or array of rooms.Image`."""
    if isinstance(schema, UnionSchema):
        return " or ".join(describe(each) for each in schema.branches) or "nothing"
    if isinstance(schema, ArraySchema):
        return f"array of {describe(schema.items)}"
    if isinstance(schema, MapSchema):
        return f"map of {describe(schema.values)}"
    logical = schema.logical
    if logical is None:
        return schema.label
    digits = f"({logical.precision}, {logical.scale})" if logical.name == "decimal" else ""
    return f"{schema.label} as {logical.name}{digits}"


class _Difference:
    """One comparison; each pair of named types is compared where it is met first."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, str]] = set()

    def between(self, old: Schema, new: Schema, path: str) -> Iterator[Change]:
        if isinstance(old, NamedSchema) and isinstance(new, NamedSchema) and type(old) is type(new):
            yield from self.named(old, new, path)
        elif isinstance(old, ArraySchema) and isinstance(new, ArraySchema):
            yield from self.between(old.items, new.items, f"{path}[]")
        elif isinstance(old, MapSchema) and isinstance(new, MapSchema):
            yield from self.between(old.values, new.values, f"{path}{{}}")
        elif isinstance(old, UnionSchema) and isinstance(new, UnionSchema):
            yield from self.unions(old, new, path)
        elif describe(old) != describe(new):
            yield Change("changed", path, f"from {describe(old)} to {describe(new)}")

    def named(self, old: NamedSchema, new: NamedSchema, path: str) -> Iterator[Change]:
        if (old.name, new.name) in self.seen:
            return
        self.seen.add((old.name, new.name))
        if old.name != new.name:
            yield Change("renamed", path, f"from {old.name} to {new.name}")
        yield from _texts(path, f"the doc of {new.name}", old.doc, new.doc)
        yield from _texts(path, "aliases", _listed(old.aliases), _listed(new.aliases))
        if isinstance(old, RecordSchema) and isinstance(new, RecordSchema):
            yield from self.fields(old, new, path)
        elif isinstance(old, EnumSchema) and isinstance(new, EnumSchema):
            yield from _symbols(old, new, path)
        elif isinstance(old, FixedSchema) and isinstance(new, FixedSchema) and old.size != new.size:
            yield Change("changed", path, f"from {old.size} to {new.size} bytes")
        if old.logical != new.logical:
            yield Change("changed", path, f"from {describe(old)} to {describe(new)}")

    def unions(self, old: UnionSchema, new: UnionSchema, path: str) -> Iterator[Change]:
        before = {each.label: each for each in old.branches}
        after = {each.label: each for each in new.branches}
        for label, branch in after.items():
            if label in before:
                yield from self.between(before[label], branch, path)
            else:
                yield Change("changed", path, f"may be {describe(branch)} now")
        for label, branch in before.items():
            if label not in after:
                yield Change("changed", path, f"can no longer be {describe(branch)}")
        if before.keys() == after.keys() and list(before) != list(after):
            yield Change("changed", path, f"the order of the union: {', '.join(after)}")

    def fields(self, old: RecordSchema, new: RecordSchema, path: str) -> Iterator[Change]:
        before = {field.name: field for field in old.fields}
        matched: set[str] = set()
        for field in new.fields:
            was = next((n for n in (field.name, *field.aliases) if n in before), None)
            here = within(path, field.name)
            if was is None:
                yield Change("added", here, f"{describe(field.type)}, {_default(field)}")
            else:
                matched.add(was)
                if was != field.name:
                    yield Change("renamed", here, f"from {was}")
                yield from self.field(before[was], field, here)
        for name in (each for each in before if each not in matched):
            yield Change("removed", within(path, name), describe(before[name].type))

    def field(self, old: Field, new: Field, path: str) -> Iterator[Change]:
        yield from self.between(old.type, new.type, path)
        if _default(old) != _default(new):
            yield Change("changed", path, f"{_default(new)}, before: {_default(old)}")
        yield from _texts(path, "the doc", old.doc, new.doc)
        yield from _texts(path, "aliases", _listed(old.aliases), _listed(new.aliases))


def _symbols(old: EnumSchema, new: EnumSchema, path: str) -> Iterator[Change]:
    added = [each for each in new.symbols if each not in old.symbols]
    removed = [each for each in old.symbols if each not in new.symbols]
    if added:
        yield Change("changed", path, f"may be {', '.join(added)} now")
    if removed:
        yield Change("changed", path, f"can no longer be {', '.join(removed)}")
    yield from _texts(path, "the default symbol", old.default, new.default)


def _texts(path: str, what: str, old: str | None, new: str | None) -> Iterator[Change]:
    if old != new:
        yield Change("changed", path, f"{what}: {json.dumps(old)} is now {json.dumps(new)}")


def _listed(names: Iterable[str]) -> str | None:
    return ", ".join(names) or None


def _default(field: Field) -> str:
    if field.default is MISSING:
        return "no default"
    return f"default {json.dumps(field.default, ensure_ascii=False)}"
