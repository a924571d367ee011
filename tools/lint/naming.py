"""Rules on names: how they are written, what Python makes of them, attributes that nobody knows."""

import re
from collections.abc import Iterator
from typing import Final

from registry.errors import did_you_mean
from registry.naming import python_names, safe, snake_case, symbol_names
from registry.schema import EnumSchema, NamedSchema, RecordSchema
from registry.source import escape
from tools.lint.places import FieldPlace, Flaw, Place, TypePlace

_CAMEL: Final = re.compile(r"[A-Z][A-Za-z0-9]*", re.ASCII)
_SNAKE: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)
_UPPER: Final = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", re.ASCII)

_FIELD_WORDS: Final = frozenset(["name", "type", "doc", "default", "order", "aliases"])
_TYPE_WORDS: Final = frozenset(
    {
        *("type", "name", "namespace", "doc", "aliases", "fields", "symbols", "default", "size"),
        *("items", "values", "logicalType", "precision", "scale"),
    }
)
_OURS: Final = frozenset(["tags", "references"])


def naming(place: Place) -> Iterator[Flaw]:
    """Types are CamelCase, fields snake_case, symbols UPPER_SNAKE."""
    if isinstance(place, FieldPlace):
        name = place.field.name
        if not _SNAKE.fullmatch(name):
            wanted = snake_case(name).strip("_")
            yield Flaw(f"The field {name!r} is not in snake_case.", f'"name": "{wanted}"')
    elif place.defined:
        yield from _type_naming(place.defined)


def _type_naming(schema: NamedSchema) -> Iterator[Flaw]:
    name = schema.simple_name
    if not _CAMEL.fullmatch(name):
        wanted = "".join(part[0].upper() + part[1:] for part in name.split("_") if part)
        yield Flaw(f"The {schema.type} {name!r} is not in CamelCase.", f'"name": "{wanted}"')
    if isinstance(schema, EnumSchema):
        for index, symbol in enumerate(schema.symbols):
            if not _UPPER.fullmatch(symbol):
                fix = f'"{snake_case(symbol).strip("_").upper()}"'
                message = f"The symbol {symbol!r} is not in UPPER_SNAKE."
                yield Flaw(message, fix, f"/symbols/{index}")


def reserved_word(place: Place) -> Iterator[Flaw]:
    """A name is the same in Python as in the schema."""
    schema = place.defined if isinstance(place, TypePlace) else None
    if schema is None:
        return
    yield from _renamed("type", schema.simple_name, safe(schema.simple_name), "/name")
    if isinstance(schema, RecordSchema):
        for index, (name, attribute) in enumerate(python_names(schema).items()):
            yield from _renamed("field", name, attribute, f"/fields/{index}/name")
    if isinstance(schema, EnumSchema):
        for index, (name, member) in enumerate(symbol_names(schema).items()):
            yield from _renamed("symbol", name, member, f"/symbols/{index}")


def _renamed(kind: str, name: str, python: str, at: str) -> Iterator[Flaw]:
    if name != python:
        message = f"Python cannot call a {kind} {name!r}: in the generated code it is {python!r}."
        yield Flaw(message, "choose a name that can stay as it is everywhere", at)


def unknown_attribute(place: Place) -> Iterator[Flaw]:
    """An attribute is Avro's, ours, or marked as private."""
    if not isinstance(place.value, dict):
        return
    known = _FIELD_WORDS if isinstance(place, FieldPlace) else _TYPE_WORDS
    for key in place.value:
        if key in _FIELD_WORDS | _TYPE_WORDS | _OURS or _is_private(key):
            continue
        message = f"Avro has no attribute {key!r}, and ignores it."
        advice = did_you_mean(key, known)
        fix = advice if "Did you" in advice else f'mark it as your own: "x-{key}"'
        yield Flaw(message, fix, f"/{escape(key)}#")


def _is_private(key: str) -> bool:
    """Tell whether an attribute is somebody's own: `x-unit`, `java-class`, `connect.name`."""
    return "-" in key or "." in key
