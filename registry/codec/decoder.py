"""Bytes to values, through the reader's eyes (Avro 1.12, "Schema Resolution")."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from struct import Struct
from typing import Any, NoReturn, cast

from registry.codec.budget import Budget, check_size
from registry.codec.building import Builder, to_float
from registry.codec.varint import read_long
from registry.defaults import INT_RANGE
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

_FLOAT = Struct("<f")
_DOUBLE = Struct("<d")
_PLAIN = Builder()
_TAGGED = Builder(tagged=True)


def read(
    data: bytes,
    writer: Schema,
    reader: Schema | None = None,
    tagged: bool = False,  # noqa: FBT001, FBT002 the name is settled
    *,
    limits: Limits = LIMITS,
) -> Any:
    """Decode one datum of a writer into a plain value of a reader (by default the same schema).

    Fails only where the datum itself cannot be read, not because another one could not. `tagged`
    gives the value of a union as (branch name, value). Raises Undecodable, LimitExceeded.
    """
    return decode(data, writer, reader or writer, _TAGGED if tagged else _PLAIN, limits=limits)


def decode(
    data: bytes, writer: Schema, reader: Schema, builder: Builder, *, limits: Limits = LIMITS
) -> Any:
    """Decode one datum into what a builder makes. Raises Undecodable, LimitExceeded."""
    check_size(data, limits)
    decoder = _Decoder(bytes(data), _matching(reader, writer), builder, limits)
    value = decoder.value(writer, reader, 0)
    if decoder.offset != len(data):
        raise Undecodable("", decoder.offset, "bytes follow the datum")
    return value


@lru_cache(maxsize=1024)
def _matching(reader: Schema, writer: Schema) -> Matching:
    return Matching.of(reader, writer, "avro")


class _Decoder:
    def __init__(self, data: bytes, matching: Matching, builder: Builder, limits: Limits) -> None:
        self.data = data
        self.offset = 0
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
        except (ValueError, ArithmeticError):
            self.offset = start
            name = reader.logical.name if reader.logical else reader.label
            self.fail(f"the bytes stand for no {name}")

    def into_union(self, writer: Schema, reader: UnionSchema, depth: int) -> Any:
        index = self.matching.branch(reader, writer)
        if index is None:
            labels = ", ".join(each.label for each in reader.branches)
            self.fail(f"the writer has {writer.label}, the reader's union has {labels}")
        branch = reader.branches[index]
        return self.builder.union(branch, self.value(writer, branch, depth))

    def record(self, writer: RecordSchema, reader: RecordSchema, depth: int) -> Any:
        self.budget.spend(1)
        values: dict[str, Any] = {}
        for theirs, mine in self.plan(writer, reader):
            try:
                found = self.value(theirs.type, (mine or theirs).type, depth)
            except Undecodable as error:
                error.path = within(theirs.name, error.path)
                raise
            if mine:
                values[mine.name] = found
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
            if count < 0:
                self.block_size()
            self.budget.spend(abs(count))
            for _ in range(abs(count)):
                yield index
                index += 1

    def block_size(self) -> None:
        """Pass the size of a block, which is for those who skip it, and yet has to be true."""
        size = self.long()
        if not 0 <= size <= len(self.data) - self.offset:
            self.fail(f"a block cannot have {size} bytes here")

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

    def raw(self, schema: Schema) -> Any:
        if isinstance(schema, EnumSchema):
            return schema.symbols[self.index(len(schema.symbols), f"symbol of {schema.name}")]
        if isinstance(schema, FixedSchema):
            return self.take(schema.size)
        return _PRIMITIVES[schema.type](self)

    def read_int(self) -> int:
        number = self.long()
        if not INT_RANGE[0] <= number <= INT_RANGE[1]:
            self.fail(f"{number} is out of the range of int")
        return number

    def read_boolean(self) -> bool:
        return bool(self.index(2, "boolean", self.take(1)[0]))

    def read_float(self) -> float:
        return cast("float", _FLOAT.unpack(self.take(_FLOAT.size))[0])

    def read_double(self) -> float:
        return cast("float", _DOUBLE.unpack(self.take(_DOUBLE.size))[0])

    def read_bytes(self) -> bytes:
        return self.take(self.long())

    def index(self, count: int, what: str, number: int | None = None) -> int:
        found = self.long() if number is None else number
        if not 0 <= found < count:
            self.fail(f"there is no {what} with the index {found}")
        return found

    def text(self) -> str:
        return self.decoded(self.take(self.long()))

    def decoded(self, raw: bytes) -> str:
        try:
            return raw.decode()
        except UnicodeDecodeError:
            self.fail("the bytes are not UTF-8")

    def long(self) -> int:
        try:
            number, self.offset = read_long(self.data, self.offset)
        except IndexError:
            self.fail("the datum ends here, too early")
        except ValueError as error:
            self.fail(str(error))
        return number

    def take(self, size: int) -> bytes:
        if not 0 <= size <= len(self.data) - self.offset:
            self.fail(f"{size} bytes should follow, {len(self.data) - self.offset} do")
        self.offset += size
        return self.data[self.offset - size : self.offset]

    def fail(self, reason: str) -> NoReturn:
        raise Undecodable("", self.offset, reason)


_PRIMITIVES: Mapping[str, Callable[[_Decoder], Any]] = {
    "null": lambda _: None,
    "boolean": _Decoder.read_boolean,
    "int": _Decoder.read_int,
    "long": _Decoder.long,
    "float": _Decoder.read_float,
    "double": _Decoder.read_double,
    "bytes": _Decoder.read_bytes,
    "string": _Decoder.text,
}


@lru_cache(maxsize=4096)
def _plan(
    matching: Matching, writer: RecordSchema, reader: RecordSchema
) -> tuple[tuple[Field, Field | None], ...]:
    """Return each field of the writer with the reader's that it fills, if there is one."""
    pairs = matching.fields(reader, writer)
    filled = {id(theirs): mine for mine, theirs in pairs if theirs}
    return tuple((theirs, filled.get(id(theirs))) for theirs in writer.fields)
