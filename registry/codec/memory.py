"""Emitted code in memory: compiled, with all that it names."""

from collections.abc import Callable, Hashable
from functools import partial
from struct import Struct
from typing import Any, Final, TypeAlias

from registry.codec import runtime
from registry.codec.blocks import Budget
from registry.codec.building import Builder
from registry.codec.reads import Reads
from registry.codec.skips import Skips
from registry.codec.words import Lines
from registry.codec.writes import Writes
from registry.errors import Undecodable
from registry.matching import Matching
from registry.naming import python_names
from registry.schema import (
    EnumSchema,
    Field,
    RecordSchema,
    Schema,
    UnionSchema,
)
from registry.values import kind_of

Decode: TypeAlias = Callable[[bytes, int, Budget], tuple[Any, int]]
"""Emitted code that decodes the datum at an offset; gives the value and the offset behind it."""
Encode: TypeAlias = Callable[[Any, Budget], bytes]
"""Emitted code that encodes."""

_MOST: Final = 50_000  # lines; the schema that asks for more is not one that people write
_MUTABLE: Final = (list, dict, tuple)


def compiled_reader(writer: Schema, reader: Schema, builder: Builder) -> Decode | None:
    """Return what reads a writer's data; None where that is too much code."""
    memory = _Memory(builder, Matching.of(reader, writer, "avro"))
    found: Decode | None = memory.compiled(
        memory.function("(b, p, s)", "datum", memory.reads.datum, writer, reader)
    )
    return found


def compiled_writer(schema: Schema, builder: Builder) -> Encode | None:
    """Return what writes data of a schema; None where that is too much code."""
    memory = _Memory(builder, Matching.of(schema, schema, "avro"))
    found: Encode | None = memory.compiled(
        memory.function("(o, s)", "datum", memory.writes.datum, schema)
    )
    return found


class _Memory:
    """Words for code that is compiled here; what they name is in `globals`."""

    def __init__(self, builder: Builder, matching: Matching) -> None:
        self.builder = builder
        self.matching = matching
        self.reads = Reads(self, matching)
        self.writes = Writes(self)
        self.globals: dict[str, Any] = {}
        self._names: dict[Hashable, str] = {}
        self._pending: list[tuple[str, Callable[[], list[str]]]] = []

    def compiled(self, name: str) -> Any:
        """Emit all that is asked for, compile it and return the function of a name."""
        lines: list[str] = []
        try:
            while self._pending:
                head, body = self._pending.pop()
                lines += [head, *body()]
                if len(lines) > _MOST:
                    return None
            code = compile("\n".join(lines), "<avro codec>", "exec")
        except (MemoryError, OverflowError, RecursionError, SyntaxError):  # Python has limits too
            return None
        exec(code, self.globals)  # noqa: S102 nothing of a schema is in it but numbers and vetted names
        return self.globals[name]

    def function(
        self, arguments: str, kind: str, emit: Callable[..., list[str]], *of: Schema
    ) -> str:
        """Return the name of a function whose body is emitted later, once for the same schemas."""
        name, is_new = self._name((kind, *map(id, of)), kind)
        if is_new:
            self._pending.append((f"def {name}{arguments}:", partial(emit, *of)))
        return name

    def encoder(self, record: RecordSchema) -> str:
        return self.function("(o, s)", "encode", self.writes.record, record)

    def decoder(self, writer: RecordSchema, reader: RecordSchema) -> str:
        return self.function("(b, p, s)", "decode", self.reads.record, writer, reader)

    def skipper(self, writer: RecordSchema) -> str:
        return self.function("(b, p, s)", "skip", self._skip, writer)

    def _skip(self, writer: RecordSchema) -> list[str]:
        return Skips(self, Lines()).record(writer)

    def of(self, name: str) -> str:
        self.globals[name] = getattr(runtime, name)
        return name

    def builtin(self, name: str) -> str:
        return name

    def kind(self, schema: Schema) -> str:
        made = None
        if isinstance(schema, RecordSchema | EnumSchema):
            made = self.builder.classes.get(schema.name)
        kind = made or kind_of(schema)
        return self._object(("kind", kind), lambda: kind)

    def struct(self, form: str, method: str) -> str:
        return self._object((method, form), lambda: getattr(Struct(f"<{form}"), method))

    def made(self, record: RecordSchema) -> str | None:
        made = self.builder.classes.get(record.name)
        return None if made is None else self._object(("kind", made), lambda: made)

    def attributes(self, record: RecordSchema) -> list[str]:
        if record.name in self.builder.classes:
            return list(python_names(record).values())
        return [repr(each.name) for each in record.fields]

    def codes(self, enum: EnumSchema) -> str:
        return self._object(("codes", id(enum)), lambda: runtime.codes(self._symbols(enum)))

    def _symbols(self, enum: EnumSchema) -> list[str]:
        return [self.builder.enum(enum, each) for each in enum.symbols]

    def members(self, writer: EnumSchema, reader: EnumSchema) -> str:
        key = ("members", id(writer), id(reader))
        return self._object(key, lambda: self._resolved(writer, reader))

    def _resolved(self, writer: EnumSchema, reader: EnumSchema) -> dict[int, str]:
        known = frozenset(reader.symbols)
        found = [each if each in known else reader.default for each in writer.symbols]
        pairs = enumerate(found)
        return {2 * i: self.builder.enum(reader, each) for i, each in pairs if each is not None}

    def default(self, field: Field) -> str | None:
        try:
            value = self.builder.default_of(field)
        except Undecodable:
            return None
        if value in ([], {}):
            return repr(value)
        key = ("default", id(field))
        if isinstance(value, _MUTABLE) or hasattr(value, "__avro_name__"):
            made = self._object(key, lambda: partial(self.builder.default_of, field))
            return f"{made}()"
        return self._object(key, lambda: value)

    def annotation(self, _: Schema) -> str:
        return ""

    def label(self, union: UnionSchema, index: int) -> str | None:
        label = self.builder.label(union, index)
        return None if label is None else self._object(("label", label), lambda: label)

    def _name(self, key: Hashable, kind: str) -> tuple[str, bool]:
        is_new = key not in self._names
        if is_new:
            self._names[key] = f"{kind}_{len(self._names)}"
        return self._names[key], is_new

    def _object(self, key: Hashable, make: Callable[[], Any]) -> str:
        """Return the name of an object, which is made once."""
        name, is_new = self._name(key, "thing")
        if is_new:
            self.globals[name] = make()
        return name
