"""Facts about all schemas and all data, tried on generated ones."""

import io
import json
from contextlib import suppress

import fastavro
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_schema_validator import OAS30Validator, oas30_format_checker

import registry
from registry.codec.building import Builder
from registry.errors import SchemaError, Undecodable, WireError
from registry.json_form import from_json, to_json
from registry.json_schema import components, reference
from registry.schema import Schema
from tests.registry.evolutions import breaks, evolutions
from tests.registry.strategies import (
    JsonSchema,
    data,
    records,
    schemas,
    untagged,
)


def parsed(value: JsonSchema) -> Schema:
    return registry.parse(json.dumps(value))


@given(schemas())
def test_every_schema_can_read_itself(made: JsonSchema) -> None:
    for rules in ("avro", "confluent"):
        assert list(registry.check(parsed(made), parsed(made), rules)) == []


@given(schemas(spaces=("n", "n.inner")))
def test_the_canonical_form_of_the_canonical_form_is_itself(made: JsonSchema) -> None:
    """Not so for the null namespace inside another, which the form has no words for."""
    form = registry.canonical_form(parsed(made))
    assert registry.canonical_form(registry.parse(form)) == form


@given(schemas())
def test_the_full_text_is_a_schema_with_the_same_full_text_and_id(made: JsonSchema) -> None:
    schema = parsed(made)
    again = registry.parse(registry.full_text(schema))
    assert registry.full_text(again) == registry.full_text(schema)
    assert registry.schema_id(again) == registry.schema_id(schema)
    assert registry.fingerprint(again) == registry.fingerprint(schema)


@given(schemas(), st.data())
def test_what_is_written_is_read(made: JsonSchema, drawn: st.DataObject) -> None:
    schema = parsed(made)
    value = drawn.draw(data(schema))
    encoded = registry.write(value, schema)
    assert registry.read(encoded, schema, tagged=True) == value
    assert registry.read(encoded, schema) == untagged(value)


@given(schemas(), st.data())
def test_the_json_form_reads_as_what_it_was(made: JsonSchema, drawn: st.DataObject) -> None:
    schema = parsed(made)
    value = drawn.draw(data(schema))
    text = json.dumps(to_json(schema, value), allow_nan=False)
    assert from_json(schema, json.loads(text), Builder(tagged=True)) == value


@given(records(), st.data())
def test_a_reader_of_a_compatible_pair_reads_all_that_is_written(
    made: JsonSchema, drawn: st.DataObject
) -> None:
    writer = parsed(made)
    reader = parsed(drawn.draw(evolutions(made)))
    assert list(registry.check(reader, writer)) == []
    registry.read(registry.write(drawn.draw(data(writer)), writer), writer, reader)


@given(records(logical=False), records(logical=False), st.data())
def test_any_verdict_agrees_with_the_decoder(
    one: JsonSchema, other: JsonSchema, drawn: st.DataObject
) -> None:
    """Logical types aside: no verdict is about them, and a reader's may refuse a raw value."""
    reader, writer = parsed(one), parsed(other)
    encoded = registry.write(drawn.draw(data(writer)), writer)
    if not list(registry.check(reader, writer)):
        try:
            registry.read(encoded, writer, reader)
        except Undecodable as error:  # bytes are read as a string, and need not be one
            if error.reason != "the bytes are not UTF-8":
                raise


@given(records(), st.data())
def test_for_an_incompatible_pair_some_datum_cannot_be_read(
    made: JsonSchema, drawn: st.DataObject
) -> None:
    writer, reader = parsed(made), parsed(drawn.draw(breaks(made)))
    rules = [each.rule for each in registry.check(reader, writer)]
    assert "READER_FIELD_MISSING_DEFAULT_VALUE" in rules
    with pytest.raises(WireError):
        registry.read(registry.write(drawn.draw(data(writer)), writer), writer, reader)


@given(schemas(logical=False), st.data())
def test_the_bytes_are_those_of_fastavro(made: JsonSchema, drawn: st.DataObject) -> None:
    schema = parsed(made)
    value = drawn.draw(data(schema))
    out = io.BytesIO()
    theirs = fastavro.parse_schema(json.loads(registry.full_text(schema)))
    fastavro.schemaless_writer(out, theirs, value)
    assert registry.write(value, schema) == out.getvalue()
    out.seek(0)
    assert fastavro.schemaless_reader(out, theirs, None) == untagged(value)


@given(st.binary(max_size=60), schemas(), schemas())
def test_random_bytes_are_read_or_refused_with_a_wire_error(
    noise: bytes, one: JsonSchema, other: JsonSchema
) -> None:
    for reader in (parsed(one), parsed(other)):
        with suppress(WireError):
            registry.read(noise, parsed(one), reader)


@given(st.data(), schemas())
def test_a_changed_byte_is_read_or_refused_with_a_wire_error(
    drawn: st.DataObject, made: JsonSchema
) -> None:
    schema = parsed(made)
    encoded = bytearray(registry.write(drawn.draw(data(schema)), schema))
    if encoded:
        encoded[drawn.draw(st.integers(0, len(encoded) - 1))] = drawn.draw(st.integers(0, 255))
    with suppress(WireError):
        registry.read(bytes(encoded), schema)


@given(st.one_of(st.text(max_size=40), st.binary(max_size=40)))
def test_random_text_is_a_schema_or_refused_with_a_schema_error(noise: str | bytes) -> None:
    found = list(registry.problems(noise))
    if found:
        with pytest.raises(SchemaError):
            registry.parse(noise)
    else:
        registry.parse(noise)


WORDS = st.sampled_from(
    ["record", "enum", "fixed", "array", "map", "int", "null", "R", "n.R", "", "é", "x"]
)
KEYS = st.sampled_from(
    [
        *("type", "name", "namespace", "fields", "symbols", "items", "values", "size", "default"),
        *("aliases", "order", "doc", "logicalType", "precision", "scale"),
    ]
)
LOOKALIKES = st.recursive(
    st.one_of(WORDS, st.none(), st.booleans(), st.integers(), st.floats()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=6)),
    max_leaves=20,
)


@settings(max_examples=200)
@given(LOOKALIKES)
def test_json_that_looks_like_a_schema_is_one_or_refused_with_a_schema_error(
    value: JsonSchema,
) -> None:
    for each in registry.problems(value):
        assert each.reason
    for each in registry.problems(json.dumps(value)):
        assert each.line > 0
        assert each.column > 0


@given(schemas(), st.data())
def test_the_json_form_is_what_its_openapi_components_describe(
    made: JsonSchema, drawn: st.DataObject
) -> None:
    schema = parsed(made)
    form = to_json(schema, drawn.draw(data(schema)))
    document = {**reference(schema), "components": {"schemas": components(schema)}}
    OAS30Validator(document, format_checker=oas30_format_checker).validate(form)
