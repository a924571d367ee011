"""Who is affected: the services, consumers and owners that a breaking finding names."""

import json
from pathlib import Path

import pytest

from registry.source import JSON
from registry.tree import SchemaTree
from tests.tools.trees import commit, record, write
from tools import check
from tools.affected import Users, sources
from tools.finding import Finding

ID: dict[str, JSON] = {"name": "id", "doc": "The id.", "type": "long"}
LINE_1 = record("shop.Line", ID, doc="A line.")
LINE_2 = record(
    "shop.Line", ID, {"name": "note", "doc": "A note.", "type": "string"}, doc="A line."
)
ORDER = record(
    "shop.Order",
    {"name": "line", "doc": "Its line.", "type": "Line"},
    references=[{"name": "shop.Line", "version": 1}],
    doc="An order.",
)
TREE = {"shop/line/v1.avsc": LINE_1, "shop/order/v1.avsc": ORDER}
IMPORT = "from registry.records.shop.{}.v1 import {}\n"


def affected(texts: dict[str, str], services: dict[str, str], tmp_path: Path) -> tuple[str, ...]:
    """Return whom a break with shop.Line/1 affects, paths without the folder of the services."""
    users = Users.of(SchemaTree.from_texts(texts), write(tmp_path, services))
    found = users.named(Finding("f", "RULE", "Why.", versions=("shop.Line/1",)))
    return tuple(each.replace(f"{tmp_path.as_posix()}/", "") for each in found.affected)


def test_services_are_named_by_file_and_line(tmp_path: Path) -> None:
    services = {
        "stock/api.py": "import os\n\n" + IMPORT.format("line", "Line"),
        "stock/openapi.yaml": "a: {$ref: 'avro:shop.Line/1'}\n",
        "stock/other.py": "from registry.records import nothing\n",
        "stock/notes.txt": IMPORT.format("line", "Line"),
    }
    assert affected(TREE, services, tmp_path) == (
        "stock/api.py:3 uses shop.Line/1",
        "stock/openapi.yaml:1 uses shop.Line/1",
    )


def test_a_file_that_uses_a_version_often_is_named_once(tmp_path: Path) -> None:
    services = {"stock/openapi.yaml": "a: {$ref: 'avro:shop.Line/1'}\n" * 3}
    expected = ("stock/openapi.yaml:1, 2, 3 uses shop.Line/1",)
    assert affected(TREE, services, tmp_path) == expected


def test_who_uses_a_type_through_another_is_named_too(tmp_path: Path) -> None:
    services = {"sales/events.py": IMPORT.format("order", "Order")}
    expected = ("sales/events.py:1 uses shop.Order/1, and shop.Line/1 through it",)
    assert affected(TREE, services, tmp_path) == expected


def test_a_chain_of_pins_is_followed_once(tmp_path: Path) -> None:
    pins: JSON = [{"name": "shop.Order", "version": 1}, {"name": "shop.Line", "version": 1}]
    fields: list[dict[str, JSON]] = [
        {"name": "order", "type": "Order"},
        {"name": "line", "type": "Line"},
    ]
    texts = {**TREE, "shop/basket/v1.avsc": record("shop.Basket", *fields, references=pins)}
    services = {"sales/events.py": IMPORT.format("basket", "Basket")}
    expected = ("sales/events.py:1 uses shop.Basket/1, and shop.Line/1 through it",)
    assert affected(texts, services, tmp_path) == expected


def test_consumers_outside_and_owners_are_named(tmp_path: Path) -> None:
    settings = (
        'owner = "stock"\n'
        '[[consumers]]\nname = "warehouse"\ncontact = "data@example.org"\nversions = [1]\n'
        '[[consumers]]\nname = "auditors"\n'
        '[[consumers]]\nname = "museum"\nversions = [7]\n'
    )
    texts = {**TREE, "shop/line/subject.toml": settings}
    assert affected(texts, {}, tmp_path) == (
        "warehouse (data@example.org), outside, reads shop.Line/1",
        "auditors, outside, reads shop.Line/1",
        "stock, who own shop.Line",
    )


def test_a_consumer_of_what_pins_the_type_is_named(tmp_path: Path) -> None:
    texts = {**TREE, "shop/order/subject.toml": '[[consumers]]\nname = "tax office"\n'}
    expected = ("tax office, outside, reads shop.Order/1, and shop.Line/1 through it",)
    assert affected(texts, {}, tmp_path) == expected


def test_a_finding_that_breaks_nothing_affects_nobody(tmp_path: Path) -> None:
    users = Users.of(SchemaTree.from_texts(TREE), write(tmp_path, {"a.py": "import os\n"}))
    finding = Finding("f", "RULE", "Why.")
    assert users.named(finding) is finding


def test_sources_are_read_whatever_their_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"\xff = 1\n")
    assert list(sources(tmp_path)) == [(tmp_path / "a.py").as_posix()]


def test_the_gate_names_those_affected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    services = {"services/stock/api.py": IMPORT.format("line", "Line")}
    write(tmp_path, services)
    schemas = write(tmp_path / "schemas", {**TREE, "shop/line/v2.avsc": LINE_2})
    folder = tmp_path / "services"
    options = check.Options(schemas=schemas, services=folder, form="json")
    assert check.main(options) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    (row,) = [each for each in found if each["severity"] == "error"]
    assert row["versions"] == ["shop.Line/1"]
    assert row["affected"] == [f"{folder.as_posix()}/stock/api.py:1 uses shop.Line/1"]


@pytest.mark.parametrize(
    ("status", "released", "code", "rule"),
    [
        ("retired", True, 1, "RETIRED_USE"),
        ("retired", False, 1, "RETIRED_USE"),
        ("deprecated", False, 0, "DEPRECATED_USE"),
        ("deprecated", True, 0, ""),
    ],
)
def test_a_service_may_go_on_with_what_is_deprecated_and_not_with_what_is_retired(
    status: str,
    released: bool,  # noqa: FBT001 a column of the table
    code: int,
    rule: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    schemas = write(tmp_path / "schemas", {"shop/line/v1.avsc": LINE_1})
    write(schemas, {"shop/line/subject.toml": f'status = "{status}"\n'})
    services = {"services/stock/api.py": IMPORT.format("line", "Line")}
    write(tmp_path, services if released else {"services/stock/api.py": ""})
    commit(tmp_path)
    write(tmp_path, services)
    options = check.Options(schemas=schemas, services=tmp_path / "services", form="json")
    assert check.main(options) == code
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [each["rule"] for each in found] == [rule] * bool(rule)
