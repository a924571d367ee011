"""One text, one fingerprint and one id for a schema, however it was written."""

import hashlib
import json
from typing import Literal

from registry.schema import (
    MISSING,
    PRIMITIVES,
    ArraySchema,
    EnumSchema,
    Field,
    FixedSchema,
    MapSchema,
    NamedSchema,
    RecordSchema,
    Schema,
    UnionSchema,
)
from registry.source import JSON


def canonical_form(schema: Schema) -> str:
    """Return the Parsing Canonical Form (Avro 1.12, "Transforming into Parsing Canonical Form").

    It keeps what decides how bytes are read, and so drops docs, aliases, defaults, logical types.
    """
    return _text(_canonical(schema, set()))


def full_text(schema: Schema) -> str:
    """Return everything the schema says in one compact text with its references inlined.

    It is Java Avro's `Schema.toString()` form, without our top-level attribute `references`.
    """
    return _text(_full(schema, "", set(), top=True))


def fingerprint(
    schema: Schema, algorithm: Literal["CRC-64-AVRO", "SHA-256"] = "CRC-64-AVRO"
) -> bytes:
    """Return a fingerprint of the canonical form ("Schema Fingerprints").

    CRC-64-AVRO: 8 bytes, little-endian as in the single-object encoding. SHA-256: 32 bytes.
    """
    data = canonical_form(schema).encode()
    if algorithm == "SHA-256":
        return hashlib.sha256(data).digest()
    value = _EMPTY
    for byte in data:
        value = (value >> 8) ^ _TABLE[(value ^ byte) & 0xFF]
    return value.to_bytes(8, "little")


def schema_id(schema: Schema) -> int:
    """Return the id that the schema has everywhere, from 1 to 2**31 - 1.

    It is made of the first 8 bytes (big-endian) of the SHA-256 of `full_text`.
    """
    digest = hashlib.sha256(full_text(schema).encode()).digest()
    return 1 + int.from_bytes(digest[:8], "big") % ((1 << 31) - 1)


def _text(value: JSON) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _canonical(schema: Schema, seen: set[str]) -> JSON:
    if isinstance(schema, UnionSchema):
        return [_canonical(each, seen) for each in schema.branches]
    if isinstance(schema, ArraySchema):
        return {"type": "array", "items": _canonical(schema.items, seen)}
    if isinstance(schema, MapSchema):
        return {"type": "map", "values": _canonical(schema.values, seen)}
    if not isinstance(schema, NamedSchema) or schema.name in seen:
        return schema.label
    seen.add(schema.name)
    form: dict[str, JSON] = {"name": schema.name, "type": schema.type}
    if isinstance(schema, RecordSchema):
        form["fields"] = [
            {"name": each.name, "type": _canonical(each.type, seen)} for each in schema.fields
        ]
    elif isinstance(schema, EnumSchema):
        form["symbols"] = list(schema.symbols)
    elif isinstance(schema, FixedSchema):
        form["size"] = schema.size
    return form


def _full(schema: Schema, enclosing: str, seen: set[str], *, top: bool = False) -> JSON:
    if isinstance(schema, UnionSchema):
        return [_full(each, enclosing, seen) for each in schema.branches]
    if isinstance(schema, NamedSchema):
        if schema.name in seen:
            return _qualified(schema.name, enclosing)
        seen.add(schema.name)
        return _named(schema, enclosing, seen, top=top)
    if isinstance(schema, ArraySchema):
        return {"type": "array", "items": _full(schema.items, enclosing, seen), **schema.props}
    if isinstance(schema, MapSchema):
        return {"type": "map", "values": _full(schema.values, enclosing, seen), **schema.props}
    return {"type": schema.type, **schema.props} if schema.props else schema.type


def _named(schema: NamedSchema, enclosing: str, seen: set[str], *, top: bool) -> JSON:
    form: dict[str, JSON] = {"type": schema.type, "name": schema.simple_name}
    if schema.namespace != enclosing:
        form["namespace"] = schema.namespace
    if schema.doc is not None:
        form["doc"] = schema.doc
    if isinstance(schema, RecordSchema):
        form["fields"] = [_field(each, schema.namespace, seen) for each in schema.fields]
    elif isinstance(schema, EnumSchema):
        form["symbols"] = list(schema.symbols)
        if schema.default is not None:
            form["default"] = schema.default
    elif isinstance(schema, FixedSchema):
        form["size"] = schema.size
    form |= {key: each for key, each in schema.props.items() if not (top and key == "references")}
    if schema.aliases:
        form["aliases"] = [_qualified(each, schema.namespace) for each in schema.aliases]
    return form


def _field(field: Field, enclosing: str, seen: set[str]) -> JSON:
    form: dict[str, JSON] = {"name": field.name, "type": _full(field.type, enclosing, seen)}
    if field.doc is not None:
        form["doc"] = field.doc
    if field.default is not MISSING:
        form["default"] = field.default
    if field.order != "ascending":
        form["order"] = field.order
    if field.aliases:
        form["aliases"] = list(field.aliases)
    return {**form, **field.props}


def _qualified(name: str, enclosing: str) -> str:
    """Shorten a full name within its namespace, unless that would name a primitive type."""
    namespace, _, simple = name.rpartition(".")
    return simple if namespace == enclosing and simple not in PRIMITIVES else name


def _table_row(value: int) -> int:
    for _ in range(8):
        value = (value >> 1) ^ (_EMPTY & -(value & 1))
    return value


_EMPTY = 0xC15D213AA4D7A795  # the fingerprint of no bytes, and the polynomial
_TABLE = tuple(_table_row(value) for value in range(256))
