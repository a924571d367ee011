"""Data of one schema read through another, against what Java's reader makes of it."""

import json
from typing import Any

import pytest

import registry
from registry.errors import InvalidSchema
from tests.conformance.rows import rows, schema

ROWS = {row["id"]: row for row in rows("resolution")}
INVALID = {"a/default.float-string#0"}  # Java takes "1.5" for a float; the specification does not
LOGICAL = ("logicalType", "precision", "scale")


def raw(value: Any) -> Any:
    """Return a schema without logical types, as the sample was made."""
    if isinstance(value, dict):
        kept = {key: each for key, each in value.items() if key not in LOGICAL}
        return {key: each if key == "default" else raw(each) for key, each in kept.items()}
    return [raw(each) for each in value] if isinstance(value, list) else value


def text(value: object) -> str:
    """Return the JSON of a value, which tells 1, 1.0 and true apart."""
    return json.dumps(value, sort_keys=True)


def shown(value: Any) -> Any:
    """Return a value as the sample writes it."""
    if isinstance(value, bytes):
        return {"$bytes": value.hex()}
    if isinstance(value, tuple):
        return {"$branch": value[0], "value": shown(value[1])}
    if isinstance(value, dict):
        return {key: shown(each) for key, each in value.items()}
    return [shown(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", [each for each in ROWS if each not in INVALID])
@pytest.mark.parametrize(
    ("expected", "tagged"), [("expected_json", False), ("expected_tagged", True)]
)
def test_a_datum_reads_as_in_java(name: str, expected: str, *, tagged: bool) -> None:
    row = ROWS[name]
    writer, reader = schema(raw(row["writer"])), schema(raw(row["reader"]))
    found = registry.read(bytes.fromhex(row["avro_hex"]), writer, reader, tagged)
    assert text(shown(found)) == text(row[expected])


@pytest.mark.parametrize("name", sorted(INVALID))
def test_a_default_of_another_type_is_refused(name: str) -> None:
    with pytest.raises(InvalidSchema):
        schema(raw(ROWS[name]["reader"]))
