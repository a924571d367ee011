"""What the benchmark of the codec measures is real work: every contestant gives the same data."""

import dataclasses
import gc
import math
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from registry import Record, container
from registry.parsing import parse
from registry.records.items.item.v2 import Item
from registry.schema import RecordSchema, named_types
from tests.benchmarks.__main__ import BENCHMARKS
from tests.benchmarks.codec import alerts, arrays, files, generating, imports, older, records, shop
from tests.benchmarks.codec.generated import record_class
from tests.benchmarks.codec.measure import bounded_first, measure
from tests.benchmarks.codec.peers import PEERS, Peer, with_texts
from tests.benchmarks.codec.sample import Sample, fastavro, ours
from tests.benchmarks.codec.turns import amount, race
from tests.benchmarks.table import Row

SMALL = {each.name: each for each in (*shop.samples(), *arrays.samples(10))}
EXAMPLES = {each.name: each for each in shop.samples()}
PUBLISHED = {each.name: each for each in alerts.samples()}
needs_alerts = pytest.mark.skipif(not PUBLISHED, reason=alerts.ABSENT)


def plain(value: Any) -> Any:
    """Return dataclasses, and what other packages have in their place, as dictionaries."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    kind = type(value)
    names = getattr(kind, "model_fields", None) or getattr(kind, "__struct_fields__", None)
    if dataclasses.is_dataclass(kind):
        names = [each.name for each in dataclasses.fields(kind)]
    return {name: plain(getattr(value, name)) for name in names} if names else value


def compare(sample: Sample) -> None:
    mine, theirs = ours(sample), fastavro(sample)
    assert mine.encode() == theirs.encode() == sample.data
    assert plain(mine.decode()) == theirs.decode() == sample.datum


def compare_peer(peer: Peer, sample: Sample) -> None:
    if not peer.is_installed:
        pytest.skip(f"{peer.package} is not installed: it is in requirements/bench.lock only")
    codec = peer.codec(sample)
    decoded = plain(codec.decode())
    assert decoded in (sample.datum, with_texts(sample.datum))
    assert (codec.encode() == sample.data) == (peer.package != "msgspec")


@pytest.mark.parametrize("name", SMALL)
def test_ours_and_fastavro_write_the_same_bytes_and_read_the_same_values(name: str) -> None:
    compare(SMALL[name])


@needs_alerts
def test_ours_and_fastavro_agree_on_the_published_alerts() -> None:
    for sample in PUBLISHED.values():
        compare(sample)


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.package)
def test_a_peer_gives_back_the_datum(peer: Peer, name: str) -> None:
    compare_peer(peer, EXAMPLES[name])


@needs_alerts
@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.package)
def test_a_peer_gives_back_the_published_alerts(peer: Peer) -> None:
    for sample in PUBLISHED.values():
        compare_peer(peer, sample)


@pytest.mark.parametrize(("old", "new"), shop.older(), ids=lambda sample: sample.name)
def test_both_read_the_first_version_into_the_same_second_one(old: Sample, new: Sample) -> None:
    contestants = older.contestants(old, new)
    made = contestants["ours"]()
    assert isinstance(made, new.made)
    assert plain(made) == contestants["fastavro"]()
    assert plain(made).keys() == new.datum.keys() > old.datum.keys()


@needs_alerts
def test_an_empty_alert_has_only_what_its_schema_asks_for() -> None:
    published, empty = (PUBLISHED[name] for name in list(PUBLISHED)[:2])
    assert {key for key, each in empty.datum.items() if each is not None} == {
        "schemavsn",
        "publisher",
        "objectId",
        "candid",
        "candidate",
    }
    assert None in empty.datum["candidate"].values()
    assert empty.datum["candidate"].keys() == published.datum["candidate"].keys()
    assert f"{len(empty.data)} bytes" in empty.name


def test_alerts_that_are_not_there_are_told_of_and_the_rest_is_measured(tmp_path: Path) -> None:
    first, *others = records.measure_records(1, tmp_path)
    assert first.what == alerts.ABSENT
    assert sum(math.isfinite(row.most) for row in others) == 4


def test_each_peer_that_is_installed_has_a_row_and_another_is_told_of() -> None:
    absent = Peer("a peer", "no_such_package", fastavro)
    present = Peer("another", "fastavro", fastavro)
    told, encode, decode, peer = records.rows(shop.samples()[:1], (absent, present), 1)
    assert told.what == "a peer: skipped, no_such_package is not installed"
    assert (encode.most, decode.most) == shop.BOUNDS
    assert min(encode.ratio, decode.ratio) > 0
    assert (peer.what, peer.most) == ("items.Item/2, another", math.inf)


def test_arrays_of_each_primitive_are_measured_both_ways() -> None:
    rows = list(records.measure_arrays(1, 3))
    assert len(rows) == 2 * len(list(arrays.samples(1)))
    assert {row.most for row in rows} == {1.2}
    assert arrays.KINDS.keys() == {
        "boolean",
        "int",
        "long",
        "float",
        "double",
        "bytes",
        "string",
    }


def test_first_versions_into_the_second_are_measured() -> None:
    assert [(row.what, row.most) for row in older.measure(1)] == [
        ("items.Item/1 into items.Item/2, decode", 0.45),
        ("rooms.Room/1 into rooms.Room/2, decode", 0.45),
    ]


@pytest.mark.parametrize("codec", files.CODECS)
def test_both_write_and_read_the_same_items_in_files_of_the_same_codec(
    codec: container.Codec,
) -> None:
    both = files.Files(3)
    for write in both.writers(codec).values():
        data = write()
        assert isinstance(data, bytes)
        assert container.header(BytesIO(data)).codec == codec
        assert list(container.read(BytesIO(data), Item)) == both.records
    mine, theirs = (read() for read in both.readers(codec).values())
    assert plain(mine) == theirs == both.dictionaries[-1]


def test_files_of_each_codec_are_measured_both_ways() -> None:
    rows = list(files.measure(1, 20))
    assert [row.what.rpartition(", ")[2] for row in rows] == ["write", "read"] * len(files.CODECS)
    assert all(row.ratio > 0 for row in rows)


def test_generated_schemas_have_16_fields_and_5_named_types_and_no_two_are_alike() -> None:
    schema = parse(generating.text(7))
    assert isinstance(schema, RecordSchema)
    assert (len(schema.fields), len(named_types(schema))) == (16, 5)
    assert generating.text(7) != generating.text(8)
    assert issubclass(record_class(generating.text(7)), Record)


def test_generating_and_parsing_are_measured_apart() -> None:
    generated, parsed = generating.measure(3, 2)
    assert 0 < generated.ratio < math.inf
    assert (generated.most, parsed.most) == (1.5, math.inf)


def test_an_import_is_measured_in_milliseconds_in_a_process_of_its_own() -> None:
    (row,) = imports.measure(1)
    assert row.ours == f"{row.ratio:.2f} ms"
    assert row.ratio > 0


@pytest.fixture
def journal() -> list[str]:
    return []


def note(journal: list[str], name: str) -> Callable[[], object]:
    return lambda: journal.append(name)


def test_contestants_take_turns(journal: list[str]) -> None:
    race({name: note(journal, name) for name in "ab"}, rounds=3, least=0)
    warming, turns = journal[:2], journal[2:]
    assert (warming, turns) == (["a", "b"], ["a", "b"] * 3)


def test_a_contestant_that_is_too_fast_for_the_clock_is_called_more_often(
    journal: list[str],
) -> None:
    times = race({"a": note(journal, "a")}, rounds=1, least=0.001)
    assert len(journal) > 100
    assert 0 < times["a"] < 0.001


def test_who_does_more_takes_longer() -> None:
    times = race({"more": lambda: sum(range(100_000)), "less": lambda: sum(range(10))}, 3)
    assert times["more"] > 10 * times["less"]


def test_the_garbage_collector_is_off_in_a_race_and_on_after_it_however_that_ends() -> None:
    seen: list[bool] = []

    def fail() -> None:
        seen.append(gc.isenabled())
        raise RuntimeError("out of breath")

    with pytest.raises(RuntimeError, match="out of breath"):
        race({"a": fail})
    assert (seen, gc.isenabled()) == ([False], True)


@pytest.mark.parametrize(
    ("seconds", "text"), [(1.5, "1.50 s"), (0.0021, "2.10 ms"), (4.56e-6, "4.56 µs")]
)
def test_an_amount_of_time_has_the_unit_that_suits_it(seconds: float, text: str) -> None:
    assert amount(seconds) == text


def test_rows_with_a_bound_stand_before_those_that_only_tell() -> None:
    told, bounded = Row(what="a", ours=""), Row(what="b", ours="", ratio=1, most=2)
    assert bounded_first([told, bounded, told]) == [bounded, told, told]
    assert BENCHMARKS["codec"] == (measure,)
