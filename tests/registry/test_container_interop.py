"""Container files of other libraries, and ours in their hands."""

import json
import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, get_args

import avro.datafile
import avro.io
import avro.schema
import fastavro
import pytest

import registry
from registry import container

CODECS: tuple[container.Codec, ...] = get_args(container.Codec)
BOTH: tuple[container.Codec, ...] = ("null", "deflate")  # the codecs that avro needs no library for
SCHEMA: dict[str, Any] = {
    "type": "record",
    "name": "Trip",
    "namespace": "bus",
    "doc": "A journey; Grüße.",
    "fields": [
        {"name": "id", "type": "string"},
        {"name": "day", "type": {"type": "int", "logicalType": "date"}},
        {"name": "left", "type": {"type": "long", "logicalType": "timestamp-micros"}},
        {
            "name": "price",
            "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2},
        },
        {
            "name": "kind",
            "type": {"type": "enum", "name": "Kind", "symbols": ["DAY", "NIGHT"]},
        },
        {
            "name": "stops",
            "type": {
                "type": "array",
                "items": {
                    "type": "record",
                    "name": "Stop",
                    "fields": [
                        {"name": "name", "type": "string"},
                        {"name": "after", "type": ["null", "Stop"], "default": None},
                        {"name": "at", "type": ["null", "double"], "default": None},
                    ],
                },
            },
        },
        {"name": "seats", "type": {"type": "map", "values": "long"}, "default": {}},
        {"name": "hash", "type": {"type": "fixed", "name": "Hash", "size": 2}},
    ],
}
TEXT = json.dumps(SCHEMA)


def trip(number: int) -> dict[str, Any]:
    return {
        "id": f"t{number}",
        "day": date(2024, 2, 29),
        "left": datetime(2024, 2, 29, 12, 30, 1, number, tzinfo=UTC),
        "price": Decimal(number).scaleb(-2),
        "kind": "NIGHT" if number % 2 else "DAY",
        "stops": [
            {"name": "Süd", "after": {"name": "x", "after": None, "at": None}, "at": number / 8}
        ],
        "seats": {"left": number, "right": -number},
        "hash": number.to_bytes(2, "big"),
    }


TRIPS = [trip(number) for number in range(500)]


def ours(codec: container.Codec) -> bytes:
    file, schema = BytesIO(), registry.parse(TEXT)
    with container.Writer(file, schema, codec=codec, block_bytes=4000) as writer:
        for each in TRIPS:
            writer.write(each)
    return file.getvalue()


def fastavros(codec: str) -> bytes:
    file = BytesIO()
    fastavro.writer(file, fastavro.parse_schema(SCHEMA), TRIPS, codec=codec, sync_interval=4000)
    return file.getvalue()


def avros(codec: str) -> bytes:
    file = BytesIO()
    writer = avro.datafile.DataFileWriter(
        file, avro.io.DatumWriter(), avro.schema.parse(TEXT), codec=codec
    )
    with warnings.catch_warnings(), writer:
        warnings.simplefilter("ignore")  # it turns a decimal of another exponent into its scale
        for number, each in enumerate(TRIPS):
            writer.append(each)
            if number % 50 == 0:
                writer.sync()
        writer.flush()
        return file.getvalue()


@pytest.mark.parametrize("codec", CODECS)
def test_fastavro_reads_what_we_write(codec: container.Codec) -> None:
    reader = fastavro.reader(BytesIO(ours(codec)))
    assert list(reader) == TRIPS
    assert reader.codec == codec
    assert reader.metadata["avro.schema"] == registry.full_text(registry.parse(TEXT))


@pytest.mark.parametrize("codec", BOTH)
def test_package_avro_reads_what_we_write(codec: container.Codec) -> None:
    with avro.datafile.DataFileReader(BytesIO(ours(codec)), avro.io.DatumReader()) as reader:
        assert list(reader) == TRIPS


@pytest.mark.parametrize(
    ("make", "codec"),
    [*((fastavros, codec) for codec in CODECS), *((avros, codec) for codec in BOTH)],
)
def test_we_read_what_others_write(make: Callable[[str], bytes], codec: str) -> None:
    file = make(codec)
    assert container.header(BytesIO(file)).codec == codec
    assert list(container.read(BytesIO(file))) == TRIPS


def test_files_of_many_blocks_are_compared() -> None:
    for file in (ours("null"), fastavros("null"), avros("null")):
        assert file.count(container.header(BytesIO(file)).sync) > 5


def test_the_schema_of_another_library_is_the_one_it_was_given() -> None:
    for file in (fastavros("null"), avros("null")):
        found = container.header(BytesIO(file)).schema
        assert registry.canonical_form(found) == registry.canonical_form(registry.parse(TEXT))


def test_a_line_of_another_library_is_resolved_to_our_reader() -> None:
    fields: list[Any] = [
        {"name": "day", "type": {"type": "int", "logicalType": "date"}},
        {"name": "bus", "type": "string", "default": "?"},
    ]
    reader = registry.parse(
        {"type": "record", "name": "Trip", "namespace": "bus", "fields": fields}
    )
    found = list(container.read(BytesIO(fastavros("deflate")), reader))
    assert found == [{"day": date(2024, 2, 29), "bus": "?"}] * len(TRIPS)
