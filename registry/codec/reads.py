"""Emits what decodes: bytes of a writer into values of a reader (Avro 1.12, "Schema Resolution").

Locals: `b` the bytes, `p` the offset, `s` the budget, `o` the object, `n` a raw number, `e` an end.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby

from registry.codec.scalar_reads import ScalarReads
from registry.codec.shapes import (
    ARRAYS,
    FORMS,
    batched,
    elements,
    holds_itself,
    is_float,
    least_bytes,
)
from registry.codec.skips import SMALL, Skips, enter, read_index, refuse
from registry.codec.words import Lines, Words
from registry.matching import AmbiguousAliasError, Matching
from registry.schema import (
    MISSING,
    ArraySchema,
    EnumSchema,
    Field,
    MapSchema,
    PrimitiveSchema,
    RecordSchema,
    Schema,
    UnionSchema,
)


class Reads:
    """Emits the bodies of functions (b, p, s) that return a value and the offset behind it."""

    def __init__(self, words: Words, matching: Matching) -> None:
        self.words = words
        self.matching = matching
        self.out = Lines()
        self.again = False
        """Whether the record may hold itself, so that what nests in it costs depth."""

    def datum(self, writer: Schema, reader: Schema) -> list[str]:
        """Return the body of what decodes any type."""
        self.out = Lines()
        self.value(writer, reader, "x")
        self.out.add("return x, p")
        return self.out.lines

    def record(self, writer: RecordSchema, reader: RecordSchema) -> list[str]:
        """Return the body of what decodes a record."""
        self.out = Lines()
        try:
            pairs = self.matching.fields(reader, writer)
        except AmbiguousAliasError:
            self._refuse()
            return self.out.lines
        again = self.again = holds_itself(writer)
        enter(self.words, self.out, again=again)
        self._fields(writer, reader, pairs)
        if again:
            self.out.add("s[1] += 1")
        self.out.add("return o, p")
        return self.out.lines

    def _fields(
        self,
        writer: RecordSchema,
        reader: RecordSchema,
        pairs: list[tuple[Field, Field | None]],
    ) -> None:
        made = self.words.made(reader)
        names = self.words.attributes(reader)
        form = "o.{}" if made else "o[{}]"
        targets = {
            each.name: form.format(name) for each, name in zip(reader.fields, names, strict=True)
        }
        self.out.add(f"o = {self.words.of('new')}({made})" if made else "o = {}")
        filled = {theirs.name: mine for mine, theirs in pairs if theirs}
        for is_run, run in groupby(writer.fields, lambda each: _is_packed(each, filled)):
            if is_run:
                for some in batched([(each, targets[filled[each.name].name]) for each in run]):
                    self._packed(some)
            else:
                for each in run:
                    self._field(each, filled.get(each.name), targets)
        for mine, theirs in pairs:
            if theirs is None:
                self._default(mine, targets[mine.name])

    def _field(self, theirs: Field, mine: Field | None, targets: dict[str, str]) -> None:
        if mine is None:
            Skips(self.words, self.out).value(theirs.type)
        else:
            self.value(theirs.type, mine.type, targets[mine.name])

    def _default(self, field: Field, target: str) -> None:
        expression = None if field.default is MISSING else self.words.default(field)
        if expression is None:
            self._refuse()
        else:
            self.out.add(f"{target} = {expression}")

    def _packed(self, run: list[tuple[Field, str]]) -> None:
        """Read floats and doubles that follow each other in one go."""
        if len(run) == 1:
            field, target = run[0]
            self.value(field.type, field.type, target)
            return
        forms = [FORMS[field.type.type] for field, _ in run]
        unpack = self.words.struct("".join(form for form, _ in forms), "unpack_from")
        names = [self.out.local("x") for _ in run]
        self.out.add(f"{', '.join(names)} = {unpack}(b, p)")
        self.out.add(*(f"{each[1]} = {name}" for each, name in zip(run, names, strict=True)))
        self.out.add(f"p += {sum(size for _, size in forms)}")

    def value(self, writer: Schema, reader: Schema, target: str) -> None:
        """Emit what reads a value into a target."""
        if self.out.is_deep:
            self._refuse()
        elif isinstance(writer, UnionSchema):
            self._branches(writer, reader, target)
        elif isinstance(reader, UnionSchema):
            self._into_union(writer, reader, target)
        elif not (
            self.matching.matches(reader, writer) and self.matching.same_decimals(reader, writer)
        ):
            self._refuse()
        elif isinstance(writer, RecordSchema) and isinstance(reader, RecordSchema):
            self.out.add(f"{target}, p = {self.words.decoder(writer, reader)}(b, p, s)")
        elif isinstance(writer, ArraySchema) and isinstance(reader, ArraySchema):
            self._array(writer, reader, target)
        elif isinstance(writer, MapSchema) and isinstance(reader, MapSchema):
            self._map(writer, reader, target)
        elif isinstance(writer, EnumSchema) and isinstance(reader, EnumSchema):
            self._enum(writer, reader, target)
        else:
            ScalarReads(self.words, self.out).value(writer, reader, target)

    def _branches(self, writer: UnionSchema, reader: Schema, target: str) -> None:
        if len(writer.branches) > SMALL:
            self._refuse()
            return
        read_index(self.words, self.out, len(writer.branches))
        for index, branch in enumerate(writer.branches):
            with self.out.under(f"{'elif' if index else 'if'} n == {2 * index}:"):
                self.value(branch, reader, target)
        self._refuse("else:" if writer.branches else "")

    def _into_union(self, writer: Schema, reader: UnionSchema, target: str) -> None:
        index = self.matching.branch(reader, writer)
        if index is None:
            self._refuse()
            return
        label = self.words.label(reader, index)
        if label is None:
            self.value(writer, reader.branches[index], target)
            return
        inner = self.out.local("x")
        self.value(writer, reader.branches[index], inner)
        self.out.add(f"{target} = ({label}, {inner})")

    def _array(self, writer: ArraySchema, reader: ArraySchema, target: str) -> None:
        kind = ARRAYS.get(writer.items.type)
        if kind and _is_same(writer.items, reader.items):
            self.out.add(f"{target}, p = {self.words.of(f'read_{kind}')}(b, p, s)")
            return
        values, item = self.out.local("v"), self.out.local("x")
        self.out.add(f"{values}{self.words.annotation(reader)} = []")
        self._declare(item, reader.items)
        with self._elements(writer):
            self.value(writer.items, reader.items, item)
            self.out.add(f"{values}.append({item})")
        self.out.add(f"{target} = {values}")

    def _map(self, writer: MapSchema, reader: MapSchema, target: str) -> None:
        values, key, item, count = (self.out.local(each) for each in "vkxc")
        self.out.add(f"{values}{self.words.annotation(reader)} = {{}}", f"{count} = 0")
        self._declare(item, reader.values)
        with self._elements(writer, count):
            ScalarReads(self.words, self.out).length()
            self.out.add(f"{key} = b[p:e].decode()", "p = e")
            self.value(writer.values, reader.values, item)
            self.out.add(f"{values}[{key}] = {item}")
        self._refuse(f"if {self.words.builtin('len')}({values}) != {count}:")
        self.out.add(f"{target} = {values}")

    def _refuse(self, head: str = "") -> None:
        refuse(self.words, self.out, head)

    def _declare(self, name: str, schema: Schema) -> None:
        """Say what a local may hold that is assigned in several branches."""
        annotation = self.words.annotation(schema)
        if annotation and isinstance(schema, UnionSchema):
            self.out.add(name + annotation)

    @contextmanager
    def _elements(self, writer: ArraySchema | MapSchema, total: str = "") -> Iterator[None]:
        """Emit the loops over blocks and over the elements in one."""
        least = least_bytes(elements(writer)) + isinstance(writer, MapSchema)
        count, end = self.out.local("c"), self.out.local("e")
        if self.again:
            self.out.add("s[1] -= 1")
        with self.out.under("while b[p]:"):
            self.out.add(f"{count}, p, {end} = {self.words.of('block')}(b, p, s, {least})")
            if total:
                self.out.add(f"{total} += {count}")
            with self.out.under(f"for _ in {self.words.builtin('range')}({count}):"):
                yield
            self._refuse(f"if {end} and p != {end}:")
        self.out.add("p += 1", *(["s[1] += 1"] if self.again else []))

    def _enum(self, writer: EnumSchema, reader: EnumSchema, target: str) -> None:
        read_index(self.words, self.out, len(writer.symbols))
        self.out.add(f"{target} = {self.words.members(writer, reader)}[n]")


def _is_same(writer: Schema, reader: Schema) -> bool:
    """Tell whether values of a primitive type are read as they were written."""
    return (
        isinstance(writer, PrimitiveSchema)
        and writer.type == reader.type
        and reader.logical is None
    )


def _is_packed(field: Field, filled: dict[str, Field]) -> bool:
    mine = filled.get(field.name)
    return is_float(field.type) and mine is not None and _is_same(field.type, mine.type)
