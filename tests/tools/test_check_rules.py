"""The rules of `check-schemas` beside compatibility: which file breaks which of them."""

import json
from pathlib import Path

import pytest

from registry.source import JSON
from registry.tree import read_texts
from tests.tools.trees import case, commit, git, record, write
from tools.case import Case
from tools.finding import Severity
from tools.gate import judge
from tools.git import base_of

ID: dict[str, JSON] = {"name": "id", "doc": "The id.", "type": "long"}
ORDER = record("shop.Order", ID, doc="An order.")
PATH = "shop/order/v1.avsc"
BACKWARD = 'compatibility = "BACKWARD"'
# The specification says that a logical type which is not valid is ignored; not all packages do.
BAD_DECIMAL: JSON = {"type": "bytes", "logicalType": "decimal", "precision": 2, "scale": 5}
REFUSED = record("shop.Order", {"name": "x", "type": BAD_DECIMAL})


def rules(texts: dict[str, str]) -> list[tuple[str, str]]:
    """Return file and rule of each finding on a tree without a base."""
    return [(each.file, each.rule) for each in judge(case(texts))]


def changed_rules(folder: Path) -> list[tuple[str, str]]:
    """Return path and rule of each finding on a folder of schemas in a repository."""
    found = judge(Case(Path(), read_texts(folder), base_of(folder)))
    return [(each.file, each.rule) for each in found]


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    folder = write(tmp_path / "schemas", {PATH: ORDER})
    commit(tmp_path)
    return folder


def test_a_checkout_with_other_line_ends_changes_no_released_version(schemas: Path) -> None:
    git(schemas, "config", "core.autocrlf", "true")
    (schemas / PATH).unlink()
    git(schemas, "checkout", "--", ".")
    assert b"\r\n" in (schemas / PATH).read_bytes()
    assert changed_rules(schemas) == []


def test_the_fix_of_what_is_misplaced_is_a_path_from_where_its_reader_is() -> None:
    (found,) = judge(case({"shop/other/v1.avsc": ORDER}))
    assert found.fix == "move it to s/shop/order/v1.avsc, or change its name and namespace"


def test_a_sound_tree_has_no_findings() -> None:
    assert rules({PATH: ORDER}) == []


@pytest.mark.parametrize(
    ("path", "text", "rule"),
    [
        (PATH, "{", "INVALID_SCHEMA"),
        (PATH, record("shop.Order", {"name": "x", "type": "nothing"}), "UNKNOWN_REFERENCE"),
        (PATH, record("shop.Order", {"name": "not-a-name", "type": "int"}), "UNSAFE_NAME"),
        ("shop/other/v1.avsc", ORDER, "MISPLACED"),
        ("shop/order/latest.avsc", ORDER, "MISPLACED"),
        ("shop/order/v2.avsc", ORDER, "VERSION_GAP"),
        (
            PATH,
            record("shop.Order", references=[{"name": "shop.Line", "version": 1}]),
            "REFERENCE_CONFLICT",
        ),
    ],
)
def test_a_file_that_is_not_sound_is_found(path: str, text: str, rule: str) -> None:
    assert rules({path: text}) == [(f"s/{path}", rule)]


@pytest.mark.parametrize(
    "text", ["compatibility = 'ALL'", "colour = 'red'", "compatibility =", "status = 'gone'"]
)
def test_a_setting_that_is_not_known_is_found(text: str) -> None:
    texts = {PATH: ORDER, "shop/order/subject.toml": text}
    assert rules(texts) == [("s/shop/order/subject.toml", "INVALID_SETTING")]


def test_all_findings_are_reported_in_the_order_of_their_places() -> None:
    texts = {"b/x/v1.avsc": "{", "a/x/v1.avsc": "{", "a/x/v2.avsc": "["}
    assert [file for file, _ in rules(texts)] == ["s/a/x/v1.avsc", "s/a/x/v2.avsc", "s/b/x/v1.avsc"]


def test_a_version_that_differs_in_formatting_only_changes_nothing() -> None:
    texts = {PATH: ORDER, "shop/order/v2.avsc": json.dumps(json.loads(ORDER), indent=1)}
    assert rules(texts) == [("s/shop/order/v2.avsc", "NO_CHANGE")]


def test_a_version_that_differs_in_a_doc_changes_something() -> None:
    assert (
        rules(
            {
                PATH: ORDER,
                "shop/order/v2.avsc": record("shop.Order", ID, doc="An order of a customer."),
            }
        )
        == []
    )


def test_two_versions_with_one_id_collide() -> None:
    texts = {PATH: ORDER, "shop/line/v1.avsc": record("shop.Line", ID, doc="A line.")}
    pins = '"shop.Order/1" = 7\n"shop.Line/1" = 7\n'
    assert rules({**texts, "ids.toml": pins}) == [("s/shop/order/v1.avsc", "ID_COLLISION")]
    assert rules({**texts, "ids.toml": pins.replace('1" = 7\n"', '1" = 8\n"')}) == []


def test_a_schema_that_another_package_refuses_is_a_warning() -> None:
    found = [(each.rule, each.severity) for each in judge(case({PATH: REFUSED}))]
    assert ("INTEROP", Severity.WARNING) in found


def test_a_verdict_that_another_package_does_not_share_is_a_warning() -> None:
    kind: dict[str, JSON] = {"type": "enum", "doc": "A kind.", "symbols": ["NO"], "default": "NO"}
    names: list[dict[str, JSON]] = [{"name": "Kind"}, {"name": "Sort", "aliases": ["Kind"]}]
    first, second = (
        record(
            "shop.Order", {"name": "kind", "doc": "Its kind.", "type": {**kind, **each}}, doc="A."
        )
        for each in names
    )
    texts = {PATH: first, "shop/order/v2.avsc": second, "shop/order/subject.toml": BACKWARD}
    (found,) = judge(case(texts))
    assert (found.rule, found.severity) == ("INTEROP", Severity.WARNING)
    assert (
        "avro says that v2 cannot read the data of v1, and it can: NAME_MISMATCH" in found.message
    )


def test_a_released_version_never_changes(schemas: Path) -> None:
    write(schemas, {PATH: ORDER + "\n"})
    assert changed_rules(schemas) == [(PATH, "CHANGED_RELEASE")]


def test_a_released_version_is_never_deleted(schemas: Path) -> None:
    (schemas / PATH).unlink()
    assert changed_rules(schemas) == [(PATH, "CHANGED_RELEASE")]


def test_a_change_that_is_committed_on_a_branch_is_found_too(schemas: Path) -> None:
    git(schemas, "switch", "--create", "topic")
    write(schemas, {PATH: record("shop.Order", ID, doc="Edited.")})
    commit(schemas.parent)
    assert changed_rules(schemas) == [(PATH, "CHANGED_RELEASE")]


def test_a_version_that_is_not_released_yet_may_change(schemas: Path) -> None:
    git(schemas, "switch", "--create", "topic")
    for doc in ("First.", "Second."):
        write(schemas, {"shop/order/v2.avsc": record("shop.Order", ID, doc=doc)})
        commit(schemas.parent)
        assert changed_rules(schemas) == []


def test_settings_may_change(schemas: Path) -> None:
    write(schemas, {"shop/order/subject.toml": 'owner = "a"'})
    commit(schemas.parent)
    write(schemas, {"shop/order/subject.toml": 'owner = "b"'})
    assert changed_rules(schemas) == []
