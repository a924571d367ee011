"""Pins that are unused, behind, or lead to what is leaving."""

import pytest

from registry.source import JSON
from tests.tools.trees import case, record
from tools.finding import Finding
from tools.rules.leaving import leaving_pins
from tools.rules.references import older_pins, unused_pins

ID: dict[str, JSON] = {"name": "id", "type": "long"}
LINE = {"shop/line/v1.avsc": record("shop.Line", ID)}
LINES = {**LINE, "shop/line/v2.avsc": record("shop.Line", ID, doc="A line.")}
ORDER = "shop/order/v1.avsc"


def order(kind: JSON, pin: int = 1) -> str:
    """Return a version of shop.Order that pins a version of shop.Line."""
    references: list[JSON] = [{"name": "shop.Line", "version": pin}]
    return record("shop.Order", {"name": "x", "type": kind}, references=references)


def status(word: str, owner: str = "") -> dict[str, str]:
    return {"shop/line/subject.toml": f'status = "{word}"\nowner = "{owner}"'}


def rules(found: list[Finding]) -> list[tuple[str, str]]:
    return [(each.file, each.rule) for each in found]


def test_a_pin_that_is_not_used_stands_at_its_place() -> None:
    text = order("int")
    (found,) = unused_pins(case({**LINE, ORDER: text}))
    assert (found.file, found.rule) == (f"s/{ORDER}", "UNUSED_PIN")
    assert text.split("\n")[found.line - 1][found.column - 1 :].startswith('"shop.Line"')


@pytest.mark.parametrize(
    "kind",
    [
        "Line",
        ["null", "shop.Line"],
        {"type": "array", "items": "Line"},
        {"type": "map", "values": ["Line", "null"]},
        {"type": "record", "name": "Inner", "fields": [{"name": "y", "type": "Line"}]},
    ],
)
def test_a_pin_is_used_however_deep(kind: JSON) -> None:
    assert list(unused_pins(case({**LINE, ORDER: order(kind)}))) == []


def test_a_pin_that_only_a_pinned_type_uses_is_unused() -> None:
    pins: JSON = [{"name": "shop.Order", "version": 1}, {"name": "shop.Line", "version": 1}]
    basket = record("shop.Basket", {"name": "x", "type": "Order"}, references=pins)
    found = list(unused_pins(case({**LINE, ORDER: order("Line"), "shop/basket/v1.avsc": basket})))
    assert rules(found) == [("s/shop/basket/v1.avsc", "UNUSED_PIN")]


def test_a_recursive_version_that_pins_another_ends() -> None:
    again: JSON = ["null", "Order", "Line"]
    assert list(unused_pins(case({**LINE, ORDER: order(again)}))) == []


def test_a_pin_of_a_released_version_stays_as_it_is() -> None:
    texts = {**LINE, ORDER: order("int")}
    assert list(unused_pins(case(texts, texts))) == []


def test_a_pin_is_behind_where_the_branch_adds_the_newer_version() -> None:
    texts = {**LINES, ORDER: order("Line")}
    (found,) = older_pins(case(texts, {**LINE, ORDER: order("Line")}))
    assert (found.file, found.rule) == (f"s/{ORDER}", "OLDER_PIN")
    assert found.message == "shop.Order/1 stays on v1 of shop.Line: v2 is the latest."


def test_a_new_version_that_pins_an_older_one_is_behind() -> None:
    texts = {**LINES, ORDER: order("Line")}
    assert len(list(older_pins(case(texts, LINES)))) == 1
    assert list(older_pins(case({**LINES, ORDER: order("Line", 2)}, LINES))) == []


def test_what_was_behind_before_the_branch_is_not_said_again() -> None:
    texts = {**LINES, ORDER: order("Line")}
    assert list(older_pins(case(texts, texts))) == []


@pytest.mark.parametrize(
    ("word", "expected"),
    [("active", []), ("deprecated", ["DEPRECATED_USE"]), ("retired", ["RETIRED_USE"])],
)
def test_a_new_version_pins_what_is_to_stay(word: str, expected: list[str]) -> None:
    texts = {**LINE, **status(word), ORDER: order("Line")}
    assert [each.rule for each in leaving_pins(case(texts, LINE))] == expected
    assert list(leaving_pins(case(texts, texts))) == []


def test_the_owner_of_what_leaves_is_named_as_the_one_who_knows() -> None:
    texts = {**LINE, **status("retired", "billing"), ORDER: order("Line")}
    (found,) = leaving_pins(case(texts, LINE))
    assert found.fix == "use another type; billing may know which"


def test_a_retired_subject_gets_no_new_version() -> None:
    (found,) = leaving_pins(case({**LINES, **status("retired")}, LINE))
    assert found.message == "shop.Line is retired, and shop.Line/2 is a new version of it."
    assert list(leaving_pins(case({**LINES, **status("deprecated")}, LINE))) == []
