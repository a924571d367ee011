"""Lint, rule by rule: what each marks in a text, and what it leaves alone."""

import json
from pathlib import Path

import pytest

from registry.source import JSON
from tests.tools.trees import record
from tools.case import Case
from tools.lint import lint

PATH = "shop/order/v1.avsc"
DECIMAL: JSON = {"type": "bytes", "logicalType": "decimal", "precision": 4}
MICROS: JSON = {"type": "long", "logicalType": "timestamp-micros"}


def field(name: str, kind: JSON, **more: JSON) -> dict[str, JSON]:
    return {"name": name, "type": kind, **more}


def enum(*symbols: str, **more: JSON) -> dict[str, JSON]:
    return {"type": "enum", "name": "Kind", "symbols": list(symbols), **more}


def inner(name: str, *fields: JSON) -> dict[str, JSON]:
    return {"type": "record", "name": name, "fields": list(fields)}


def fixed(size: int, **more: JSON) -> dict[str, JSON]:
    return {"type": "fixed", "name": "Raw", "size": size, **more}


def marked(rule: str, *fields: dict[str, JSON], **more: JSON) -> list[str]:
    """Return what the findings of a rule mark in the text of a record with some fields."""
    text = record("shop.Order", *fields, **more)
    lines = text.splitlines()
    found = lint(Case(Path(), {PATH: text.encode()}))
    return [lines[f.line - 1][f.column - 1 : f.end_column - 1] for f in found if f.rule == rule]


@pytest.mark.parametrize(
    ("rule", "bad", "mark"),
    [
        ("NAMING", field("orderId", "long"), '"orderId"'),
        ("NAMING", field("URL", "string"), '"URL"'),
        ("NAMING", field("_id", "long"), '"_id"'),
        ("NAMING", field("kind", enum("NEW", "old")), '"old"'),
        ("NAMING", field("part", inner("order_part")), '"order_part"'),
        ("RESERVED_WORD", field("from", "string"), '"from"'),
        ("RESERVED_WORD", field("to_avro", "string"), '"to_avro"'),
        ("RESERVED_WORD", field("kind", enum("None", "title")), '"None"'),
        ("RESERVED_WORD", field("part", inner("None")), '"None"'),
        ("UNKNOWN_ATTRIBUTE", field("note", "string", defualt=""), '"defualt"'),
        ("UNKNOWN_ATTRIBUTE", field("note", {"type": "long", "logicaltype": "x"}), '"logicaltype"'),
        ("UNKNOWN_ATTRIBUTE", field("note", "string", alias=["c"]), '"alias"'),
        ("STRUCTURE", field("note", "string", size=3), '"size"'),
        ("STRUCTURE", field("note", "string", tags="pii"), '"pii"'),
        ("STRUCTURE", field("note", {"type": "string", "doc": "A note."}), '"doc"'),
        ("STRUCTURE", field("note", {"type": "map", "values": "int", "items": "int"}), '"items"'),
        ("STRUCTURE", field("note", {"type": "long", "logicalType": 7}), "7"),
        ("MISSING_DOC", field("note", "string"), '"note"'),
        ("MISSING_DOC", field("note", "string", doc=" "), '"note"'),
        ("MISSING_DOC", field("hash", fixed(2), doc="A hash."), '"Raw"'),
        ("ENUM_WITHOUT_DEFAULT", field("kind", enum("A")), '"Kind"'),
        ("OPTIONAL_FORM", field("note", ["string", "null"], default=None), "["),
        ("OPTIONAL_FORM", field("note", ["null", "string"], default="x"), "["),
        ("OPTIONAL_WITHOUT_DEFAULT", field("note", ["null", "string"]), '"note"'),
        ("OPTIONAL_WITHOUT_DEFAULT", field("note", ["string", "null"]), '"note"'),
        ("OPTIONAL_WITHOUT_DEFAULT", field("note", "null"), '"note"'),
        ("DEFAULT_INSIDE_TYPE", field("note", {"type": "string", "default": ""}), '"default"'),
        ("DEFAULT_INSIDE_TYPE", field("part", {**inner("Part"), "default": {}}), '"default"'),
        (
            "DEFAULT_INSIDE_TYPE",
            field("x", [enum("A"), {"type": "array", "items": {"type": "Kind", "default": "A"}}]),
            '"default"',
        ),
        ("LOGICAL_TYPE_ON_FIELD", field("day", "int", logicalType="date"), '"logicalType"'),
        ("INVALID_LOGICAL_TYPE", field("day", {"type": "long", "logicalType": "date"}), '"date"'),
        ("INVALID_LOGICAL_TYPE", field("x", fixed(3, logicalType="uuid")), '"uuid"'),
        (
            "INVALID_LOGICAL_TYPE",
            field("x", {"type": "bytes", "logicalType": "decimal"}),
            '"decimal"',
        ),
        (
            "INVALID_LOGICAL_TYPE",
            field("x", fixed(2, logicalType="decimal", precision=5)),
            '"decimal"',
        ),
        (
            "INVALID_LOGICAL_TYPE",
            field("x", {"type": "bytes", "logicalType": "decimal", "precision": 2, "scale": 3}),
            '"decimal"',
        ),
        ("UNKNOWN_LOGICAL_TYPE", field("x", {"type": "int", "logicalType": "dat"}), '"dat"'),
        ("FLOAT_FOR_MONEY", field("totalPrice", "double"), '"double"'),
        ("FLOAT_FOR_MONEY", field("fees", {"type": "array", "items": "float"}), "{"),
        ("RAW_LONG_FOR_TIME", field("createdAt", "long"), '"long"'),
        ("RAW_LONG_FOR_TIME", field("due_date", ["null", "int"], default=None), "["),
        ("RAW_LONG_FOR_TIME", field("timestamp", "long"), '"long"'),
        ("UNION_OF_SAME_SHAPE", field("x", [inner("A"), inner("B")]), "["),
        ("AMBIGUOUS_UNION", field("x", ["int", "long"]), "["),
        ("AMBIGUOUS_UNION", field("x", ["string", enum("A")]), "["),
        ("AMBIGUOUS_UNION", field("x", ["string", MICROS]), "["),
        ("UNTAGGED_PII", field("email", "string"), '"email"'),
        ("UNTAGGED_PII", field("homeAddress", ["null", "string"], default=None), '"homeAddress"'),
        ("UNTAGGED_PII", field("last_ip_address", "string", tags=["net"]), '"last_ip_address"'),
    ],
)
def test_a_rule_marks_the_very_words_that_it_is_about(
    rule: str, bad: dict[str, JSON], mark: str
) -> None:
    assert mark in marked(rule, bad)


