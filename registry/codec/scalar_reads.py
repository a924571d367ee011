"""Emits what decodes numbers, texts and bytes, with their logical types; see `reads`."""

from typing import Final

from registry.codec.shapes import FORMS, UUID_TEXT
from registry.codec.skips import refuse
from registry.codec.words import Lines, Words
from registry.schema import FixedSchema, Schema

_LOGICAL: Final = {
    "big-decimal": "big_decimal_of",
    "date": "date_of",
    "duration": "duration_of",
    "local-timestamp-micros": "local_of_micros",
    "local-timestamp-millis": "local_of_millis",
    "local-timestamp-nanos": "Timestamp",
    "time-micros": "time_of_micros",
    "time-millis": "time_of_millis",
    "timestamp-micros": "moment_of_micros",
    "timestamp-millis": "moment_of_millis",
    "timestamp-nanos": "Timestamp",
}


class ScalarReads:
    """Emits into the lines of a function (b, p, s)."""

    def __init__(self, words: Words, out: Lines) -> None:
        self.words = words
        self.out = out

    def value(self, writer: Schema, reader: Schema, target: str) -> None:
        """Emit what reads a value into a target."""
        expression, end = self._raw(writer, reader)
        expression = self._logical(reader, self._promoted(writer, reader, expression))
        if expression.startswith("*"):
            self.out.add(f"({target},) = {expression[1:]}")
        else:
            self.out.add(f"{target} = {expression}")
        if end:
            self.out.add(end)

    def _raw(self, writer: Schema, reader: Schema) -> tuple[str, str]:
        """Emit what comes first; return the raw value, and what moves the offset behind it.

        An expression with a star is a tuple of one.
        """
        kind = writer.type
        if kind in ("int", "long"):
            self.out.add("n = b[p]", "p += 1")
            self._more("int_rest" if kind == "int" else "rest")
            return "(n >> 1) ^ -(n & 1)", ""
        if kind in ("bytes", "string"):
            return self._text(writer, reader), "p = e"
        if kind == "boolean":
            return f"{self.words.of('BOOLEANS')}[b[p]]", "p += 1"
        if kind in FORMS:
            size = FORMS[kind][1]
            return f"*{self.words.of(f'unpack_{kind}')}(b, p)", f"p += {size}"
        if isinstance(writer, FixedSchema):
            return self._fixed(writer, reader)
        return "None", ""

    def _text(self, writer: Schema, reader: Schema) -> str:
        if writer.type == "string" and _is_uuid(reader):
            refuse(self.words, self.out, f"if b[p] != {2 * UUID_TEXT}:")
            self.out.add(f"e = p + {1 + UUID_TEXT}")
            return "b[p + 1 : e]"
        self.length()
        return "b[p:e].decode()" if writer.type == "string" else "b[p:e]"

    def _fixed(self, writer: FixedSchema, reader: Schema) -> tuple[str, str]:
        if not isinstance(reader, FixedSchema) or reader.size != writer.size:
            refuse(self.words, self.out)
        self.out.add(f"e = p + {writer.size}")
        return "b[p:e]", "p = e"

    def _promoted(self, writer: Schema, reader: Schema, expression: str) -> str:
        if reader.type in (writer.type, "long"):
            return expression
        if reader.type == "float":
            return f"{self.words.of('to_float')}({expression})"
        if reader.type == "double":
            return (
                expression
                if writer.type == "float"
                else f"{self.words.builtin('float')}({expression})"
            )
        if writer.type == "bytes":
            return expression if _is_uuid(reader) else f"{expression}.decode()"
        return f"{expression}.encode()"

    def _logical(self, reader: Schema, expression: str) -> str:
        if not reader.logical:
            return expression
        if reader.logical.name == "decimal":
            digits = f"{reader.logical.precision}, {reader.logical.scale}"
            return f"{self.words.of('decimal_of')}({expression}, {digits})"
        if reader.logical.name == "uuid":
            name = "uuid_of" if isinstance(reader, FixedSchema) else "uuid_of_text"
            return f"{self.words.of(name)}({expression})"
        return f"{self.words.of(_LOGICAL[reader.logical.name])}({expression})"

    def _more(self, name: str) -> None:
        with self.out.under("if n > 127:"):
            self.out.add(f"n, p = {self.words.of(name)}(b, p, n)")

    def length(self) -> None:
        """Emit what reads a length: p is then where the bytes begin, e where they end."""
        self.out.add("n = b[p]")
        with self.out.under("if n & 129:"):
            self.out.add(f"e, p = {self.words.of('length')}(b, p)")
        with self.out.under("else:"):
            self.out.add("p += 1", "e = p + (n >> 1)")


def _is_uuid(reader: Schema) -> bool:
    return reader.type == "string" and reader.logical is not None
