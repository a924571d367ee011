"""What the packages fastavro and avro make of the values of a probe: the second opinions."""

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from io import BytesIO
from typing import Any, Final
from uuid import UUID

import avro.errors
import avro.io
import avro.schema
import fastavro
import fastavro.write
import pytest

from registry import Duration, Schema
from registry.canonical import canonical_form, full_text
from tests.tools.probes import Plain


def _big_decimal(value: Decimal, _: object) -> bytes:
    """Return the unscaled value as `bytes`, then the scale as `int` (Avro 1.12, "Decimal")."""
    sign, digits, exponent = value.as_tuple()
    number = int("".join(map(str, digits))) * (-1 if sign else 1)
    size = (number if number >= 0 else ~number).bit_length() // 8 + 1
    out = BytesIO()
    fastavro.schemaless_writer(out, "bytes", number.to_bytes(size, "big", signed=True))
    fastavro.schemaless_writer(out, "int", -int(exponent))
    return out.getvalue()


def _duration(value: Duration, _: object) -> bytes:
    return struct.pack("<3I", value.months, value.days, value.milliseconds)


def _uuid(value: UUID, _: object) -> bytes:
    return value.bytes if isinstance(value, UUID) else value


_ADDED: Final = {
    "bytes-big-decimal": _big_decimal,
    "fixed-duration": _duration,
    "fixed-uuid": _uuid,
}
"""Logical types that fastavro does not know, by its own way to add them."""


@contextmanager
def all_logical_types() -> Iterator[None]:
    """Teach fastavro the logical types that it does not know."""
    with pytest.MonkeyPatch.context() as patch:
        for name, prepare in _ADDED.items():
            patch.setitem(fastavro.write.LOGICAL_WRITERS, name, prepare)
        yield


def of_fastavro(value: Plain, schema: Schema, *, raw: bool = False) -> bytes:
    """Return the bytes that fastavro writes for a plain value, or for one of raw values."""
    out = BytesIO()
    text = canonical_form(schema) if raw else full_text(schema)
    with all_logical_types():
        fastavro.schemaless_writer(out, json.loads(text), value)
    return out.getvalue()


def raw_of_fastavro(data: bytes, schema: Schema) -> Any:
    """Return what fastavro reads, without logical types."""
    return fastavro.schemaless_reader(BytesIO(data), json.loads(canonical_form(schema)), None)


def raw_of_avro(data: bytes, schema: Schema) -> Any:
    """Return what package avro reads, without logical types."""
    kind = avro.schema.parse(canonical_form(schema))
    return avro.io.DatumReader(kind).read(avro.io.BinaryDecoder(BytesIO(data)))


def of_avro(raw: Any, schema: Schema) -> bytes | None:
    """Return the bytes that package avro writes for a value without logical types, if it does."""
    out = BytesIO()
    kind = avro.schema.parse(canonical_form(schema))
    try:
        avro.io.DatumWriter(kind).write(raw, avro.io.BinaryEncoder(out))
    except avro.errors.AvroException:
        return None
    return out.getvalue()
