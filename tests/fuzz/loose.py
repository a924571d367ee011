"""A second encoder, which uses the freedom that Avro gives: many blocks, with and without sizes.

Written from the specification alone ("Binary Encoding"), and so an oracle for the decoder; it has
no limits, and says where its numbers stand, so that others can be put there.
"""

from collections.abc import Callable, Iterable
from random import Random
from struct import pack
from typing import Any

from registry.schema import (
    ArraySchema,
    EnumSchema,
    FixedSchema,
    MapSchema,
    RecordSchema,
    Schema,
    UnionSchema,
)


class Loose:
    """Encodes one value; `data` are its bytes, `numbers` where each number starts and ends."""

    def __init__(self, schema: Schema, value: Any, random: Random) -> None:
        """Encode a value without logical types, whose unions hold (branch name, value)."""
        self.data = bytearray()
        self.numbers: list[tuple[int, int]] = []
        self._random = random
        self._write(schema, value)

    def _number(self, number: int) -> None:
        start = len(self.data)
        self.data += varint(number)
        self.numbers.append((start, len(self.data)))

    def _write(self, schema: Schema, value: Any) -> None:
        if isinstance(schema, RecordSchema):
            for field in schema.fields:
                self._write(field.type, value[field.name])
        elif isinstance(schema, UnionSchema):
            labels = [each.label for each in schema.branches]
            index = labels.index(value[0])
            self._number(index)
            self._write(schema.branches[index], value[1])
        elif isinstance(schema, ArraySchema):
            self._blocks([(None, each) for each in value], schema.items)
        elif isinstance(schema, MapSchema):
            self._blocks(value.items(), schema.values)
        else:
            self._scalar(schema, value)

    def _blocks(self, pairs: Iterable[tuple[str | None, Any]], schema: Schema) -> None:
        left = list(pairs)
        while left:
            count = self._random.choice((len(left), self._random.randint(1, len(left))))
            self._block(left[:count], schema)
            left = left[count:]
        self._number(0)

    def _block(self, pairs: list[tuple[str | None, Any]], schema: Schema) -> None:
        if self._random.random() < 0.5:
            self._number(len(pairs))
            self._elements(pairs, schema)
            return
        self._number(-len(pairs))
        start, known = len(self.data), len(self.numbers)
        self._elements(pairs, schema)
        size = varint(len(self.data) - start)
        self.data[start:start] = size
        moved = [(a + len(size), b + len(size)) for a, b in self.numbers[known:]]
        self.numbers[known:] = [(start, start + len(size)), *moved]

    def _elements(self, pairs: list[tuple[str | None, Any]], schema: Schema) -> None:
        for key, each in pairs:
            if key is not None:
                self._counted(key.encode())
            self._write(schema, each)

    def _counted(self, data: bytes) -> None:
        self._number(len(data))
        self.data += data

    def _scalar(self, schema: Schema, value: Any) -> None:
        if isinstance(schema, EnumSchema):
            self._number(schema.symbols.index(value))
        elif schema.type in ("int", "long"):
            self._number(value)
        elif schema.type in ("string", "bytes"):
            self._counted(value.encode() if isinstance(value, str) else value)
        elif isinstance(schema, FixedSchema):
            self.data += value
        else:
            self.data += _PACKED[schema.type](value)


_PACKED: dict[str, Callable[[Any], bytes]] = {
    "null": lambda _: b"",
    "boolean": lambda value: bytes([value]),
    "float": lambda value: pack("<f", value),
    "double": lambda value: pack("<d", value),
}


def varint(number: int, size: int = 0) -> bytes:
    """Return a zig-zag number in as few bytes as it needs, or in `size`, which may be too many."""
    left = number * 2 if number >= 0 else -number * 2 - 1
    made = bytearray()
    while left > 0x7F or len(made) + 1 < size:
        made.append(left & 0x7F | 0x80)
        left >>= 7
    return bytes([*made, left])
