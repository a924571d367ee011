"""The benchmarks run, measure real work, and tell a ratio that will do from one that will not."""

import json
import math
from collections.abc import Callable
from importlib.util import find_spec

import pytest

from registry.tree import SchemaTree
from tests.benchmarks import gate, pairs, synthetic
from tests.benchmarks.__main__ import main
from tests.benchmarks.services import measure as services
from tests.benchmarks.services import parts
from tests.benchmarks.table import Row, table
from tests.conformance.rows import rows


def test_a_ratio_within_its_bounds_is_ok_and_another_is_not() -> None:
    slow = Row(what="a", ours="1 s", peer="1 s", ratio=1.0, least=2)
    fast = Row(what="b", ours="1 s", peer="3 s", ratio=3.0, least=2, most=10)
    assert (slow.ok, fast.ok) == (False, True)
    assert table([slow, fast]).splitlines() == [
        "what | ours | peer | ratio | gate       | ok",
        "a    | 1 s  | 1 s  | 1.00  | >= 2       | NO",
        "b    | 1 s  | 3 s  | 3.00  | >= 2 <= 10 | yes",
    ]


def test_a_row_without_a_ratio_is_told_and_not_judged() -> None:
    row = Row(what="memory", ours="1 MiB")
    assert row.ok
    assert row.cells == ("memory", "1 MiB", "", "", "", "")


def test_the_exit_code_says_whether_all_is_within_bounds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = (Row(what="", ours="", ratio=ratio, least=2) for ratio in (3.0, 1.0))
    fakes = {"good": (lambda: [good],), "bad": (lambda: [bad],)}
    monkeypatch.setattr("tests.benchmarks.__main__.BENCHMARKS", fakes)
    assert (main(["good"]), main(["bad"]), main([]), main(["other"])) == (0, 1, 1, 2)
    assert "There are: good, bad." in capsys.readouterr().err


def test_pairs_are_parsed_and_checked_by_both() -> None:
    (row,) = pairs.measure(rounds=1)
    assert math.isfinite(row.ratio)
    assert row.least == pairs.WANTED


@pytest.mark.filterwarnings("ignore::avro.errors.IgnoredLogicalType")
@pytest.mark.parametrize(("judge", "share"), [(pairs.ours, 0.99), (pairs.theirs, 0.95)])
def test_what_is_measured_gives_the_verdicts_of_the_sample(
    judge: Callable[[pairs.Pair], bool], share: float
) -> None:
    """All but those whose writer has a bad default, and those that the peer gets wrong."""
    agreed = [row for row in rows("pairs") if row["agreed"]]
    found = [judge((json.dumps(row["reader"]), json.dumps(row["writer"]))) for row in agreed]
    right = [row["specification"] == "COMPATIBLE" for row in agreed]
    assert sum(map(bool.__eq__, found, right)) > share * len(agreed)


def test_the_synthetic_tree_is_sound_and_refers_across_files() -> None:
    tree = SchemaTree.from_texts(dict(synthetic.texts(10)))
    assert len(tree.versions) == 10 * synthetic.VERSIONS
    assert sum(bool(each.references) for each in tree.versions) == 8 * synthetic.VERSIONS


def test_the_gate_is_measured_cold_with_one_change_and_as_the_tree_grows() -> None:
    change, growth, *memory = gate.measure(subjects=20, rounds=1)
    assert (change.least, growth.most) == (5, 10)
    assert min(change.ratio, growth.ratio) > 0
    assert all(row.ours.endswith(" MiB") for row in memory)


def test_services_are_measured_beside_the_stock_stack_two_peers_and_their_own_edge() -> None:
    installed = [each for each in services.PEERS.values() if find_spec(each)]
    rows_found = list(services.measure(rounds=1))
    assert len(rows_found) == 3 * (2 + len(installed))
    assert [row.least for row in rows_found if math.isfinite(row.least)] == [2.0, 4.5, 1.8]
    assert all(row.ratio > 0 for row in rows_found)


def test_the_parts_of_a_request_are_measured_each_with_and_without() -> None:
    rows_found = list(parts.measure(rounds=1))
    assert [row.what.rpartition(" of ")[2] for row in rows_found] == [
        "a bearer token",
        "figures",
        "an ETag",
    ]
    assert all(row.ratio > 0 for row in rows_found)
