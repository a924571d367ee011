"""Emits what encodes: values of a schema into bytes (Avro 1.12, "Binary Encoding").

Locals: `o` the object, `s` the budget; what else there is has a number. Every part of the result is
an expression of bytes; what has to be done first, or checked, stands in lines before.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Final

from registry.codec.kinds import exact_tests
from registry.codec.shapes import (
    ARRAYS,
    FORMS,
    UUID_TEXT,
    batched,
    holds_itself,
    is_float,
    is_optional,
)
from registry.codec.skips import SMALL, enter, refuse
from registry.codec.varint import INT
from registry.codec.words import EMPTY, Lines, Words
from registry.schema import (
    ArraySchema,
    EnumSchema,
    Field,
    FixedSchema,
    Logical,
    MapSchema,
    RecordSchema,
    Schema,
    UnionSchema,
)

_FIXED: Final = {"decimal": "fixed_decimal", "duration": "duration", "uuid": "uuid_bytes"}
_NUMBERS: Final = {
    "date": "days",
    "local-timestamp-micros": "local_micros",
    "local-timestamp-millis": "local_millis",
    "local-timestamp-nanos": "nanos",
    "time-micros": "micros_of_day",
    "time-millis": "millis_of_day",
    "timestamp-micros": "micros",
    "timestamp-millis": "millis",
    "timestamp-nanos": "nanos",
}


class Writes:
    """Emits the bodies of functions (o, s) that return bytes."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.out = Lines()
        self.again = False
        """Whether the record may hold itself, so that what nests in it costs depth."""
        self.type, self.len = words.builtin("type"), words.builtin("len")

    def datum(self, schema: Schema) -> list[str]:
        """Return the body of what encodes any type."""
        self.out = Lines()
        self._joined("return", self.value(schema, "o"))
        return self.out.lines

    def record(self, schema: RecordSchema) -> list[str]:
        """Return the body of what encodes a record."""
        self.out = Lines()
        made = self.words.made(schema)
        keys = self.words.attributes(schema)
        self._refuse_other("o", made or self.words.builtin("dict"))
        if not made:
            self._refuse(f"{self.len}(o) != {len(keys)}")
        again = self.again = holds_itself(schema)
        enter(self.words, self.out, again=again)
        form = "o.{}" if made else "o[{}]"
        sources = [form.format(key) for key in keys]
        parts: list[str] = []
        for is_run, run in groupby(
            zip(schema.fields, sources, strict=True), lambda each: is_float(each[0].type)
        ):
            for some in batched(list(run)) if is_run else ([each] for each in run):
                parts += self._fields(some)
        if again:
            self.out.add("s[1] += 1")
        self._joined("return", parts)
        return self.out.lines

    def _fields(self, fields: list[tuple[Field, str]]) -> list[str]:
        """Emit one field, or floats and doubles that follow each other."""
        if len(fields) == 1:
            return self.value(fields[0][0].type, fields[0][1])
        values = [self._number(source) for _, source in fields]
        form = "".join(FORMS[each.type.type][0] for each, _ in fields)
        packed = self.out.local("v")
        self.out.add(f"{packed} = {self.words.struct(form, 'pack')}({', '.join(values)})")
        return [packed]

    def value(self, schema: Schema, source: str) -> list[str]:
        """Emit what encodes a value; return the parts. The source is used once."""
        if self.out.is_deep or (isinstance(schema, UnionSchema) and len(schema.branches) > SMALL):
            refuse(self.words, self.out)
            return []
        if schema.logical:
            return self._logical(schema, schema.logical, source)
        if isinstance(schema, UnionSchema | ArraySchema | MapSchema):
            return self._composite(schema, source)
        if isinstance(schema, FixedSchema):
            return self._fixed(schema, source)
        return self._called_on(schema, source) or self._held_first(schema, source)

    def _composite(self, schema: Schema, source: str) -> list[str]:
        if isinstance(schema, UnionSchema):
            return self._union(schema, source)
        if isinstance(schema, ArraySchema):
            return self._array(schema, source)
        assert isinstance(schema, MapSchema)  # noqa: S101 the caller has seen it
        return self._map(schema, source)

    def _called_on(self, schema: Schema, source: str) -> list[str]:
        """Emit what is one call on a value."""
        if isinstance(schema, RecordSchema):
            return [self._called(f"{self.words.encoder(schema)}({source}, s)")]
        if isinstance(schema, EnumSchema):
            return [self._called(f"{self.words.codes(schema)}[{source}]")]
        if schema.type == "string":
            return self._counted(f"{self.words.of('utf8')}({source})")
        if is_float(schema):
            pack = self.words.of(f"pack_{schema.type}")
            return [self._called(f"{pack}({self._number(source)})")]
        return []

    def _held_first(self, schema: Schema, source: str) -> list[str]:
        """Emit what looks at a value before it is used."""
        held = self._held(source)
        if schema.type == "null":
            self._refuse(f"{held} is not None")
            return []
        if schema.type == "boolean":
            self._refuse(f"{held} is not True and {held} is not False")
            return [self._called(f"{octets(1)} if {held} else {octets(0)}")]
        if schema.type in ("int", "long"):
            self._refuse_other(held, self.words.builtin("int"))
            return [f"{self.words.of(schema.type.upper())}[{held}]"]
        self._refuse_other(held, self.words.builtin("bytes"))
        return [f"{self.words.of('LONG')}[{self.len}({held})]", held]

    def _fixed(self, schema: FixedSchema, source: str) -> list[str]:
        held = self._held(source)
        self._refuse_other(held, self.words.builtin("bytes"))
        self._refuse(f"{self.len}({held}) != {schema.size}")
        return [held]

    def _logical(self, schema: Schema, logical: Logical, source: str) -> list[str]:
        if logical.name in _NUMBERS:
            number = f"{self.words.of(_NUMBERS[logical.name])}({source})"
            return [self._called(f"{self.words.of(schema.type.upper())}[{number}]")]
        if logical.name == "uuid" and schema.type == "string":
            return [octets(2 * UUID_TEXT), self._called(f"{self.words.of('uuid_text')}({source})")]
        digits = f", {logical.precision}, {logical.scale}" if logical.name == "decimal" else ""
        if isinstance(schema, FixedSchema):
            size = f", {schema.size}" if digits else ""
            made = self.words.of(_FIXED[logical.name])
            return [self._called(f"{made}({source}{digits}{size})")]
        return self._counted(f"{self.words.of(logical.name.replace('-', '_'))}({source}{digits})")

    def _array(self, schema: ArraySchema, source: str) -> list[str]:
        kind = None if schema.items.logical else ARRAYS.get(schema.items.type)
        if kind:
            return [self._called(f"{self.words.of(f'write_{kind}')}({source}, s)")]
        values, item = self._held(source), self.out.local("x")
        if isinstance(schema.items, RecordSchema):
            opened = self._called(self._opened(values, "list"))
            encoder = self.words.encoder(schema.items)
            items = f"{self.words.of('join')}([{encoder}({item}, s) for {item} in {values}])"
            with self._deeper():
                encoded = self._called(items)
            return [opened, encoded, octets(0)]
        found = self._called(f"[{self._opened(values, 'list')}]")
        with self._deeper(), self.out.under(f"for {item} in {values}:"):
            self._appended(found, self.value(schema.items, item))
        self.out.add(f"{found}.append({octets(0)})")
        return [f"{self.words.of('join')}({found})"]

    def _map(self, schema: MapSchema, source: str) -> list[str]:
        values, key, item = self._held(source), self.out.local("k"), self.out.local("x")
        found = self._called(f"[{self._opened(values, 'dict')}]")
        with self._deeper(), self.out.under(f"for {key}, {item} in {values}.items():"):
            parts = self._counted(f"{self.words.of('utf8')}({key})")
            self._appended(found, [*parts, *self.value(schema.values, item)])
        self.out.add(f"{found}.append({octets(0)})")
        return [f"{self.words.of('join')}({found})"]

    def _opened(self, values: str, kind: str) -> str:
        return f"{self.words.of('opened')}({values}, {self.words.builtin(kind)}, s)"

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        if self.again:
            self.out.add("s[1] -= 1")
        yield
        if self.again:
            self.out.add("s[1] += 1")

    def _union(self, schema: UnionSchema, source: str) -> list[str]:
        value, encoded = self._held(source), self.out.local("v")
        null = next((i for i, each in enumerate(schema.branches) if each.type == "null"), None)
        word = "if"
        if null is not None:
            with self.out.under(f"if {value} is None:"):
                self.out.add(f"{encoded} = {octets(*INT[null])}")
            word = "elif"
        if is_optional(schema):
            with self.out.under("else:"):
                self._branch(schema, 1 - (null or 0), value, encoded)
            return [encoded]
        for index, test, inner in exact_tests(schema, self.words, value):
            with self.out.under(f"{word} {test}:"):
                self._branch(schema, index, inner, encoded)
            word = "elif"
        refuse(self.words, self.out, "else:" if word == "elif" else "")
        return [encoded]

    def _branch(self, schema: UnionSchema, index: int, value: str, encoded: str) -> None:
        parts = self.value(schema.branches[index], value)
        self._joined(encoded, [octets(*INT[index]), *parts])

    def _number(self, source: str) -> str:
        held = self._held(source)
        with self.out.under(f"if {self.type}({held}) is not {self.words.builtin('float')}:"):
            self.out.add(f"{held} = {self.words.of('number')}({held})")
        return held

    def _counted(self, encoded: str) -> list[str]:
        held = self._called(encoded)
        return [f"{self.words.of('LONG')}[{self.len}({held})]", held]

    def _appended(self, found: str, parts: list[str]) -> None:
        if len(parts) == 1:
            self.out.add(f"{found}.append({parts[0]})")
        elif parts:
            self.out.add(f"{found} += ({', '.join(parts)})")

    def _held(self, source: str) -> str:
        """Return a local that has the value of an expression."""
        return source if source.isalnum() else self._called(source, "x")

    def _called(self, expression: str, letter: str = "v") -> str:
        local = self.out.local(letter)
        self.out.add(f"{local} = {expression}")
        return local

    def _refuse_other(self, held: str, kind: str) -> None:
        self._refuse(f"{self.type}({held}) is not {kind}")

    def _refuse(self, test: str) -> None:
        refuse(self.words, self.out, f"if {test}:")

    def _joined(self, target: str, parts: list[str]) -> None:
        self.out.joined(target, parts, self.words.of("join") if len(parts) > 3 else EMPTY)  # noqa: PLR2004 see there


def octets(*numbers: int) -> str:
    """Return a literal of bytes."""
    return 'b"' + "".join(f"\\x{number:02x}" for number in numbers) + '"'
