"""Who reads whom in the history of a subject, told from the fields in which its versions differ.

A version has most of its fields from the one before. To look at all of them again in each pair of
a long history takes minutes.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from registry.canonical import full_text
from registry.compatibility import Incompatibility, check
from registry.schema import (
    MISSING,
    NamedSchema,
    RecordSchema,
    Schema,
    children,
    named_types,
    renames,
)
from registry.subjects import SchemaVersion


def causes(reader: SchemaVersion, writer: SchemaVersion) -> Iterable[Incompatibility]:
    """Return why a version cannot read another's data; nothing if it can."""
    return check(reader.schema, writer.schema)


class _Shape(NamedTuple):
    """What of a record bears on the other versions."""

    fields: frozenset[str]
    types: frozenset[str]
    """The full names of its named types."""
    aliases: frozenset[str]
    """Those of its fields and of its named types."""
    required: frozenset[str]
    """The fields without a default that not every version has."""
    changing: Mapping[str, Schema]
    """The fields whose types are not the same in all versions; equal types are one object."""


class History:
    """The versions of a subject, whose pairs cost no more than the fields that changed."""

    def __init__(self, versions: Sequence[SchemaVersion]) -> None:
        records = {v.number: v.schema for v in versions if isinstance(v.schema, RecordSchema)}
        kinds: dict[Hashable, Schema] = {}
        types = {
            number: {f.name: kinds.setdefault(_kind(f.type), f.type) for f in record.fields}
            for number, record in records.items()
        }
        found: defaultdict[str, set[Schema]] = defaultdict(set)
        for name, kind in (pair for each in types.values() for pair in each.items()):
            found[name].add(kind)
        changing = {name for name, several in found.items() if len(several) > 1}
        common = {name for name in found if all(name in each for each in types.values())}
        self._shapes = {
            number: _shape(record, types[number], changing, common)
            for number, record in records.items()
        }
        self._agreed: dict[tuple[Schema, Schema], bool] = {}

    def causes(self, reader: SchemaVersion, writer: SchemaVersion) -> Iterable[Incompatibility]:
        """Return what the function `causes` does, sooner."""
        return () if self._plainly_reads(reader, writer) else causes(reader, writer)

    def _plainly_reads(self, reader: SchemaVersion, writer: SchemaVersion) -> bool:
        """Tell whether a version reads another by its fields alone, without any alias."""
        mine, theirs = self._shapes.get(reader.number), self._shapes.get(writer.number)
        return (
            mine is not None
            and theirs is not None
            and reader.schema.name == writer.schema.name
            and mine.required <= theirs.fields
            and mine.aliases.isdisjoint(theirs.fields)
            and mine.aliases.isdisjoint(theirs.types)
            and all(
                self._agree(kind, theirs.changing[name])
                for name, kind in mine.changing.items()
                if name in theirs.changing
            )
        )

    def _agree(self, mine: Schema, theirs: Schema) -> bool:
        pair = mine, theirs
        if pair not in self._agreed:
            self._agreed[pair] = mine is theirs or not any(check(mine, theirs))
        return self._agreed[pair]


@lru_cache(maxsize=1)  # a subject's versions are judged one after the other
def history(versions: tuple[SchemaVersion, ...]) -> History:
    """Return the history of these versions."""
    return History(versions)


def _shape(
    record: RecordSchema, types: Mapping[str, Schema], changing: set[str], common: set[str]
) -> _Shape:
    required = {each.name for each in record.fields if each.default is MISSING}
    return _Shape(
        fields=frozenset(types),
        types=frozenset(named_types(record)),
        aliases=frozenset(renames(record)).union(*(each.aliases for each in record.fields)),
        required=frozenset(required - common),
        changing={name: kind for name, kind in types.items() if name in changing},
    )


def _kind(schema: Schema) -> Hashable:
    """Return what is equal for types that read the same."""
    if isinstance(schema, NamedSchema):
        return full_text(schema)
    return schema.type, schema.logical, *map(_kind, children(schema))
