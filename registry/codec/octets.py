"""The bytes of a datum, one primitive value after the other, with typed errors."""

from collections.abc import Callable, Mapping
from struct import Struct
from typing import Any, NoReturn, cast

from registry.codec.varint import read_long
from registry.defaults import INT_RANGE
from registry.errors import Undecodable
from registry.schema import EnumSchema, FixedSchema, Schema

_FLOAT = Struct("<f")
_DOUBLE = Struct("<d")


class Octets:
    """Bytes and the offset up to which they are read. All methods raise Undecodable."""

    def __init__(self, data: bytes, offset: int) -> None:
        self.data = data
        self.offset = offset

    def raw(self, schema: Schema) -> Any:
        """Read a value of a primitive type, an enum's symbol, or the bytes of a fixed."""
        if isinstance(schema, EnumSchema):
            return schema.symbols[self.index(len(schema.symbols), f"symbol of {schema.name}")]
        if isinstance(schema, FixedSchema):
            return self.take(schema.size)
        return _PRIMITIVES[schema.type](self)

    def read_int(self) -> int:
        """Read an int of 32 bits."""
        number = self.long()
        if not INT_RANGE[0] <= number <= INT_RANGE[1]:
            self.fail(f"{number} is out of the range of int")
        return number

    def read_boolean(self) -> bool:
        """Read a byte that is 0 or 1."""
        return bool(self.index(2, "boolean", self.take(1)[0]))

    def read_float(self) -> float:
        """Read a float of 4 bytes."""
        return cast("float", _FLOAT.unpack(self.take(_FLOAT.size))[0])

    def read_double(self) -> float:
        """Read a float of 8 bytes."""
        return cast("float", _DOUBLE.unpack(self.take(_DOUBLE.size))[0])

    def read_bytes(self) -> bytes:
        """Read bytes and the length before them."""
        return self.take(self.long())

    def index(self, count: int, what: str, number: int | None = None) -> int:
        """Read an index (or take a number for one) below a count."""
        found = self.long() if number is None else number
        if not 0 <= found < count:
            self.fail(f"there is no {what} with the index {found}")
        return found

    def text(self) -> str:
        """Read a string."""
        return self.decoded(self.take(self.long()))

    def decoded(self, raw: bytes) -> str:
        """Return bytes as a string."""
        try:
            return raw.decode()
        except UnicodeDecodeError:
            self.fail("the bytes are not UTF-8")

    def long(self) -> int:
        """Read an int of 64 bits."""
        try:
            number, self.offset = read_long(self.data, self.offset)
        except IndexError:
            self.fail("the datum ends here, too early")
        except ValueError as error:
            self.fail(str(error))
        return number

    def take(self, size: int) -> bytes:
        """Read so many bytes."""
        if not 0 <= size <= len(self.data) - self.offset:
            self.fail(f"{size} bytes should follow, {len(self.data) - self.offset} do")
        self.offset += size
        return self.data[self.offset - size : self.offset]

    def fail(self, reason: str) -> NoReturn:
        """Raise Undecodable at the offset."""
        raise Undecodable("", self.offset, reason)


_PRIMITIVES: Mapping[str, Callable[[Octets], Any]] = {
    "null": lambda _: None,
    "boolean": Octets.read_boolean,
    "int": Octets.read_int,
    "long": Octets.long,
    "float": Octets.read_float,
    "double": Octets.read_double,
    "bytes": Octets.read_bytes,
    "string": Octets.text,
}
