"""Emits what passes a value of a writer that a reader lacks, without building it."""

from typing import Final

from registry.codec.shapes import elements, holds_itself, least_bytes
from registry.codec.words import Lines, Words
from registry.schema import (
    ArraySchema,
    EnumSchema,
    FixedSchema,
    MapSchema,
    RecordSchema,
    Schema,
    UnionSchema,
)

SMALL: Final = 64  # indexes that are one byte; unions of more branches are left to the walk
_SIZES: Final = {"null": 0, "boolean": 1, "float": 4, "double": 8}


class Skips:
    """Emits into the lines of a function (b, p, s)."""

    def __init__(self, words: Words, out: Lines) -> None:
        self.words = words
        self.out = out

    def record(self, writer: RecordSchema) -> list[str]:
        """Return the body of what passes a record and returns the offset behind it."""
        enter(self.words, self.out, again=holds_itself(writer))
        for each in writer.fields:
            self.value(each.type)
        if holds_itself(writer):
            self.out.add("s[1] += 1")
        self.out.add("return p")
        return self.out.lines

    def value(self, writer: Schema) -> None:
        """Emit what passes a value."""
        size = _size(writer)
        if self.out.is_deep:
            refuse(self.words, self.out)
        elif size is not None:
            self.out.add(*([f"p += {size}"] if size else []))
        elif isinstance(writer, RecordSchema):
            self.out.add(f"p = {self.words.skipper(writer)}(b, p, s)")
        elif isinstance(writer, UnionSchema):
            self._branches(writer)
        elif isinstance(writer, ArraySchema | MapSchema):
            self._elements(writer)
        elif writer.type in ("bytes", "string"):
            self.out.add(f"p, n = {self.words.of('length')}(b, p)")
        else:
            self._number(writer)

    def _number(self, writer: Schema) -> None:
        self.out.add("n = b[p]", "p += 1")
        name = self.words.of("rest" if writer.type == "long" else "int_rest")
        with self.out.under("if n > 127:"):
            self.out.add(f"n, p = {name}(b, p, n)")
        if isinstance(writer, EnumSchema):
            refuse(self.words, self.out, f"if n & 1 or n > {2 * len(writer.symbols) - 2}:")

    def _branches(self, writer: UnionSchema) -> None:
        if len(writer.branches) > SMALL:
            refuse(self.words, self.out)
            return
        read_index(self.words, self.out, len(writer.branches))
        for index, branch in enumerate(writer.branches):
            with self.out.under(f"{'elif' if index else 'if'} n == {2 * index}:"):
                self.value(branch)
        refuse(self.words, self.out, "else:" if writer.branches else "")

    def _elements(self, writer: ArraySchema | MapSchema) -> None:
        inner = elements(writer)
        is_map = isinstance(writer, MapSchema)
        count, end = self.out.local("c"), self.out.local("e")
        with self.out.under("while b[p]:"):
            least = least_bytes(inner) + is_map
            self.out.add(f"{count}, p, {end} = {self.words.of('block')}(b, p, s, {least})")
            size = None if is_map else _size(inner)
            if size is not None:
                self.out.add(f"p += {count} * {size}")
            else:
                with self.out.under(f"for _ in {self.words.builtin('range')}({count}):"):
                    if is_map:
                        self.out.add(f"p, n = {self.words.of('length')}(b, p)")
                    self.value(inner)
            refuse(self.words, self.out, f"if {end} and p != {end}:")
        self.out.add("p += 1")


def enter(words: Words, out: Lines, *, again: bool) -> None:
    """Emit what a record costs of the budget; one that may hold itself costs depth as well."""
    out.add("s[0] -= 1")
    test = "s[0] < 0"
    if again:
        out.add("s[1] -= 1")
        test = "s[0] < 0 or s[1] < 0"
    refuse(words, out, f"if {test}:")


def refuse(words: Words, out: Lines, head: str = "") -> None:
    """Emit what gives up, under a head such as `else:`."""
    if head:
        with out.under(head):
            out.add(f"raise {words.of('Refused')}")
    else:
        out.add(f"raise {words.of('Refused')}")


def read_index(words: Words, out: Lines, count: int) -> None:
    """Emit what reads the raw number of a branch or a symbol; small ones are one byte."""
    out.add("n = b[p]", "p += 1")
    if count > SMALL:
        with out.under("if n > 127:"):
            out.add(f"n, p = {words.of('rest')}(b, p, n)")


def _size(schema: Schema) -> int | None:
    """Return the bytes of every value of a type; None where they differ."""
    return schema.size if isinstance(schema, FixedSchema) else _SIZES.get(schema.type)
