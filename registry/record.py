"""What generated classes stand on: a record that knows its schema, its bytes and its JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self, cast

from registry.codec.building import Builder
from registry.codec.decoder import decode
from registry.codec.encoder import write
from registry.errors import InvalidSchema, Undecodable
from registry.json_form import from_json, to_json
from registry.parsing import parse
from registry.schema import Schema, named_types
from registry.source import JSON, load


class Record:
    """A record of a schema version. Generated classes derive from it; they are dataclasses."""

    __slots__ = ()
    __avro_name__: ClassVar[str]

    SCHEMA: ClassVar[str]
    """The text of the `.avsc` file."""
    SUBJECT: ClassVar[str]
    VERSION: ClassVar[int]
    FINGERPRINT: ClassVar[bytes]
    """CRC-64-AVRO, 8 bytes, little-endian."""

    def to_avro(self) -> bytes:
        """Return the datum in Avro's binary encoding, without a frame. Raises Unencodable."""
        return write(self, schema_of(type(self)))

    @classmethod
    def from_avro(cls, data: bytes, writer: Schema | None = None) -> Self:
        """Read one datum that a writer (by default this version) has written.

        Raises Undecodable, LimitExceeded.
        """
        reader = schema_of(cls)
        return cast("Self", decode(data, writer or reader, reader, _BINDINGS[cls].builder))

    def to_json(self) -> bytes:
        """Return the JSON form in UTF-8. Raises Unencodable."""
        value = to_json(schema_of(type(self)), self)
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, data: bytes | str | Mapping[str, JSON]) -> Self:
        """Read the JSON form: a text, or what was parsed of one. Raises Undecodable."""
        if isinstance(data, bytes | str):
            try:
                value = load(data)
            except InvalidSchema as error:
                raise Undecodable("", None, error.reason) from None
        else:
            value = dict(data)
        return cast("Self", from_json(schema_of(cls), value, _BINDINGS[cls].builder))

    @classmethod
    def upgrade(cls, old: "Record") -> Self:
        """Return a record of another version as one of this, as Avro's resolution reads it.

        Raises Undecodable where this version cannot read the other.
        """
        return cls.from_avro(old.to_avro(), schema_of(type(old)))


@dataclass(frozen=True)
class _Binding:
    """How the classes of one generated module came by their schemas."""

    main: type
    types: Mapping[str, type]
    """The classes of all types in reach, by full name."""
    references: tuple[type, ...]

    @cached_property
    def schemas(self) -> dict[str, Schema]:
        """Every type in reach by full name, parsed when first asked for."""
        text: str = cast("Any", self.main).SCHEMA
        schema = parse(text, [schema_of(each) for each in self.references])
        return {**named_types(schema)}

    @cached_property
    def builder(self) -> Builder:
        """What decoded parts become."""
        return Builder(self.types)


_BINDINGS: dict[type, _Binding] = {}


def bind(main: type, types: Mapping[str, type], references: tuple[type, ...] = ()) -> None:
    """Tell a generated module's classes their names; its last line calls this.

    `main` is the class of the file's own type, `types` are those of all types defined in the file,
    by full name, `references` the main classes of the pinned versions.
    """
    reach = dict(types)
    for reference in references:
        reach |= _BINDINGS[reference].types
    binding = _Binding(main, reach, references)
    for name, made in types.items():
        setattr(made, "__avro_name__", name)  # noqa: B010 the class may be an enum
        _BINDINGS[made] = binding


def schema_of(made: type) -> Schema:
    """Return the resolved schema of a generated class. Raises TypeError for any other class."""
    if made not in _BINDINGS:
        message = f"{made.__qualname__} is not a class that `invoke generate` has written"
        raise TypeError(message)
    return _BINDINGS[made].schemas[cast("Any", made).__avro_name__]
