"""The functions of a generated module: what encodes and decodes the records that it defines."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from registry.codec.reads import Reads
from registry.codec.words import Words
from registry.codec.writes import Writes
from registry.matching import Matching
from registry.naming import python_names, snake_case
from registry.schema import (
    ArraySchema,
    EnumSchema,
    Field,
    MapSchema,
    NamedSchema,
    RecordSchema,
    Schema,
    UnionSchema,
)
from registry.values import ambiguous
from tools.modules.hints import hints
from tools.modules.layout import WIDTH, Group, quoted, statement
from tools.modules.names import Names

RUNTIME: Final = "registry.codec.runtime"
_LONG: Final = 100  # lines
_KEY: Final = (
    "# What encodes and decodes: o is an object, b the bytes, p the offset in them, s what is left",
    "# to spend, n a number as it stands in the bytes, e where a text ends.",
)
_PRIVATE: Final = re.compile(r"\bo\._\w")


class Codec(NamedTuple):
    """The parts of a module that encode and decode."""

    functions: list[list[str]]
    constants: list[str]
    """What the functions look things up in; it stands behind the classes."""
    pairs: tuple[str, ...]
    """What `bind` gives to the class of each record, as items of a dict."""


def codec(names: Names, types: Iterable[NamedSchema]) -> Codec:
    """Return what a module needs for the records among its types."""
    words = _Words(names)
    records = [each for each in types if isinstance(each, RecordSchema)]
    functions = [block for each in records for block in words.functions(each)]
    pairs = (
        f"{names.classes[each.name]}: ({words.encoder(each)}, {words.decoder(each, each)})"
        for each in records
    )
    if functions:
        functions[0] = [*_KEY, *functions[0]]
    return Codec(functions, words.constants, tuple(pairs))


class _Words(Words):
    """Words for a module that is written to a file. A version reads and writes itself only."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.constants: list[str] = []
        self._given: dict[tuple[str, str], str] = {}

    def functions(self, record: RecordSchema) -> Iterable[list[str]]:
        budget, octets = self.of("Budget"), self.builtin("bytes")
        made = self.made(record)
        head = Group(
            f"def {self.encoder(record)}(", (f"o: {made}", f"s: {budget}"), f") -> {octets}:"
        )
        yield [*statement(head), *map(_kept, Writes(self).record(record))]
        arguments = f"b: {octets}", f"p: {self.builtin('int')}", f"s: {budget}"
        result = f") -> {self.builtin('tuple')}[{made}, {self.builtin('int')}]:"
        head = Group(f"def {self.decoder(record, record)}(", arguments, result)
        body = Reads(self, Matching.of(record, record, "avro")).record(record, record)
        yield [*statement(head), *self._locals(body), *map(_kept, body)]

    def _locals(self, body: list[str]) -> list[str]:
        """Return the types of locals that type checkers cannot infer from so many assignments."""
        if len(body) < _LONG:
            return []
        used = [each for each in "ne" if any(f" {each} = " in line for line in body)]
        return [f"    {each}: {self.builtin('int')}" for each in used]

    def of(self, name: str) -> str:
        return self.names.of(RUNTIME, name)

    def builtin(self, name: str) -> str:
        return self.names.of("builtins", name)

    def kind(self, schema: Schema) -> str:
        if isinstance(schema, ArraySchema | MapSchema):
            return self.builtin("list" if isinstance(schema, ArraySchema) else "dict")
        return hints(schema, self.names)[0]

    def struct(self, form: str, method: str) -> str:
        made = f'{self.names.of("struct", "Struct")}("<{form}").{method}'
        return self._constant(f"{method.removesuffix('_from')}_{form}", method, form, made)

    def made(self, record: RecordSchema) -> str:
        return self.names.class_of(record)

    def attributes(self, record: RecordSchema) -> list[str]:
        return list(python_names(record).values())

    def encoder(self, record: RecordSchema) -> str:
        if record.name in self.names.referenced:
            return f"{self.names.referenced[record.name]}.__avro_encode__"
        return self._name("encode", record)

    def decoder(self, writer: RecordSchema, reader: RecordSchema) -> str:
        assert writer is reader  # noqa: S101 this module is of one version
        if reader.name in self.names.referenced:
            return f"{self.names.referenced[reader.name]}.__avro_decode__"
        return self._name("decode", reader)

    def skipper(self, writer: RecordSchema) -> str:
        raise AssertionError(writer)  # a version reads all that it writes

    def default(self, field: Field) -> str | None:
        raise AssertionError(field)  # a version reads all that it writes

    def codes(self, enum: EnumSchema) -> str:
        return self._table("codes", enum)

    def members(self, writer: EnumSchema, reader: EnumSchema) -> str:
        assert writer is reader  # noqa: S101 this module is of one version
        return self._table("members", reader)

    def annotation(self, schema: Schema) -> str:
        return f": {' | '.join(hints(schema, self.names))}"

    def label(self, union: UnionSchema, index: int) -> str | None:
        return quoted(union.branches[index].label) if index in ambiguous(union) else None

    def _table(self, kind: str, enum: EnumSchema) -> str:
        made = f"{self.of(kind)}({self.names.class_of(enum)})"
        return self._constant(f"{snake_case(enum.simple_name)}_{kind}", kind, enum.name, made)

    def _name(self, kind: str, record: RecordSchema) -> str:
        key = kind, record.name
        if key not in self._given:
            self._given[key] = self.names.give(f"{kind}_{snake_case(record.simple_name)}")
        return self._given[key]

    def _constant(self, name: str, kind: str, of: str, made: str) -> str:
        key = kind, of
        if key not in self._given:
            self._given[key] = self.names.give(name)
            self.constants += statement(f"{self._given[key]} = {made}")
        return self._given[key]


def _kept(line: str) -> str:
    """Return a line of code, kept from checkers where a name is private, or too long to format."""
    if _PRIVATE.search(line):
        return f"{line}  # pyright: ignore[reportPrivateUsage]"
    return line if len(line) <= WIDTH else f"{line}  # fmt: skip"
