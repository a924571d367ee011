"""Verdicts on pairs of schemas, against the specification, Java and Confluent's registry."""

import pytest

import registry
from registry.errors import SchemaError
from registry.matching import Rules
from tests.conformance.rows import Row, rows, schema

PAIRS = {row["id"]: row for row in rows("pairs")}

UNSPECIFIED = {
    # The alias rewrites the writer's x to a second y: which of the two is meant, nobody can say.
    "a/rec.alias-collides": "INCOMPATIBLE",
    # Each name is rewritten once, so the two fields change places, as Java's decoder has it.
    "a/rec.alias-swap": "COMPATIBLE",
    # The specification's words allow a name only: `{"type": ["null", "int"]}` is refused.
    "a/valid.type.union-in-object": "INVALID",
}
STRICTER_THAN_CONFLUENT = {
    "a/valid.enum.default-not-string": "an enum's default is one of its symbols",
    "a/valid.alias.dup-type": "an alias is unique like a name",
    "a/valid.name.ns-int": "no namespace may define the name of a primitive type",
    "a/default.bytes-256": "a character above U+00FF stands for no byte",
    "a/default.fixed-short": "a default of fixed has the fixed's size",
    "b/20260815/01747": "a stored record with two fields of one name cannot be read by name",
}


def verdict(row: Row, rules: Rules) -> str:
    try:
        reader = schema(row["reader"])
        writer = schema(row["writer"], strict=False)
    except SchemaError:
        return "INVALID"
    return "INCOMPATIBLE" if list(registry.check(reader, writer, rules)) else "COMPATIBLE"


@pytest.mark.parametrize("name", [name for name, row in PAIRS.items() if row["specification"]])
def test_the_verdict_is_that_of_the_specification(name: str) -> None:
    row = PAIRS[name]
    expected = UNSPECIFIED.get(name, row["specification"])
    assert verdict(row, "avro") == expected, row["sentence"]


@pytest.mark.parametrize("name", [name for name, row in PAIRS.items() if not row["specification"]])
def test_a_pair_without_a_specified_verdict_has_a_schema_that_we_refuse(name: str) -> None:
    """All of them hold a field that stands twice, or a default that its type does not allow."""
    row = PAIRS[name]
    flaws = [each for side in ("reader", "writer") for each in registry.problems(row[side])]
    assert any("twice" in each.reason or "default" in each.reason for each in flaws)


@pytest.mark.parametrize("name", [each for each in PAIRS if each not in STRICTER_THAN_CONFLUENT])
def test_the_verdict_by_confluents_rules_is_confluents(name: str) -> None:
    row = PAIRS[name]
    assert verdict(row, "confluent") == row["confluent"].removesuffix("(exception)")


@pytest.mark.parametrize("name", STRICTER_THAN_CONFLUENT)
def test_what_confluent_lets_pass_is_refused_for_a_reason(name: str) -> None:
    row = PAIRS[name]
    assert verdict(row, "confluent") == "INVALID"
    assert row["confluent"] != "INVALID"


@pytest.mark.parametrize("name", PAIRS)
def test_every_schema_of_the_sample_reads_itself(name: str) -> None:
    try:
        reader = schema(PAIRS[name]["reader"])
    except SchemaError:
        return
    assert list(registry.check(reader, reader)) == []
