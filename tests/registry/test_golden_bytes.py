"""What a version has written, it and all newer ones read for ever, and read the same."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import registry
from registry import SchemaTree, SchemaVersion, Subject
from registry.errors import Undecodable
from registry.json_form import to_json
from registry.source import JSON
from tests.registry.golden_bytes import (
    COMMAND,
    FOLDER,
    advised,
    class_of,
    file_of,
    form,
    golden,
    read,
    seen,
)
from tests.registry.written_versions import Versions, written_versions
from tests.tools.trees import record

ROOT = Path(__file__).parents[2]
TREE = SchemaTree.load(ROOT / "schemas")
RENEW = bool(os.environ.get("RENEW_GOLDEN"))
VERSIONS = [str(each) for each in TREE.versions]
NEWEST = max(TREE.versions, key=lambda each: each.number)
CENTS: dict[str, JSON] = {"name": "cents", "type": "long"}
PRICE: dict[str, JSON] = {
    "name": "price",
    "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2},
}
STEP = """
from decimal import Decimal
from registry.records.probe.order import v1, v2
from registry.upgrades import upgrades

@upgrades(v1.Order, v2.Order)
def price(old: v1.Order) -> v2.Order:
    return v2.Order(price={price})
"""


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Versions]:
    with written_versions(tmp_path, monkeypatch) as made:
        yield made


def orders(versions: Versions, *texts: str) -> Subject:
    versions.add(*texts)
    return SchemaTree.from_texts(versions.texts)["probe.Order"]


def assert_travels(version: SchemaVersion, data: bytes, expected: object) -> None:
    """Assert that bytes stand for a JSON form, and the form for the bytes."""
    value = registry.read(data, version.schema, tagged=True)
    assert to_json(version.schema, value) == expected
    assert registry.write(value, version.schema) == data
    made = class_of(version)
    if made:
        found = made.from_avro(data)
        assert form(found) == expected
        assert found.to_avro() == data
        again = made.from_json(json.dumps(expected))
        assert again == found
        assert again.to_avro() == data


@pytest.mark.parametrize("name", VERSIONS)
def test_golden_bytes_decode_to_their_json_and_encode_to_themselves(name: str) -> None:
    version = TREE.version(name)
    written = golden(TREE[version.subject], version.number, renew=RENEW)["written"]
    assert written
    with advised(version):
        for each in written.values():
            assert_travels(version, bytes.fromhex(each["avro"]), each["json"])


@pytest.mark.parametrize("name", VERSIONS)
def test_golden_bytes_of_older_versions_are_read_as_recorded(name: str) -> None:
    version = TREE.version(name)
    subject = TREE[version.subject]
    recorded = golden(subject, version.number, renew=RENEW)["read"]
    with advised(version):
        assert recorded == read(subject, version.number, renew=RENEW)


def test_golden_bytes_are_those_of_versions_that_exist() -> None:
    known = {file_of(each) for each in TREE.versions}
    left_over = set(FOLDER.rglob("*.json")) - known
    assert not left_over, "Delete these: their versions are gone."


def test_a_version_without_golden_bytes_is_told_the_command(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"has no golden bytes\. .*RENEW_GOLDEN=1 \./invoke"):
        golden(TREE[NEWEST.subject], NEWEST.number, tmp_path)


def test_golden_bytes_are_made_where_they_are_missing_and_never_changed(tmp_path: Path) -> None:
    subject = TREE[NEWEST.subject]
    first = file_of(subject.versions[0], tmp_path)
    golden(subject, subject.latest.number, tmp_path, renew=True)
    made = first.read_bytes()
    first.write_bytes(made.replace(b"0", b"1"))
    golden(subject, subject.latest.number, tmp_path, renew=True)
    assert first.read_bytes() != made


def test_what_a_step_refuses_is_recorded_as_refused_and_the_rest_as_read(
    versions: Versions, tmp_path: Path
) -> None:
    subject = orders(versions, record("probe.Order", CENTS), record("probe.Order", PRICE))
    versions.step("probe/order.py", STEP.format(price="Decimal(old.cents).scaleb(-2)"))
    recorded = golden(subject, 2, tmp_path, renew=True)["read"]
    assert recorded["v1 filled 0"] == {"price": "0.64"}
    assert recorded["v1 filled 2"] == {"refused": "Unencodable: price"}
    assert recorded == read(subject, 2, tmp_path)


def test_a_bug_of_a_step_is_not_recorded(versions: Versions, tmp_path: Path) -> None:
    subject = orders(versions, record("probe.Order", CENTS), record("probe.Order", PRICE))
    versions.step("probe/order.py", STEP.format(price="old.euros"))
    with pytest.raises(AttributeError, match="euros"):
        golden(subject, 2, tmp_path, renew=True)
    assert not file_of(subject.latest, tmp_path).exists()


def test_a_missing_step_is_not_recorded_but_asked_for(versions: Versions) -> None:
    subject = orders(versions, record("probe.Order", CENTS), record("probe.Order", PRICE))
    with pytest.raises(
        AssertionError, match=r"Write the step in registry/upgrades/probe/order\.py"
    ):
        seen(b"\0", *subject.versions)


def test_whoever_edits_a_version_is_told_what_that_means_for_its_file() -> None:
    changed = record("common.Money", {"name": "amount", "type": "string"})
    tree = SchemaTree.from_texts({"common/money/v1.avsc": changed})
    written = golden(TREE["common.Money"], 1)["written"]
    (version,) = tree.versions
    with pytest.raises(Undecodable) as caught, advised(version):
        assert_travels(version, bytes.fromhex(written["example"]["avro"]), None)
    (told,) = caught.value.__notes__
    file = "tests/golden/bytes/common/money/v1.json"
    assert f"common.Money/1 is not as {file} says. Is it merged? Then neither may change" in told
    assert f"Not merged yet? Delete {file} and make it anew: {COMMAND}" in told
