"""The JSON form and the OpenAPI components that describe it: every type, both ways."""

import json
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator, oas30_format_checker

import registry
from registry.codec.building import Builder
from registry.errors import Undecodable, Unencodable
from registry.json_form import from_json, to_json
from registry.json_schema import components, reference

ENUM: dict[str, Any] = {"type": "enum", "name": "E", "symbols": ["A", "B"]}
FIXED: dict[str, Any] = {"type": "fixed", "name": "F", "size": 2}
UUID_FIXED: dict[str, Any] = {"type": "fixed", "name": "U", "size": 16, "logicalType": "uuid"}
STRINGS: dict[str, Any] = {"type": "map", "values": "string"}
INTS: dict[str, Any] = {"type": "array", "items": "int"}


def record(name: str, *fields: Any) -> dict[str, Any]:
    return {"type": "record", "name": name, "fields": list(fields)}


X = {"name": "x", "type": "int"}
TWO = [record("n.One", X), record("n.Two", X)]
CASES: list[tuple[Any, Any, Any]] = [  # schema, value (unions as pairs), JSON
    ("null", None, None),
    ("boolean", True, True),
    ("int", 5, 5),
    ("long", 1 << 62, 1 << 62),
    ("float", 1.5, 1.5),
    ("double", 2.0, 2.0),
    ("bytes", b"\x00\xff", "AP8="),
    ("string", "é\u0000", "é\u0000"),
    (ENUM, "B", "B"),
    (FIXED, b"ab", "YWI="),
    (INTS, [1], [1]),
    (STRINGS, {"$type": "x", "": "y"}, {"$type": "x", "": "y"}),
    (["null", "int"], ("int", 5), 5),
    (["null", "int"], ("null", None), None),
    (["null", STRINGS], ("map", {"$type": "map", "value": "y"}), {"$type": "map", "value": "y"}),
    (["int", "long"], ("long", 5), {"$type": "long", "value": 5}),
    (["string", "bytes"], ("bytes", b"a"), {"$type": "bytes", "value": "YQ=="}),
    (["string", ENUM], ("E", "A"), {"$type": "E", "value": "A"}),
    (["int", "long", STRINGS], ("map", {"k": "v"}), {"$type": "map", "value": {"k": "v"}}),
    (["null", record("n.One", X)], ("n.One", {"x": 1}), {"x": 1}),
    (TWO, ("n.Two", {"x": 1}), {"$type": "n.Two", "x": 1}),
    ([record("n.One", X), STRINGS], ("map", {"k": "v"}), {"$type": "map", "value": {"k": "v"}}),
    ([record("n.One", X), STRINGS], ("n.One", {"x": 1}), {"$type": "n.One", "x": 1}),
    (
        {"type": "array", "items": ["null", "boolean"]},
        [("null", None), ("boolean", True)],
        [None, True],
    ),
]


def parsed(kind: Any) -> registry.Schema:
    return registry.parse(json.dumps(kind))


@pytest.mark.parametrize(("kind", "value", "form"), CASES)
def test_a_value_has_its_json_and_comes_back(kind: Any, value: Any, form: Any) -> None:
    schema = parsed(kind)
    assert to_json(schema, value) == form
    assert from_json(schema, form, Builder(tagged=True)) == value


@pytest.mark.parametrize(("kind", "value"), [case[:2] for case in CASES])
def test_the_components_describe_the_json(kind: Any, value: Any) -> None:
    schema = parsed(kind)
    document = {**reference(schema), "components": {"schemas": components(schema)}}
    OAS30Validator.check_schema(document)
    checker = OAS30Validator(document, format_checker=oas30_format_checker)
    checker.validate(json.loads(json.dumps(to_json(schema, value))))
    assert not checker.is_valid(["no", {"value": "of"}, "any case"])


@pytest.mark.parametrize(
    ("kind", "form", "reason"),
    [
        ("null", 0, "0 is no null"),
        ("boolean", 1, "1 is no boolean"),
        ("int", 1.0, "1.0 is no whole number"),
        ("int", True, "true is no whole number"),
        ("int", 1 << 31, "out of the range"),
        ("long", 1 << 63, "out of the range"),
        pytest.param("double", 10**400, "is no double", id="huge"),
        ("double", "NaN", "'NaN' is no double"),
        ("bytes", "a", "expected base64"),
        ("bytes", "é", "expected base64"),
        ("bytes", 5, "expected base64"),
        (FIXED, "YQ==", "expected 2 bytes in base64"),
        (ENUM, "C", "no symbol"),
        (INTS, {}, "expected a list"),
        (STRINGS, [], "expected an object"),
        (["int", "string"], True, "expected one of int, string"),
        (["int", "long"], 5, "says which of int, long it is"),
        (TWO, {"x": 1}, "says which of n.One, n.Two it is"),
        (TWO, {"$type": "n.Three", "x": 1}, "'n.Three' is none of n.One, n.Two"),
        (TWO, {"$type": ["n.One"], "x": 1}, "is none of"),
        (["int", "long"], {"$type": "long"}, "'$type' and 'value'"),
        (["int", "long"], {"$type": "long", "value": 1, "x": 2}, "'$type' and 'value'"),
        ([record("n.One", X), STRINGS], {"x": 1}, "says which of n.One, map it is"),
    ],
)
def test_json_that_is_no_value_is_undecodable(kind: Any, form: Any, reason: str) -> None:
    with pytest.raises(Undecodable) as caught:
        from_json(parsed(kind), form, Builder())
    assert reason in str(caught.value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 10**400, "1", True])
@pytest.mark.parametrize("kind", ["float", "double"])
def test_what_is_no_finite_number_has_no_json(kind: str, value: Any) -> None:
    with pytest.raises(Unencodable):
        to_json(parsed(kind), value)


def test_components_hold_docs_defaults_and_what_is_required() -> None:
    fields = [
        {"name": "e", "type": ENUM, "doc": "which", "default": "A"},
        {"name": "again", "type": ["null", "n.R"], "default": None},
        {
            "name": "price",
            "type": {"type": "bytes", "logicalType": "decimal", "precision": 4, "scale": 2},
        },
    ]
    schema = parsed({**record("n.R", *fields), "doc": "a thing"})
    found = components(schema)
    assert found["n.R"] == {
        "description": "a thing",
        "type": "object",
        "additionalProperties": False,
        "required": ["price"],
        "properties": {
            "e": {
                "allOf": [{"$ref": "#/components/schemas/n.E"}],
                "description": "which",
                "default": "A",
            },
            "again": {
                "oneOf": [{"$ref": "#/components/schemas/n.R"}, {"enum": [None], "nullable": True}],
                "default": None,
            },
            "price": {"type": "string", "pattern": r"^-?[0-9]{1,2}(\.[0-9]{1,2})?$"},
        },
    }
    assert found["n.E"] == {"type": "string", "enum": ["A", "B"]}


def test_a_fixed_with_a_logical_type_is_described_where_it_is_used() -> None:
    assert reference(parsed(UUID_FIXED)) == {"type": "string", "format": "uuid"}
    assert reference(parsed(["null", UUID_FIXED])) == {
        "type": "string",
        "format": "uuid",
        "nullable": True,
    }
