"""What generated classes stand on: a record that knows its schema, its bytes and its JSON."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, ClassVar, Final, NoReturn, Self, cast

from registry.codec.budget import check_spent
from registry.codec.building import Builder
from registry.codec.encoder import encode
from registry.codec.memory import Decode, Encode
from registry.codec.pairs import GIVES_UP, compiled, decode
from registry.errors import InvalidSchema, Undecodable
from registry.json_form import from_json, to_json
from registry.limits import LIMITS, Limits
from registry.parsing import parse
from registry.schema import Schema, named_types
from registry.source import JSON, load


class Record:
    """A record of a schema version. Generated classes derive from it; they are dataclasses."""

    __slots__ = ()
    __avro_name__: ClassVar[str]

    def __init_subclass__(cls) -> None:
        """Refuse what derives from a generated class: bytes would not come back as it."""
        if any(base in _BINDINGS for base in cls.__mro__):
            message = f"{cls.__qualname__}: a generated class has no subclasses."
            raise TypeError(f"{message} Let yours hold a record, or write functions that take one.")

    SCHEMA: ClassVar[str]
    """The text of the `.avsc` file."""
    SUBJECT: ClassVar[str]
    VERSION: ClassVar[int]
    FINGERPRINT: ClassVar[bytes]
    """CRC-64-AVRO, 8 bytes, little-endian."""

    __avro_encode__: ClassVar[Encode]
    __avro_decode__: ClassVar[Decode]

    def to_avro(self) -> bytes:
        """Return the datum in Avro's binary encoding, without a frame.

        Raises Unencodable, LimitExceeded.
        """
        made = type(self)
        try:
            data = made.__avro_encode__(self, [_ITEMS, _DEPTH])
            if len(data) <= _BYTES:
                return data
        except GIVES_UP:
            pass
        return encode(self, schema_of(made), builder_of(made))

    @classmethod
    def from_avro(
        cls, data: bytes, writer: Schema | None = None, *, limits: Limits = LIMITS
    ) -> Self:
        """Read one datum that a writer (by default this version) has written.

        Raises Undecodable, LimitExceeded.
        """
        if limits is LIMITS and type(data) is bytes and len(data) <= _BYTES:
            budget = [_ITEMS, _DEPTH]
            try:
                emitted = cls.__avro_decode__ if writer is None else _EMITTED(cls, writer)
                made, end = emitted(data, 0, budget)
                if end == len(data):
                    return cast("Self", made)
            except GIVES_UP:
                check_spent(budget, LIMITS)
        reader = schema_of(cls)
        found = decode(data, writer or reader, reader, builder_of(cls), limits=limits)
        return cast("Self", found)

    def to_json(self) -> bytes:
        """Return the JSON form in UTF-8. Raises Unencodable."""
        value = to_json(schema_of(type(self)), self, builder_of(type(self)))
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
        return cast("Self", from_json(schema_of(cls), value, builder_of(cls)))

    @classmethod
    def upgrade(cls, old: "Record") -> Self:
        """Return a record of another version as one of this; one of this version as it is.

        Avro's resolution reads it where that suffices; elsewhere a step written by hand does (see
        `registry.upgrades`). Raises Undecodable where there is no way, TypeError where a step
        returns something else; Unencodable, LimitExceeded.
        """
        from registry.upgrading import upgrade  # noqa: PLC0415 it stands on this module

        return upgrade(cls, old)


_BYTES, _ITEMS, _DEPTH = LIMITS.datum_bytes, LIMITS.datum_items, LIMITS.datum_depth


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
_NO_CODECS: Final[Mapping[type[Record], tuple[Encode, Decode]]] = {}


def bind(
    main: type,
    types: Mapping[str, type],
    references: tuple[type, ...] = (),
    codecs: Mapping[type[Record], tuple[Encode, Decode]] = _NO_CODECS,
) -> None:
    """Tell a generated module's classes what belongs to them; its last line calls this.

    `main` is the class of the file's own type, `types` are those of all types defined in the file,
    by full name, `references` the main classes of the pinned versions. `codecs` are the functions
    that encode and decode the objects of each class.
    """
    for each, codec in codecs.items():
        each.__avro_encode__, each.__avro_decode__ = codec
    reach = dict(types)
    for reference in references:
        reach |= _BINDINGS[reference].types
    binding = _Binding(main, reach, references)
    for name, made in types.items():
        setattr(made, "__avro_name__", name)  # noqa: B010 the class may be an enum
        _BINDINGS[made] = binding


def _emitted(made: type, writer: Schema) -> Decode:
    """Return what decodes another version's data into objects of a class."""
    return compiled(writer, schema_of(made), builder_of(made)) or _give_up


_EMITTED: Final = cast("Callable[[type, Schema], Decode]", lru_cache(maxsize=512)(_emitted))


def _give_up(*_: object) -> NoReturn:
    raise ValueError


def builder_of(made: type) -> Builder:
    """Return what makes objects of a generated class, and of those in reach, of decoded parts."""
    return _binding(made).builder


def schema_of(made: type) -> Schema:
    """Return the resolved schema of a generated class. Raises TypeError for any other class."""
    return _binding(made).schemas[cast("Any", made).__avro_name__]


def _binding(made: type) -> _Binding:
    if made not in _BINDINGS:
        message = f"{made.__qualname__} is not a class that `invoke generate` has written"
        raise TypeError(message)
    return _BINDINGS[made]
