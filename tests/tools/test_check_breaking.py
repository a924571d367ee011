"""Compatibility findings: which level refuses which change, where, in which words."""

import json
from pathlib import Path

import pytest

from registry import Compatibility
from registry.source import JSON
from tests.tools.trees import record
from tools.case import Case
from tools.finding import Finding
from tools.rules.breaking import breaking_changes

ID: dict[str, JSON] = {"name": "id", "type": "long"}
NOTE: dict[str, JSON] = {"name": "note", "type": "string"}
LEVELS = tuple(Compatibility)
BACKWARD = {each for each in LEVELS if each.backward}
FORWARD = {each for each in LEVELS if each.forward}


def judged(*versions: str, level: str = "FULL_TRANSITIVE", **others: str) -> list[Finding]:
    """Return the findings on shop.Order in these versions; `others` are more subjects' files."""
    texts = {f"shop/order/v{i}.avsc": text for i, text in enumerate(versions, start=1)}
    texts["shop/order/subject.toml"] = f'compatibility = "{level}"'
    texts |= {f"shop/{name}.avsc": text for name, text in others.items()}
    case = Case(Path("schemas"), {path: text.encode() for path, text in texts.items()})
    assert not case.problems
    return list(breaking_changes(case))


def order(*fields: dict[str, JSON], **more: JSON) -> str:
    return record("shop.Order", *fields, **more)


def field(kind: JSON) -> dict[str, JSON]:
    return {"name": "x", "type": kind}


def enum(*symbols: str, **more: JSON) -> dict[str, JSON]:
    return field({"type": "enum", "name": "Kind", "symbols": list(symbols), **more})


@pytest.mark.parametrize("level", LEVELS)
def test_a_new_required_field_is_refused_by_the_backward_levels(level: Compatibility) -> None:
    found = judged(order(ID), order(ID, NOTE), level=level)
    assert [each.rule for each in found] == ["READER_FIELD_MISSING_DEFAULT_VALUE"] * (
        level in BACKWARD
    )


@pytest.mark.parametrize("level", LEVELS)
def test_a_removed_required_field_is_refused_by_the_forward_levels(level: Compatibility) -> None:
    found = judged(order(ID, NOTE), order(ID), level=level)
    assert [each.rule for each in found] == ["READER_FIELD_MISSING_DEFAULT_VALUE"] * (
        level in FORWARD
    )


@pytest.mark.parametrize("level", LEVELS)
def test_only_the_transitive_levels_look_further_than_the_version_before(
    level: Compatibility,
) -> None:
    optional = {**NOTE, "default": ""}
    found = judged(order(ID), order(ID, optional), order(ID, NOTE), level=level)
    assert len(found) == (level.transitive and level in BACKWARD)


def test_a_break_with_several_versions_is_one_finding() -> None:
    (found,) = judged(order(ID), order(ID, doc="The same."), order(ID, NOTE))
    assert found.message.startswith("backward: a service on v3 cannot read")
    assert "services on v1 or v2." in found.message


def test_all_reasons_at_one_place_are_one_finding_with_all_fixes() -> None:
    (found,) = judged(order(ID, NOTE, field("int")), order(ID))
    assert [line.split(":")[0] for line in found.message.split("\n")] == [
        "forward",
        "note",
        "x",
        "backward",
    ]
    assert found.fix.count("keep the field, from line") == 2


def test_a_long_history_is_summed_up() -> None:
    docs = [order(ID, doc=str(i)) for i in range(5)]
    (found,) = judged(*docs, order(ID, NOTE))
    assert "v5 (and 4 earlier ones)" in found.message


def test_a_finding_stands_at_the_name_of_the_culprit_in_the_new_version() -> None:
    text = order(ID, NOTE)
    (found,) = judged(order(ID), text)
    line = text.split("\n")[found.line - 1]
    assert found.file == "schemas/shop/order/v2.avsc"
    assert line[found.column - 1 :].startswith('"note"')


def test_the_direction_that_still_works_is_said_too() -> None:
    (found,) = judged(order(ID), order(ID, NOTE))
    assert found.message.split("\n") == [
        "backward: a service on v2 cannot read the data of services on v1.",
        "note: v2 needs it, v1 does not write it, and it has no default.",
        "forward: ok, a service on v1 reads the data of v2.",
    ]


def test_a_break_inside_a_referenced_type_stands_at_the_reference() -> None:
    pinned = [
        order(field("Line"), references=[{"name": "shop.Line", "version": n}]) for n in (1, 2)
    ]
    lines = {
        "line/v1": record("shop.Line", ID),
        "line/v2": record("shop.Line", ID, NOTE),
        "line/subject": "",
    }
    del lines["line/subject"]
    found = [each for each in judged(*pinned, **lines) if "/order/" in each.file]
    (only,) = found
    text = pinned[1].split("\n")[only.line - 1]
    assert text[only.column - 1 :].startswith('"Line"')
    assert "x.note: v2 needs it" in only.message
    assert "in the file that defines its record" in only.fix


@pytest.mark.parametrize(
    ("kind", "pasted"),
    [
        ("int", {"type": ["null", "int"], "default": None}),
        (["null", "int"], {"default": None}),
        (["int", "string"], {"type": ["null", "int", "string"], "default": None}),
        ({"type": "array", "items": "int"}, {"default": []}),
        ({"type": "map", "values": "int"}, {"default": {}}),
    ],
)
def test_the_default_that_is_offered_makes_the_version_compatible(
    kind: JSON, pasted: dict[str, JSON]
) -> None:
    (found,) = judged(order(ID), order(ID, field(kind)))
    offered = json.loads("{" + found.fix.split("\n")[1] + "}")
    assert offered == pasted
    assert not judged(order(ID), order(ID, {**field(kind), **offered}))


def test_a_removed_field_is_offered_to_be_pasted_back() -> None:
    (found,) = judged(order(ID, NOTE), order(ID))
    first, pasted = found.fix.split("\n")
    assert first == "keep the field, from line 7 of v1.avsc:"
    assert json.loads(pasted) == NOTE


@pytest.mark.parametrize(
    ("old", "new", "rules", "words"),
    [
        (enum("A", "B"), enum("A"), ["MISSING_ENUM_SYMBOLS"], "keep all symbols of v1"),
        (enum("A"), enum("A", "B"), ["MISSING_ENUM_SYMBOLS"], "keep the symbols of v1"),
        (
            field(["int", "null"]),
            field(["null", "string"]),
            ["MISSING_UNION_BRANCH"] * 2,
            "branches",
        ),
        (field("int"), field("string"), ["TYPE_MISMATCH"] * 2, "keep the type of v1 here"),
        (
            field({"type": "fixed", "name": "F", "size": 1}),
            field({"type": "fixed", "name": "F", "size": 2}),
            ["FIXED_SIZE_MISMATCH"] * 2,
            "keep the type of v1 here",
        ),
        (
            field({"type": "fixed", "name": "F", "size": 1}),
            field({"type": "fixed", "name": "G", "size": 1}),
            ["NAME_MISMATCH"] * 2,
            "call the type what v1 calls it",
        ),
    ],
)
def test_every_rule_has_a_fix(
    old: dict[str, JSON], new: dict[str, JSON], rules: list[str], words: str
) -> None:
    found = judged(order(old), order(new))
    assert [each.rule for each in found] == rules
    assert all(words in each.fix for each in found)


def test_a_growing_enum_with_a_default_breaks_nobody() -> None:
    assert not judged(order(enum("A", default="A")), order(enum("A", "B", default="A")))
