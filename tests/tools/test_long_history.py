"""Long histories and large versions: judged as short ones are, and without doing all of it anew."""

import json
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import compatibility
from registry.source import JSON
from registry.subjects import SchemaVersion
from registry.tree import SchemaTree
from tests.tools.trees import case, record
from tools.rules import breaking, history, remedy
from tools.rules.breaking import breaking_changes
from tools.rules.history import History

LONG = 30
NAMES = tuple(f"f{i}" for i in range(LONG))
Y: dict[str, JSON] = {"name": "y", "type": "int"}
KINDS: tuple[JSON, ...] = (
    "int",
    "long",
    {"type": "bytes", "logicalType": "decimal", "precision": 4},
    {"type": "bytes", "logicalType": "decimal", "precision": 5},
    {"type": "enum", "name": "Kind", "symbols": ["A"]},
    {"type": "enum", "name": "Kind", "symbols": ["A", "B"]},
    {"type": "enum", "name": "Kind", "symbols": ["A"], "doc": "The same."},
    {"type": "enum", "name": "Sort", "symbols": ["A"], "aliases": ["Kind"]},
    {"type": "record", "name": "Part", "fields": [{"name": "x", "type": "int"}]},
    {"type": "record", "name": "Part", "fields": [Y]},
    {"type": "record", "name": "Part", "fields": [{**Y, "default": 1}]},
    {"type": "array", "items": "Order"},
    {"type": "array", "items": ["null", "Order"]},
)


def is_named(kind: JSON) -> bool:
    return isinstance(kind, dict) and "name" in kind


@st.composite
def fields(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(KINDS))
    made: dict[str, Any] = {"name": draw(st.sampled_from("abcd")), "type": kind}
    if draw(st.booleans()):
        made |= {"type": ["null", kind], "default": None}
    if draw(st.booleans()):
        made["aliases"] = [draw(st.sampled_from("abcd"))]
    return made


def types_named(field: dict[str, Any]) -> str:
    """Return what only one field of a record can have: each type is defined once."""
    kinds = field["type"] if isinstance(field["type"], list) else [field["type"]]
    return "named" if any(map(is_named, kinds)) else field["name"]


records = st.lists(fields(), max_size=3, unique_by=(lambda each: each["name"], types_named))


def versions(*texts: str) -> tuple[SchemaVersion, ...]:
    paths = {f"shop/order/v{i}.avsc": text for i, text in enumerate(texts, start=1)}
    return SchemaTree.from_texts(paths)["shop.Order"].versions


@given(st.lists(records, min_size=2, max_size=4))
def test_a_history_says_of_each_pair_what_a_comparison_of_it_says(
    evolution: list[list[dict[str, Any]]],
) -> None:
    all_of_it = versions(*(record("shop.Order", *each) for each in evolution))
    known = History(all_of_it)
    for reader, writer in product(all_of_it, repeat=2):
        found = list(known.causes(reader, writer))
        assert found == list(compatibility.check(reader.schema, writer.schema))


def optional(count: int) -> list[dict[str, JSON]]:
    kind: JSON = ["null", "string"]
    return [{"name": f"f{i}", "type": kind, "default": None} for i in range(count)]


def long_history(*last: dict[str, JSON]) -> dict[str, str]:
    """Return texts of a subject that grows; the last version has other fields too."""
    more = [*([()] * (LONG - 1)), last]
    texts = (record("shop.Order", Y, *optional(i), *each) for i, each in enumerate(more))
    return {f"shop/order/v{i}.avsc": text for i, text in enumerate(texts, start=1)}


def counted(monkeypatch: pytest.MonkeyPatch, where: object, name: str) -> list[object]:
    """Return a list that grows by one with each call of a function."""
    calls: list[object] = []
    plain = getattr(where, name)

    def counting(*arguments: object) -> object:
        calls.append(arguments)
        return plain(*arguments)

    monkeypatch.setattr(where, name, counting)
    return calls


def test_a_long_history_that_only_grows_is_not_compared_pair_by_pair(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared = counted(monkeypatch, history, "check")
    assert not list(breaking_changes(case(long_history())))
    assert len(compared) < 3 * LONG  # and 870 pairs, each of two directions


def test_a_long_history_tells_of_the_break_at_its_end() -> None:
    needed: dict[str, JSON] = {"name": "needed", "type": "string"}
    (found,) = breaking_changes(case(long_history(needed)))
    assert found.file == f"s/shop/order/v{LONG}.avsc"
    assert f"v{LONG - 1} (and {LONG - 2} earlier ones)" in found.message
    assert len(found.versions) == LONG - 1


@pytest.mark.parametrize(("names", "findings"), [(NAMES, 2 * LONG), ((), 1)])
def test_a_version_that_breaks_in_many_places_is_read_a_few_times(
    names: tuple[str, ...], findings: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = [{"name": name, "type": "int"} for name in NAMES]
    new = [{"name": name, "type": "string"} for name in names]
    located = [counted(monkeypatch, each, "locate_all") for each in (breaking, remedy)]
    texts = {"v1": record("shop.Order", *old), "v2": record("shop.Order", *new)}
    found = list(breaking_changes(case({f"shop/order/{n}.avsc": t for n, t in texts.items()})))
    assert len(found) == findings
    assert sum(map(len, located)) <= len(located)


def test_each_removed_field_is_offered_from_its_own_line() -> None:
    old = record("shop.Order", Y, {"name": "z", "type": "int"})
    (found,) = breaking_changes(
        case({"shop/order/v1.avsc": old, "shop/order/v2.avsc": record("shop.Order")})
    )
    offered = found.fix.split("\n")
    lines = [int(each.split()[5]) for each in offered[::2]]
    for line, pasted in zip(lines, offered[1::2], strict=True):
        assert json.loads(old.split("\n")[line - 1].strip(" ,")) == json.loads(pasted)
