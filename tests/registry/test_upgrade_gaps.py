"""Versions that no way leads between, found before a record meets them."""

import importlib
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.errors import Undecodable
from registry.source import JSON
from registry.testing import assert_no_upgrade_gaps, records, upgrade_gaps
from registry.upgrades import label
from registry.upgrading import upgrade
from tests.registry.written_versions import Versions, written_versions
from tests.tools.trees import record

NUMBER: dict[str, JSON] = {"name": "number", "type": "int"}
SOFT: dict[str, JSON] = {**NUMBER, "default": 1}
STEP = """
from registry.records.probe.order import v1, v2
from registry.upgrades import upgrades

@upgrades(v1.Order, v2.Order)
def number(old: v1.Order) -> v2.Order:
    return v2.Order(number=0)
"""


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Versions]:
    with written_versions(tmp_path, monkeypatch) as made:
        yield made


def test_every_version_of_this_repository_can_be_upgraded() -> None:
    assert_no_upgrade_gaps()


def test_every_pair_of_versions_without_a_way_is_a_gap(versions: Versions) -> None:
    versions.add(*(record("probe.Order", *fields) for fields in ((), (NUMBER,), (NUMBER,))))
    package = importlib.import_module("registry.records.probe")
    found = [(gap.old, gap.new) for gap in upgrade_gaps(package)]
    assert found == [("probe.Order/1", "probe.Order/2"), ("probe.Order/1", "probe.Order/3")]
    assert found == [(gap.old, gap.new) for gap in upgrade_gaps()]


def test_what_is_missing_is_said_once_with_what_to_write(versions: Versions) -> None:
    versions.add(*(record("probe.Order", *fields) for fields in ((), (NUMBER,), (NUMBER,))))
    with pytest.raises(AssertionError) as caught:
        assert_no_upgrade_gaps(importlib.import_module("registry.records.probe"))
    lines = str(caught.value).splitlines()
    assert len(lines) == 1
    assert lines[0].endswith("upgrades/probe/order.py, under @upgrades(v1.Order, v2.Order).")


def test_a_step_closes_a_gap(versions: Versions) -> None:
    versions.add(record("probe.Order"), record("probe.Order", NUMBER))
    versions.step("probe/order.py", STEP)
    assert upgrade_gaps([versions("Order", number) for number in (1, 2)]) == []


def test_classes_are_taken_from_a_single_module_or_from_those_given(versions: Versions) -> None:
    versions.add(record("probe.Order"), record("probe.Order", NUMBER))
    first, second = (versions("Order", number) for number in (1, 2))
    assert upgrade_gaps(importlib.import_module("registry.records.probe.order.v1")) == []
    assert upgrade_gaps([second]) == []
    assert [(gap.start, gap.end) for gap in upgrade_gaps([second, first])] == [(first, second)]


def test_modules_of_enums_and_of_fixed_have_no_records_to_upgrade(versions: Versions) -> None:
    versions.add('{"type": "enum", "name": "Colour", "namespace": "probe", "symbols": ["A"]}')
    versions.add('{"type": "enum", "name": "Colour", "namespace": "probe", "symbols": ["B"]}')
    assert upgrade_gaps(importlib.import_module("registry.records.probe")) == []


@settings(max_examples=30)  # each of them writes modules and imports them
@given(
    st.lists(st.sampled_from([(), (NUMBER,), (SOFT,)]), min_size=2, max_size=4),
    st.integers(0, 1),
    st.data(),
)
def test_a_record_can_be_upgraded_if_and_only_if_there_is_no_gap(
    histories: list[tuple[dict[str, JSON], ...]], steps: int, drawn: st.DataObject
) -> None:
    with (
        TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        written_versions(Path(folder), patch) as versions,
    ):
        versions.add(*(record("probe.Order", *fields) for fields in histories))
        if steps and histories[1]:
            versions.step("probe/order.py", STEP)
        classes = [versions("Order", number + 1) for number in range(len(histories))]
        separated = {(gap.old, gap.new) for gap in upgrade_gaps(classes)}
        for old, new in combinations(classes, 2):
            made = drawn.draw(records(old))
            if (label(old), label(new)) in separated:
                with pytest.raises(Undecodable):
                    upgrade(new, made)
            else:
                assert type(upgrade(new, made)) is new
