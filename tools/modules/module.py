"""One schema version as the text of a Python module. Pure: text in, text out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, cast

from registry.naming import python_names, symbol_names
from registry.schema import (
    MISSING,
    ArraySchema,
    EnumSchema,
    Field,
    MapSchema,
    NamedSchema,
    RecordSchema,
    Schema,
    UnionSchema,
    children,
)
from registry.subjects import SchemaVersion
from tools.modules.codec import codec
from tools.modules.hints import hints
from tools.modules.layout import (
    INDENT,
    Code,
    Group,
    assignment,
    docstring,
    flat,
    quoted,
    statement,
    verbatim,
)
from tools.modules.literal import default
from tools.modules.names import RUNTIME, Names

MARK: Final = "by `invoke generate`; do not edit."
"""Stands in the head of every generated module, and in no other."""


class Constant(NamedTuple):
    """A class attribute that is no field: its name, the name of its builtin type, its value."""

    name: str
    kind: str
    value: Code


def module_text(version: SchemaVersion) -> str:
    """Return the generated module of a version, as `ruff format` would leave it."""
    pinned = {each.name for each in version.references}
    types = tuple(sorted(_defined(version.schema, pinned), key=_is_record))
    names = Names(types, version.references, looks_ahead=_looks_ahead(types))
    blocks = [block for each in types for block in _class(each, version, names)]
    made = codec(names, types)
    binding = _binding(types, names, made.pairs)
    blocks += [*made.functions, *([made.constants] if made.constants else []), binding]
    future = ["from __future__ import annotations", ""] if names.looks_ahead else []
    head = [*_title(version), "", *future, *names.import_lines()]
    return "\n".join([*head, *(line for block in blocks for line in ("", "", *block)), ""])


def _defined(schema: Schema, pinned: Iterable[str]) -> Iterator[NamedSchema]:
    """Yield the types that a file defines, inner before outer; the file's own is the last."""
    seen = set(pinned)

    def walk(current: Schema) -> Iterator[NamedSchema]:
        if isinstance(current, NamedSchema):
            if current.name in seen:
                return
            seen.add(current.name)
        for child in children(current):
            yield from walk(child)
        if isinstance(current, RecordSchema | EnumSchema) or current is schema:
            yield cast("NamedSchema", current)

    return walk(schema)


def _is_record(schema: Schema) -> bool:
    return isinstance(schema, RecordSchema)


def _looks_ahead(types: Iterable[NamedSchema]) -> bool:
    """Whether a field names a class that stands at or below its own."""
    ahead = {each.name for each in types}
    for each in types:
        if isinstance(each, RecordSchema):
            named = (leaf for field in each.fields for leaf in _leaves(field.type))
            if any(leaf.name in ahead for leaf in named if isinstance(leaf, NamedSchema)):
                return True
        ahead.discard(each.name)
    return False


def _leaves(schema: Schema) -> Iterator[Schema]:
    """Yield the types that an annotation names."""
    if isinstance(schema, ArraySchema | MapSchema | UnionSchema):
        for child in children(schema):
            yield from _leaves(child)
    else:
        yield schema


def _title(version: SchemaVersion) -> list[str]:
    source = f"Generated from schemas/{version.path} {MARK}"
    return [f'"""{version.subject}, version {version.number}.', "", source, '"""']


def _class(schema: NamedSchema, version: SchemaVersion, names: Names) -> Iterator[list[str]]:
    """Yield the class of a type, and the line that gives it a second name where it needs one."""
    constants = list(_constants(version, names)) if schema is version.schema else []
    if isinstance(schema, RecordSchema):
        yield _record(schema, constants, names)
    elif isinstance(schema, EnumSchema):
        yield _enum(schema, constants, names)
    else:
        yield _fixed(schema, constants, names)
    name, inner = names.classes[schema.name], names.class_of(schema)
    if inner != name:
        yield statement(f"{inner} = {name}")


def _enum(schema: EnumSchema, constants: list[Constant], names: Names) -> list[str]:
    head = statement(f"class {names.classes[schema.name]}({names.of('enum', 'StrEnum')}):")
    about: list[str] = []
    for name, _, value in constants:
        plain = f"{names.of('enum', 'nonmember')}({flat(value)})"
        about += statement(f"{name} = {plain}", INDENT)
    members = symbol_names(schema)
    lines = [line for each in schema.symbols for line in _member(members[each], each)]
    return [*head, *_body(schema.doc, about, lines)]


def _fixed(schema: NamedSchema, constants: list[Constant], names: Names) -> list[str]:
    """Return a class that stands for the file only: values of the type are plain ones."""
    head = statement(f"class {names.classes[schema.name]}({names.of('builtins', 'bytes')}):")
    return [*head, *_body(schema.doc, _class_variables(constants, names), [])]


def _member(name: str, symbol: str) -> list[str]:
    return statement(f"{name} = {quoted(symbol)}", INDENT)


def _record(schema: RecordSchema, constants: list[Constant], names: Names) -> list[str]:
    decorator = f"@{names.of('dataclasses', 'dataclass')}(slots=True, kw_only=True)"
    head = statement(f"class {names.classes[schema.name]}({names.of(RUNTIME, 'Record')}):")
    attributes = python_names(schema)
    lines = [line for each in schema.fields for line in _field(each, attributes, names)]
    return [decorator, *head, *_body(schema.doc, _class_variables(constants, names), lines)]


def _body(doc: str | None, *blocks: list[str]) -> list[str]:
    """Return the lines of a class, a blank one between its parts."""
    filled = [block for block in (docstring(doc or "", INDENT), *blocks) if block]
    if not filled:
        return [f"{INDENT}pass"]
    first, *others = filled
    return [*first, *(line for block in others for line in ("", *block))]


def _field(field: Field, attributes: Mapping[str, str], names: Names) -> list[str]:
    hint = tuple(hints(field.type, names))
    lines = assignment(attributes[field.name], hint, _default(field, names), INDENT)
    return [*lines, *docstring(field.doc or "", INDENT)]


def _default(field: Field, names: Names) -> Code | None:
    if field.default is MISSING:
        return None
    try:
        return default(field.type, field.default, names)
    except ValueError:
        return None  # what Python's type cannot hold, the caller has to replace


def _constants(version: SchemaVersion, names: Names) -> Iterator[Constant]:
    """Yield what says which version this is."""
    fingerprint = quoted(version.fingerprint.hex())
    to_bytes = f"{names.of('builtins', 'bytes')}.fromhex("
    yield Constant("SCHEMA", "str", verbatim(version.text))
    yield Constant("SUBJECT", "str", quoted(version.subject))
    yield Constant("VERSION", "int", str(version.number))
    yield Constant("FINGERPRINT", "bytes", Group(to_bytes, (fingerprint,), ")"))


def _class_variables(constants: Iterable[Constant], names: Names) -> list[str]:
    lines: list[str] = []
    for name, kind, value in constants:
        hint = f"{names.of('typing', 'ClassVar')}[{names.of('builtins', kind)}]"
        lines += assignment(name, (hint,), value, INDENT)
    return lines


def _binding(types: Sequence[NamedSchema], names: Names, pairs: tuple[str, ...]) -> list[str]:
    """Return the call that ties the classes to the schema and to the functions."""
    classes = tuple(f"{quoted(each.name)}: {names.classes[each.name]}" for each in types)
    arguments = (
        names.classes[types[-1].name],
        Group("{", classes, "}"),
        Group("(", tuple(names.referenced.values()), ")"),
        Group("{", pairs, "}"),
    )
    return statement(Group(f"{names.of(RUNTIME, 'bind')}(", arguments, ")"))
