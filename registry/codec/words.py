"""What emitted code may name. Nothing else of a schema gets into source but numbers.

One set of words is for modules that are written to files, another for code that is made in memory.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from registry.schema import EnumSchema, Field, RecordSchema, Schema, UnionSchema

WIDTH: Final = 100
_INDENT: Final = "    "
_DEEPEST: Final = 12


class Words(Protocol):
    """Gives names out, each of which stands for something in reach of the emitted code."""

    def of(self, name: str) -> str:
        """Return what a name of `registry.codec.runtime` is called."""

    def builtin(self, name: str) -> str:
        """Return what one of Python's own names is called."""

    def kind(self, schema: Schema) -> str:
        """Return the Python class that all values of a type have, records and enums their own."""

    def struct(self, form: str, method: str) -> str:
        """Return a method of the `Struct` of some floats and doubles, such as "ffd"."""

    def made(self, record: RecordSchema) -> str | None:
        """Return the class of a record's objects; None where they are dicts."""

    def attributes(self, record: RecordSchema) -> list[str]:
        """Return the attribute, or the key, of each field."""

    def encoder(self, record: RecordSchema) -> str:
        """Return what encodes a record."""

    def decoder(self, writer: RecordSchema, reader: RecordSchema) -> str:
        """Return what decodes a record of a writer into that of a reader."""

    def skipper(self, writer: RecordSchema) -> str:
        """Return what passes a record of a writer."""

    def codes(self, enum: EnumSchema) -> str:
        """Return a mapping of the symbols of an enum to their bytes."""

    def members(self, writer: EnumSchema, reader: EnumSchema) -> str:
        """Return a mapping of the raw numbers of a writer's enum to what a reader makes of them."""

    def default(self, field: Field) -> str | None:
        """Return an expression for the default of a field, None where Python cannot hold it."""

    def annotation(self, schema: Schema) -> str:
        """Return `: hint` for a local of a type, where the code is read by type checkers."""

    def label(self, union: UnionSchema, index: int) -> str | None:
        """Return a literal of a branch's name where its values are pairs of that and a value."""


class Lines:
    """The lines of one function's body."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._indent = _INDENT
        self._count = 0

    def add(self, *lines: str) -> None:
        """Append lines at the present indentation."""
        self.lines += [self._indent + line for line in lines]

    def joined(self, target: str, parts: list[str], join: str) -> None:
        """Append what assigns (or, for "return", returns) the bytes of some parts put together."""
        start = target if target == "return" else f"{target} ="
        if len(parts) < 4:  # noqa: PLR2004 up to three, adding is faster
            self.add(f"{start} {' + '.join(parts) or EMPTY}")
            return
        flat = f"{start} {join}(({', '.join(parts)}))"
        if len(self._indent + flat) <= WIDTH:
            self.add(flat)
            return
        inner = [f"{_INDENT}{_INDENT}{part}," for part in parts]
        self.add(f"{start} {join}(", f"{_INDENT}(", *inner, f"{_INDENT})", ")")

    @contextmanager
    def under(self, head: str) -> Iterator[None]:
        """Append a head such as `if x:`, and indent what is appended inside."""
        self.add(head)
        before = len(self.lines)
        outer, self._indent = self._indent, self._indent + _INDENT
        yield
        if len(self.lines) == before:
            self.add("pass")
        self._indent = outer

    @property
    def is_deep(self) -> bool:
        """Whether blocks stand in each other as far as Python's compiler shall go (20 loops)."""
        return len(self._indent) > _DEEPEST * len(_INDENT)

    def local(self, letter: str) -> str:
        """Return a name that no other local has; all are a letter and a number."""
        self._count += 1
        return f"{letter}{self._count}"


EMPTY: Final = 'b""'
