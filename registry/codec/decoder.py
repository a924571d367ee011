"""Bytes to values, by walking writer and reader (Avro 1.12, "Schema Resolution").

Slow and thorough: it says what is wrong with the bytes and where, when emitted code has given up.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from registry.codec.budget import Budget, check_size
from registry.codec.building import Builder
from registry.codec.logical import REFUSALS
from registry.codec.octets import Octets
from registry.codec.scalars import to_float
from registry.errors import Undecodable
from registry.limits import LIMITS, Limits
from registry.matching import AmbiguousAliasError, Matching
from registry.schema import (
    MISSING,
    ArraySchema,
    EnumSchema,
    Field,
    FixedSchema,
    MapSchema,
    RecordSchema,
    Schema,
    UnionSchema,
)
from registry.values import within


def decode(
    data: bytes, writer: Schema, reader: Schema, builder: Builder, *, limits: Limits = LIMITS
) -> Any:
    """Decode one datum into what a builder makes. Raises Undecodable, LimitExceeded."""
    check_size(data, limits)
    value, end = decode_at(bytes(data), 0, writer, reader, builder, limits=limits)
    if end != len(data):
        raise Undecodable("", end, "bytes follow the datum")
    return value


def decode_at(
    data: bytes,
    offset: int,
    writer: Schema,
    reader: Schema,
    builder: Builder,
    *,
    limits: Limits = LIMITS,
) -> tuple[Any, int]:
    """Decode the datum at an offset; return it and the offset behind it. Raises as `decode`."""
    decoder = _Decoder(data, offset, _matching(reader, writer), builder, limits)
    value = decoder.value(writer, reader, 0)
    return value, decoder.offset


@lru_cache(maxsize=1024)
def _matching(reader: Schema, writer: Schema) -> Matching:
    return Matching.of(reader, writer, "avro")


class _Decoder(Octets):
    def __init__(
        self, data: bytes, offset: int, matching: Matching, builder: Builder, limits: Limits
    ) -> None:
        super().__init__(data, offset)
        self.matching = matching
        self.builder = builder
        self.budget = Budget(limits)

    def value(self, writer: Schema, reader: Schema, depth: int) -> Any:
        self.budget.descend(depth)
        if isinstance(writer, UnionSchema):
            index = self.index(len(writer.branches), "branch of the union")
            return self.value(writer.branches[index], reader, depth)
        if isinstance(reader, UnionSchema):
            return self.into_union(writer, reader, depth)
        if not self.matching.matches(reader, writer):
            self.fail(f"the writer has {writer.label}, the reader {reader.label}")
        if not self.matching.same_decimals(reader, writer):
            self.fail("the writer's decimal has another precision or scale than the reader's")
        if isinstance(writer, RecordSchema) and isinstance(reader, RecordSchema):
            return self.record(writer, reader, depth + 1)
        if isinstance(writer, ArraySchema) and isinstance(reader, ArraySchema):
            return self.array(writer, reader, depth + 1)
        if isinstance(writer, MapSchema) and isinstance(reader, MapSchema):
            return self.map(writer, reader, depth + 1)
        start = self.offset
        raw = self.scalar(writer, reader)
        try:
            return self.builder.scalar(reader, raw)
        except REFUSALS:
            self.offset = start
            name = reader.logical.name if reader.logical else reader.label
            self.fail(f"the bytes stand for no {name}")

    def skip(self, writer: Schema, depth: int) -> None:
        """Pass a value that nobody reads: what it stands for may be anything."""
        self.budget.descend(depth)
        if isinstance(writer, UnionSchema):
            index = self.index(len(writer.branches), "branch of the union")
            self.skip(writer.branches[index], depth)
        elif isinstance(writer, RecordSchema):
            self.budget.spend(1)
            for each in writer.fields:
                self.skip(each.type, depth + 1)
        elif isinstance(writer, ArraySchema | MapSchema):
            self.skip_blocks(writer, depth + 1)
        elif writer.type in ("bytes", "string"):
            self.take(self.long())
        elif writer.type == "boolean":
            self.take(1)
        else:
            self.raw(writer)

    def skip_blocks(self, writer: ArraySchema | MapSchema, depth: int) -> None:
        for _ in self.blocks():
            if isinstance(writer, MapSchema):
                self.take(self.long())
            self.skip(writer.items if isinstance(writer, ArraySchema) else writer.values, depth)

    def into_union(self, writer: Schema, reader: UnionSchema, depth: int) -> Any:
        index = self.matching.branch(reader, writer)
        if index is None:
            labels = ", ".join(each.label for each in reader.branches)
            self.fail(f"the writer has {writer.label}, the reader's union has {labels}")
        branch = reader.branches[index]
        return self.builder.union(reader, index, self.value(writer, branch, depth))

    def record(self, writer: RecordSchema, reader: RecordSchema, depth: int) -> Any:
        self.budget.spend(1)
        values: dict[str, Any] = {}
        for theirs, mine in self.plan(writer, reader):
            try:
                if mine:
                    values[mine.name] = self.value(theirs.type, mine.type, depth)
                else:
                    self.skip(theirs.type, depth)
            except Undecodable as error:
                error.path = within(theirs.name, error.path)
                raise
        for field in reader.fields:
            if field.name not in values:
                if field.default is MISSING:
                    self.fail(f"the writer does not write {field.name!r}, which has no default")
                values[field.name] = self.builder.default_of(field)
        return self.builder.record(reader, values)

    def plan(
        self, writer: RecordSchema, reader: RecordSchema
    ) -> tuple[tuple[Field, Field | None], ...]:
        try:
            return _plan(self.matching, writer, reader)
        except AmbiguousAliasError as error:
            self.fail(str(error))

    def array(self, writer: ArraySchema, reader: ArraySchema, depth: int) -> list[Any]:
        values: list[Any] = []
        for index in self.blocks():
            try:
                values.append(self.value(writer.items, reader.items, depth))
            except Undecodable as error:
                error.path = within(f"[{index}]", error.path)
                raise
        return values

    def map(self, writer: MapSchema, reader: MapSchema, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for _ in self.blocks():
            key = self.text()
            if key in values:
                self.fail(f"the key {key!r} stands twice")
            try:
                values[key] = self.value(writer.values, reader.values, depth)
            except Undecodable as error:
                error.path = within(f"[{key!r}]", error.path)
                raise
        return values

    def blocks(self) -> Iterator[int]:
        """Yield an index for each element that stands at the offset."""
        index = 0
        while count := self.long():
            end = self.block_end() if count < 0 else None
            self.budget.spend(abs(count))
            for _ in range(abs(count)):
                yield index
                index += 1
            if end not in (None, self.offset):
                self.fail(f"the block says that it ends at byte {end}")

    def block_end(self) -> int:
        """Return where a block says that it ends: others skip it by that, so it has to be true."""
        size = self.long()
        if not 0 <= size <= len(self.data) - self.offset:
            self.fail(f"a block cannot have {size} bytes here")
        return self.offset + size

    def scalar(self, writer: Schema, reader: Schema) -> Any:
        """Return the raw value of the writer's type, promoted to the reader's."""
        raw = self.raw(writer)
        if isinstance(writer, EnumSchema) and isinstance(reader, EnumSchema):
            return self.symbol(raw, reader)
        if isinstance(writer, FixedSchema) and isinstance(reader, FixedSchema):
            if writer.size != reader.size:
                self.fail(f"the writer has {writer.size} bytes, the reader {reader.size}")
        elif reader.type != writer.type:
            return self.promoted(raw, reader)
        return raw

    def promoted(self, raw: Any, reader: Schema) -> Any:
        if reader.type == "float":
            return to_float(raw)
        if reader.type == "double":
            return float(raw)
        if reader.type == "bytes":
            return raw.encode()
        return self.decoded(raw) if reader.type == "string" else raw

    def symbol(self, symbol: str, reader: EnumSchema) -> str:
        if symbol in reader.symbols:
            return symbol
        if reader.default is None:
            self.fail(f"{reader.name} has no symbol {symbol} and no default")
        return reader.default


@lru_cache(maxsize=4096)
def _plan(
    matching: Matching, writer: RecordSchema, reader: RecordSchema
) -> tuple[tuple[Field, Field | None], ...]:
    """Return each field of the writer with the reader's that it fills, if there is one."""
    pairs = matching.fields(reader, writer)
    filled = {id(theirs): mine for mine, theirs in pairs if theirs}
    return tuple((theirs, filled.get(id(theirs))) for theirs in writer.fields)
