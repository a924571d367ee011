"""Which versions lint looks at, and in which one it reports a flaw."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import registry
from registry.limits import LIMITS
from registry.naming import schema_path
from registry.schema import RecordSchema
from registry.source import JSON
from tests.registry.strategies import JsonSchema, records
from tests.tools.traps import TRAPS, trap
from tests.tools.trees import record
from tools.case import Case
from tools.git import Base
from tools.lint import lint

BAD: dict[str, JSON] = {"name": "sentAt", "type": "long"}
WORSE: dict[str, JSON] = {"name": "paidAt", "type": "long"}
FLAWS = ["MISSING_DOC", "NAMING", "RAW_LONG_FOR_TIME"]


def order(*fields: dict[str, JSON]) -> bytes:
    return record("shop.Order", *fields, doc="An order.").encode()


def found(*texts: bytes, released: int = 0) -> list[tuple[str, str]]:
    """Return file and rule of what lint finds in versions of which the first are released."""
    paths = {f"shop/order/v{number}.avsc": text for number, text in enumerate(texts, start=1)}
    base = Base(dict(list(paths.items())[:released]), "main")
    return sorted((each.file, each.rule) for each in lint(Case(Path(), paths, base)))


def test_a_flaw_is_reported_in_the_version_that_begins_it() -> None:
    first = [("shop/order/v1.avsc", rule) for rule in FLAWS]
    second = [("shop/order/v2.avsc", rule) for rule in FLAWS]
    assert found(order(BAD), order(WORSE, BAD)) == first + second


def test_a_flaw_that_comes_back_is_reported_again() -> None:
    last = [("shop/order/v3.avsc", rule) for rule in FLAWS]
    assert found(order(BAD), order(), order(BAD), released=2) == last


def test_a_released_version_is_not_looked_at() -> None:
    assert found(order(BAD), released=1) == []


def test_a_new_version_is_not_blamed_for_what_is_released() -> None:
    assert found(order(BAD), order(BAD, BAD | {"name": "paid"}), released=1) == [
        ("shop/order/v2.avsc", "MISSING_DOC")
    ]


def test_a_type_that_another_file_defines_is_not_looked_at_twice() -> None:
    pins: list[JSON] = [{"name": "shop.Line", "version": 1}]
    user = record("shop.Order", {"name": "line", "type": "Line", "doc": "A line."}, references=pins)
    texts = {
        "shop/line/v1.avsc": record("shop.Line", BAD).encode(),
        "shop/order/v1.avsc": user.encode(),
    }
    assert {each.file for each in lint(Case(Path(), texts)) if each.rule == "NAMING"} == {
        "shop/line/v1.avsc"
    }


def points_into(text: str, path: str) -> bool:
    """Tell whether lint looks at a text, and all of its findings stand in it and help."""
    case = Case(Path(), {path: text.encode()})
    lines = text.splitlines()
    return len(case.tree) == 1 and all(
        0 < each.column < each.end_column <= len(lines[each.line - 1]) + 1 and each.fix
        for each in lint(case)
    )


@pytest.mark.parametrize("name", TRAPS)
def test_lint_survives_every_trap_and_points_into_its_text(name: str) -> None:
    assert points_into(trap(name), "probe/trap/v1.avsc")


@given(records())
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_lint_survives_any_record_and_points_into_its_text(schema: JsonSchema) -> None:
    named = registry.parse(schema)
    assert isinstance(named, RecordSchema)
    assert points_into(json.dumps(schema, indent=1), schema_path(named.name, 1))


def test_types_nested_as_deeply_as_may_be_are_a_finding() -> None:
    kind: JSON = "int"
    for _ in range(LIMITS.schema_depth - 2):
        kind = {"type": "array", "items": kind}
    deep = order({"name": "deep", "doc": "Very.", "type": kind})
    assert found(deep) == [("shop/order/v1.avsc", "STRUCTURE")]