@pytest.mark.parametrize(
    ("rule", "good"),
    [
        ("NAMING", field("line_2", enum("A_1", "B"))),
        ("RESERVED_WORD", field("kind", enum("TITLE", "CLASS"))),
        ("UNKNOWN_ATTRIBUTE", field("x", {"type": "string", "avro.java.string": "String"})),
        ("UNKNOWN_ATTRIBUTE", {"name": "x", "type": "int", "x-unit": "g"}),
        ("STRUCTURE", field("x", {"type": "int", "precision": 4}, order="ignore", aliases=["y"])),
        ("ENUM_WITHOUT_DEFAULT", field("x", enum("A", default="A"))),
        ("OPTIONAL_FORM", field("x", ["string", "null"], default="EUR")),
        ("OPTIONAL_FORM", field("x", {"type": "array", "items": ["int", "null"]})),
        ("OPTIONAL_WITHOUT_DEFAULT", field("x", ["null", "int"], default=None)),
        ("DEFAULT_INSIDE_TYPE", field("x", enum("A", default="A"))),
        ("INVALID_LOGICAL_TYPE", field("x", fixed(16, logicalType="uuid"))),
        ("INVALID_LOGICAL_TYPE", field("x", DECIMAL)),
        ("UNKNOWN_LOGICAL_TYPE", field("x", MICROS)),
        ("FLOAT_FOR_MONEY", field("tax_rate", "double")),
        ("FLOAT_FOR_MONEY", field("price", DECIMAL)),
        ("FLOAT_FOR_MONEY", field("weight", "double")),
        ("RAW_LONG_FOR_TIME", field("created_at", MICROS)),
        ("RAW_LONG_FOR_TIME", field("created_at", "string")),
        ("RAW_LONG_FOR_TIME", field("created_at", "long", logicalType="timestamp-micros")),
        ("RAW_LONG_FOR_TIME", field("format", "int")),
        ("UNION_OF_SAME_SHAPE", field("x", [inner("A"), inner("B", field("y", "int"))])),
        ("AMBIGUOUS_UNION", field("x", [inner("A"), inner("B")])),
        ("AMBIGUOUS_UNION", field("x", ["null", "string", "long", "boolean"], default=None)),
        ("UNTAGGED_PII", field("email", "string", tags=["pii"])),
        ("UNTAGGED_PII", field("email_is_verified", "boolean")),
        ("UNTAGGED_PII", field("room", "string")),
    ],
)
def test_a_rule_leaves_alone_what_it_is_not_about(rule: str, good: dict[str, JSON]) -> None:
    assert marked(rule, good) == []


def test_our_own_attributes_are_known() -> None:
    assert marked("UNKNOWN_ATTRIBUTE", field("x", "int", tags=["pii"]), references=[]) == []


def fix(rule: str, bad: dict[str, JSON]) -> str:
    text = record("shop.Order", bad)
    found = lint(Case(Path(), {PATH: text.encode()}))
    return next(each.fix for each in found if each.rule == rule)


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        ("OPTIONAL_FORM", field("x", ["string", "null", "int"], default=None)),
        ("OPTIONAL_FORM", field("x", ["null", "string"], default="y")),
        ("OPTIONAL_WITHOUT_DEFAULT", field("x", ["string", "null"])),
        ("OPTIONAL_WITHOUT_DEFAULT", field("x", {"type": "null"})),
        ("LOGICAL_TYPE_ON_FIELD", field("x", ["null", "int"], logicalType="date", default=None)),
        ("LOGICAL_TYPE_ON_FIELD", field("x", "bytes", logicalType="decimal", precision=4)),
        ("FLOAT_FOR_MONEY", field("price", ["null", {"type": "map", "values": "float"}])),
        ("RAW_LONG_FOR_TIME", field("sent_at", {"type": "array", "items": "long"})),
        ("RAW_LONG_FOR_TIME", field("birth_date", {"type": "int"})),
        ("UNTAGGED_PII", field("email", "string")),
        ("NAMING", field("HTTPStatus", "int")),
    ],
)
def test_a_fix_that_can_be_pasted_cures_what_it_is_for(rule: str, bad: dict[str, JSON]) -> None:
    pasted = json.loads("{" + fix(rule, bad) + "}")
    kept = {key: each for key, each in bad.items() if key not in ("logicalType", "precision")}
    assert marked(rule, {**kept, **pasted}) == []
