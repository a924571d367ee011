"""A datum that proves an incompatibility: the writer can write it and the reader cannot read it."""

from typing import Any

from registry.compatibility import Comparison
from registry.matching import AmbiguousAliasError, Matching
from registry.mismatch import mismatch
from registry.schema import (
    MISSING,
    ArraySchema,
    EnumSchema,
    MapSchema,
    RecordSchema,
    Schema,
    UnionSchema,
)
from registry.smallest import Smallest, Uninhabited, bare

_NO_DATA = ("DECIMAL_MISMATCH",)  # the bytes are read, as another number


def witness(reader: Schema, writer: Schema) -> Any:
    """Return a plain value of the writer that the reader cannot read, as small as it may be.

    None where there is none: the two are compatible, or the rule is not about data (a decimal of
    another scale is read, as another number). A null out of a union is ("null", None).
    """
    comparison = Comparison(Matching.of(reader, writer, "avro"))
    if comparison.agrees(reader, writer):
        return None
    try:
        found = _Search(comparison).failing(reader, writer)
    except Uninhabited:
        return None
    return ("null", None) if found is None and isinstance(writer, UnionSchema) else found


class _Search:
    """Follows the disagreements of a pair down to one that a datum can hit."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.smallest = Smallest()
        self.path: set[tuple[int, int]] = set()

    def failing(self, reader: Schema, writer: Schema) -> Any:
        if isinstance(writer, UnionSchema):
            return self.union(reader, writer)
        if isinstance(reader, UnionSchema):
            index = self.comparison.matching.branch(reader, writer)
            if index is None:
                return self.smallest.of(writer)
            return self.failing(reader.branches[index], writer)
        if isinstance(reader, RecordSchema) and isinstance(writer, RecordSchema):
            return self.record(reader, writer)
        return self.simple(reader, writer)

    def union(self, reader: Schema, writer: UnionSchema) -> Any:
        for branch in writer.branches:
            if not self.comparison.agrees(reader, branch):
                try:
                    return bare(writer, branch, self.failing(reader, branch))
                except Uninhabited:
                    continue
        raise Uninhabited(writer.label)

    def record(self, reader: RecordSchema, writer: RecordSchema) -> Any:
        pair = id(reader), id(writer)
        if pair in self.path:
            raise Uninhabited(writer.label)
        self.path.add(pair)
        try:
            return self.fields(reader, writer)
        finally:
            self.path.discard(pair)

    def fields(self, reader: RecordSchema, writer: RecordSchema) -> Any:
        whole = self.smallest.of(writer)
        if mismatch(self.comparison.matching, reader, writer):
            return whole
        try:
            pairs = self.comparison.matching.fields(reader, writer)
        except AmbiguousAliasError:
            return whole
        for mine, theirs in pairs:
            if theirs is None:
                if mine.default is MISSING:
                    return whole
            elif not self.comparison.agrees(mine.type, theirs.type):
                try:
                    return {**whole, theirs.name: self.failing(mine.type, theirs.type)}
                except Uninhabited:
                    continue
        raise Uninhabited(writer.label)

    def simple(self, reader: Schema, writer: Schema) -> Any:
        if isinstance(reader, ArraySchema) and isinstance(writer, ArraySchema):
            return [self.failing(reader.items, writer.items)]
        if isinstance(reader, MapSchema) and isinstance(writer, MapSchema):
            return {"key": self.failing(reader.values, writer.values)}
        found = mismatch(self.comparison.matching, reader, writer)
        if found is None or found[0] in _NO_DATA:
            raise Uninhabited(writer.label)
        if found[0] == "MISSING_ENUM_SYMBOLS":
            assert isinstance(reader, EnumSchema)  # noqa: S101 the rule is about enums
            assert isinstance(writer, EnumSchema)  # noqa: S101 the rule is about enums
            return next(each for each in writer.symbols if each not in reader.symbols)
        return self.smallest.of(writer)
