"""A witness proves an incompatibility: the writer writes it, and the reader cannot read it."""

import json

import pytest
from hypothesis import given

import registry
from registry.errors import SchemaError, WireError
from registry.schema import Schema
from registry.smallest import Smallest, Uninhabited
from tests.conformance.rows import Row, rows
from tests.registry.strategies import JsonSchema, schemas

WITHOUT_DATA = {"DECIMAL_MISMATCH"}  # the bytes are read, as another number


def parsed(value: JsonSchema, *, strict: bool = True) -> Schema:
    return registry.parse(json.dumps(value), strict=strict)


def has_data(schema: Schema) -> bool:
    try:
        Smallest().of(schema)
    except Uninhabited:
        return False
    return True


def assert_witnessed(reader: Schema, writer: Schema) -> None:
    """Every verdict has its witness, where the rule is about data and there are any."""
    found = list(registry.check(reader, writer))
    proof = registry.witness(reader, writer)
    if not found:
        assert proof is None
    elif proof is None:
        only_null = writer.type == "null"
        assert only_null or not has_data(writer) or {each.rule for each in found} & WITHOUT_DATA
    else:
        encoded = registry.write(proof, writer)
        with pytest.raises(WireError):
            registry.read(encoded, writer, reader)


def refused(row: Row) -> bool:
    try:
        parsed(row["reader"])
        parsed(row["writer"], strict=False)
    except SchemaError:
        return True
    return False


PAIRS = {row["id"]: row for row in rows("pairs") if not refused(row)}


@pytest.mark.parametrize("name", PAIRS)
def test_each_incompatible_pair_of_the_sample_has_a_witness(name: str) -> None:
    reader, writer = PAIRS[name]["reader"], PAIRS[name]["writer"]
    assert_witnessed(parsed(reader), parsed(writer, strict=False))


@given(schemas(), schemas())
def test_each_incompatible_pair_has_a_witness(reader: JsonSchema, writer: JsonSchema) -> None:
    assert_witnessed(parsed(reader), parsed(writer))


@pytest.mark.parametrize(
    ("reader", "writer", "proof"),
    [
        ("long", "string", ""),
        ("string", ["null", "string"], ("null", None)),
        ({"type": "array", "items": "int"}, {"type": "array", "items": "string"}, [""]),
        ({"type": "map", "values": "int"}, {"type": "map", "values": "string"}, {"key": ""}),
        (
            {"type": "enum", "name": "E", "symbols": ["A"]},
            {"type": "enum", "name": "E", "symbols": ["A", "B"]},
            "B",
        ),
    ],
)
def test_a_witness_is_small(reader: JsonSchema, writer: JsonSchema, proof: object) -> None:
    assert registry.witness(parsed(reader), parsed(writer)) == proof


def test_a_witness_goes_down_to_the_field_that_cannot_be_read() -> None:
    def nested(inner: JsonSchema) -> Schema:
        link = {"name": "next", "type": ["null", "List"], "default": None}
        fields = [link, {"name": "value", "type": inner}]
        return parsed({"type": "record", "name": "List", "fields": fields})

    assert registry.witness(nested("int"), nested("string")) == {"next": None, "value": ""}


def test_a_type_that_must_hold_itself_has_no_witness() -> None:
    def endless(inner: JsonSchema) -> Schema:
        fields = [{"name": "next", "type": "R"}, {"name": "value", "type": inner}]
        return parsed({"type": "record", "name": "R", "fields": fields})

    assert registry.witness(endless("int"), endless("string")) is None


def test_a_fixed_of_more_bytes_than_a_datum_may_have_has_no_witness() -> None:
    small, huge = (
        parsed({"type": "fixed", "name": "F", "size": size}) for size in (4, 30_000_000_000)
    )
    assert registry.witness(small, huge) is None
