"""Defaults of fields: deep validation, bounds, and what they become."""

import json
from typing import Any

import pytest

import registry
from registry.errors import InvalidSchema, Undecodable, WireError

ENUM: dict[str, Any] = {"type": "enum", "name": "E", "symbols": ["A", "B"], "default": "A"}
FIXED: dict[str, Any] = {"type": "fixed", "name": "F", "size": 2}
INNER: dict[str, Any] = {
    "type": "record",
    "name": "I",
    "fields": [{"name": "x", "type": "int"}, {"name": "y", "type": "string", "default": "d"}],
}
EMPTY = registry.parse({"type": "record", "name": "R", "fields": []})


def holder(kind: Any, default: Any) -> Any:
    field = {"name": "a", "type": kind, "default": default}
    return {"type": "record", "name": "R", "fields": [field]}


@pytest.mark.parametrize(
    ("kind", "default", "value"),
    [
        ("null", None, None),
        ("boolean", False, False),
        ("int", -(1 << 31), -(1 << 31)),
        ("long", (1 << 63) - 1, (1 << 63) - 1),
        ("float", 0.1, 0.10000000149011612),
        ("float", 3, 3.0),
        ("double", 3, 3.0),
        ("double", -1e308, -1e308),
        ("bytes", "\u0000\u00ff", b"\x00\xff"),
        ("string", "é", "é"),
        (ENUM, "B", "B"),
        (FIXED, "\u00ffa", b"\xffa"),
        ({"type": "array", "items": "long"}, [1, 2], [1, 2]),
        ({"type": "map", "values": ["null", "int"]}, {"k": 1, "l": None}, {"k": 1, "l": None}),
        (INNER, {"x": 1}, {"x": 1, "y": "d"}),
        (INNER, {"y": "e", "x": 1, "unknown": 0}, {"x": 1, "y": "e"}),
        (["null", "int"], None, None),
        (["null", "int"], 7, 7),
        (["int", "double"], 7.5, 7.5),
    ],
)
def test_a_missing_field_takes_its_default(kind: Any, default: Any, value: Any) -> None:
    found = registry.read(b"", EMPTY, registry.parse(holder(kind, default)))["a"]
    assert (type(found), found) == (type(value), value)


def test_each_reading_makes_a_default_of_its_own() -> None:
    reader = registry.parse(holder({"type": "array", "items": "int"}, []))
    registry.read(b"", EMPTY, reader)["a"].append(1)
    assert registry.read(b"", EMPTY, reader) == {"a": []}


@pytest.mark.parametrize(
    ("kind", "default", "path", "reason"),
    [
        ("null", 0, "", "0 is no null"),
        ("boolean", 0, "", "0 is no boolean"),
        ("boolean", "true", "", "'true' is no boolean"),
        ("int", 1.0, "", "1.0 is no whole number"),
        ("int", True, "", "true is no whole number"),
        ("int", 1 << 31, "", "out of the range of int"),
        ("long", -(1 << 63) - 1, "", "out of the range of long"),
        ("float", "1.5", "", "'1.5' is no float"),
        ("double", True, "", "true is no double"),
        pytest.param("double", 10**400, "", "is no double", id="huge"),
        ("bytes", "\u0100", "", "above U+00FF"),
        ("bytes", [1], "", "no string of bytes"),
        ("string", None, "", "null is no string"),
        (ENUM, "C", "", "'C' is no symbol"),
        (ENUM, ["A"], "", "is no symbol"),
        (FIXED, "abc", "", "3 bytes, not 2"),
        ({"type": "array", "items": "int"}, {}, "", "is no array"),
        ({"type": "array", "items": "int"}, [1, "x"], "/1", "'x' is no whole number"),
        ({"type": "map", "values": "int"}, [], "", "is no object"),
        ({"type": "map", "values": "int"}, {"a/b": None}, "/a~1b", "null is no whole number"),
        (INNER, {}, "", "the field 'x' of I has no value"),
        (INNER, {"x": "1"}, "/x", "'1' is no whole number"),
        (["null", "int"], "x", "", "fits no branch of the union (null, int)"),
        (["int"], "x", "", "'x' is no whole number"),
        ([], None, "", "fits no branch"),
    ],
)
def test_a_default_that_does_not_fit_is_told_where_it_fails(
    kind: Any,
    default: Any,
    path: str,
    reason: str,
) -> None:
    with pytest.raises(InvalidSchema) as caught:
        registry.parse(json.dumps(holder(kind, default)))
    assert caught.value.path == f"/fields/0/default{path}"
    assert reason in caught.value.reason
    assert caught.value.reason.startswith("The default of 'a' is not valid: ")


def nested(depth: int, inner: Any) -> Any:
    for _ in range(depth):
        inner = {"n": inner}
    return inner


def linked(*branches: str, default: Any) -> Any:
    fields = [{"name": "n", "type": list(branches), "default": default}]
    return {"type": "record", "name": "R", "fields": fields}


def test_a_default_of_a_recursive_type_may_hold_itself_some_way_down() -> None:
    made = registry.read(b"", EMPTY, registry.parse(linked("null", "R", default=None)))
    assert made == {"n": None}
    registry.parse(linked("null", "R", default=nested(30, None)))


@pytest.mark.parametrize("depth", [200, 500])
def test_a_default_nested_without_end_is_refused(depth: int) -> None:
    with pytest.raises(InvalidSchema):
        registry.parse(linked("null", "R", default=nested(depth, None)))


def test_a_record_whose_default_holds_itself_for_ever_is_refused() -> None:
    schema = {"type": "record", "name": "R", "fields": [{"name": "n", "type": "R", "default": {}}]}
    with pytest.raises(InvalidSchema):
        registry.parse(schema)  # type: ignore[arg-type]


@pytest.mark.timeout(10)
@pytest.mark.parametrize("branches", [["R"], ["R", "S"], ["null", "R", "S", "T"]])
def test_a_default_that_could_be_tried_in_2_to_the_60_ways_is_judged_at_once(
    branches: list[str],
) -> None:
    others = [
        {"type": "record", "name": each, "fields": [{"name": "n", "type": branches[:1]}]}
        for each in branches
        if each in "ST"
    ]
    made = [each for each in branches if each not in "ST"] + others
    fields = [{"name": "n", "type": made, "default": nested(60, 1)}]
    with pytest.raises(InvalidSchema, match="The default of 'n' is not valid"):
        registry.parse(json.dumps({"type": "record", "name": "R", "fields": fields}))


@pytest.mark.parametrize(
    ("kind", "default"),
    [
        ({"type": "string", "logicalType": "uuid"}, "none"),
        ({"type": "int", "logicalType": "date"}, (1 << 31) - 1),
        ({"type": "long", "logicalType": "timestamp-millis"}, 1 << 62),
        ({"type": "bytes", "logicalType": "big-decimal"}, ""),
    ],
)
def test_a_default_that_its_logical_type_cannot_hold_fails_when_it_is_needed(
    kind: Any,
    default: Any,
) -> None:
    reader = registry.parse(holder(kind, default))
    with pytest.raises(Undecodable, match=r"a: the default .* stands for no value"):
        registry.read(b"", EMPTY, reader)
    with pytest.raises(WireError):
        registry.write({}, reader)
