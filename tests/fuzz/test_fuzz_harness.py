"""The fuzzer finds faults that are planted, and makes them small."""

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import registry
from registry.errors import Undecodable, Unencodable
from tests.fuzz import comparing, laws
from tests.fuzz import outcome as outcomes
from tests.fuzz.__main__ import main
from tests.fuzz.findings import Finding
from tests.fuzz.hunt import Hunt
from tests.fuzz.loose import Loose, varint
from tests.fuzz.others import DIED, SLOW, Others
from tests.fuzz.outcome import outcome
from tests.fuzz.places import places, replaced
from tests.fuzz.sameness import same, stands_for
from tests.fuzz.seeds import Seed, seeds
from tests.fuzz.shrinking import smallest
from tests.fuzz.trial import Trial
from tests.registry.strategies import data, schemas

MANY = 600.0  # seconds, which no test comes near, as each ends with its first finding
QUIET = settings(
    max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
Plant = Callable[[Callable[..., Any]], Callable[..., Any]]


@pytest.fixture(scope="module")
def others() -> Iterator[Others]:
    with Others() as made:
        yield made


def first(others: Others, module: Any, name: str, plant: Plant, word: str) -> Finding:
    """Plant a fault around a function, and hunt until a finding has a word in its kind."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, plant(getattr(module, name)))
        hunt = Hunt(others, MANY, lambda each: word in each.kind, shrinking=1)
        return next(found for seed in range(50) if (found := hunt.batch(seed)))


def test_an_untyped_exception_on_some_bytes_is_found_and_made_small(others: Others) -> None:
    def plant(read: Callable[..., Any]) -> Callable[..., Any]:
        def broken(encoded: bytes, *more: Any, **options: Any) -> Any:
            if b"\x80" in encoded:
                raise KeyError(encoded)
            return read(encoded, *more, **options)

        return broken

    found = first(others, registry, "read", plant, "KeyError in broken")
    assert found.data == b"\x80"
    assert f'bytes.fromhex("{found.data.hex()}")' in found.text()


def test_compiled_code_that_reads_another_value_is_found(others: Others) -> None:
    def plant(decode: Callable[..., Any]) -> Callable[..., Any]:
        def broken(*given: Any) -> Any:
            value = decode(*given)
            return 7 if value == 0 and type(value) is int else value

        return broken

    found = first(others, laws, "decode", plant, "compiled and walking: values differ")
    assert found.kind.endswith("int / int")


def test_compiled_code_that_blames_another_byte_is_found(others: Others) -> None:
    def plant(decode: Callable[..., Any]) -> Callable[..., Any]:
        def broken(*given: Any) -> Any:
            try:
                return decode(*given)
            except Undecodable as error:
                error.offset = 0
                raise

        return broken

    found = first(others, laws, "decode", plant, "compiled and walking: offsets")
    assert isinstance(found.data, bytes)


def test_a_value_unlike_that_of_fastavro_is_found(others: Others) -> None:
    def plant(differences: Callable[..., Any]) -> Callable[..., Any]:
        def broken(ours: Any, theirs: Any) -> Any:
            return differences(not ours if isinstance(ours, bool) else ours, theirs)

        return broken

    found = first(others, comparing, "differences", plant, "values: bool / bool")
    assert {"we", "fastavro"} <= found.said.keys()


def test_an_ill_typed_value_that_is_written_is_found(others: Others) -> None:
    def plant(write: Callable[..., Any]) -> Callable[..., Any]:
        def broken(value: Any, schema: Any) -> Any:
            try:
                return write(value, schema)
            except Unencodable:
                return b"\0"

        return broken

    found = first(others, registry, "write", plant, "read back as another")
    assert "value = " in found.text()


def test_an_error_that_names_another_path_is_found(others: Others) -> None:
    def plant(write: Callable[..., Any]) -> Callable[..., Any]:
        def broken(*given: Any) -> Any:
            try:
                return write(*given)
            except Unencodable as error:
                error.path = "elsewhere"
                raise

        return broken

    found = first(others, registry, "write", plant, "the path leads elsewhere")
    assert found.said["path"] == "elsewhere"


def test_the_same_seed_finds_the_same() -> None:
    def plant(read: Callable[..., Any]) -> Callable[..., Any]:
        def broken(encoded: bytes, *more: Any, **options: Any) -> Any:
            if len(encoded) > 3:
                raise LookupError
            return read(encoded, *more, **options)

        return broken

    texts = set()
    for _ in range(2):
        with Others() as others:
            texts.add(first(others, registry, "read", plant, "LookupError").text())
    assert len(texts) == 1


def test_what_hangs_is_stopped() -> None:
    def hang() -> None:
        while True:
            pass

    found = outcome(hang, seconds=0.05)
    assert found.fault
    assert found.fault[0] == "slow"


def test_a_call_that_raises_the_peak_of_memory_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    peaks = iter((1 << 20, 1 << 30))
    monkeypatch.setattr(outcomes, "_peak", lambda: next(peaks))
    found = outcome(lambda: None)
    assert found.fault
    assert found.fault[0] == "memory"


def test_a_peer_that_dies_or_hangs_is_replaced() -> None:
    own = {"type": "record", "name": "R", "fields": [{"name": "r", "type": "R"}]}
    nulls = json.dumps({"type": "array", "items": "null"})
    endless = varint(1 << 62) + b"\0"
    with Others(patience=1) as others:
        deadly = others.read(json.dumps(own), "", [b""])
        slow = others.read(nulls, "", [b"\0", endless])
        assert deadly[0].error
        assert slow[0].value == []
        assert slow[1].error in (DIED, SLOW) or "MemoryError" in slow[1].error
        assert others.read('"int"', "", [b"\x02"])[0] == (1, 1, "")


def test_the_words_of_a_finding_are_made_fewer_while_they_show_it() -> None:
    def shown(found: bytes) -> Finding | None:
        return Finding("k", "c", "bytes", data=found) if b"\x07" in found else None

    made = smallest(Finding("k", "c", "bytes"), bytes(range(100)), shown)
    assert made.data == b"\x07"


@QUIET
@given(schemas(logical=False), st.data(), st.integers(0, 99))
def test_the_second_encoder_writes_what_fastavro_and_we_read(
    made: Any, drawn: st.DataObject, rolls: int
) -> None:
    schema = registry.parse(json.dumps(made))
    value = drawn.draw(data(schema))
    loose = Loose(schema, value, Random(rolls))  # noqa: S311 repeatable, not secret
    assert same(registry.read(bytes(loose.data), schema, tagged=True), value)
    assert all(varint_at(loose.data[start:end]) for start, end in loose.numbers)


def varint_at(raw: bytearray) -> bool:
    return all(byte & 0x80 for byte in raw[:-1]) and not raw[-1] & 0x80


@QUIET
@given(schemas(), st.data())
def test_every_place_of_a_value_can_be_replaced(made: Any, drawn: st.DataObject) -> None:
    schema = registry.parse(json.dumps(made))
    value = drawn.draw(data(schema))
    place = drawn.draw(st.sampled_from(list(places(schema, value))))
    assert same(replaced(value, place.steps, place.value), value)
    mark = object()
    found = replaced(value, place.steps, mark)
    for step in place.steps:
        found = found[step]
    assert found is mark


@pytest.mark.parametrize(
    ("given", "got", "fits"),
    [
        ((1, 2), [1, 2], True),
        (1, 1.0, True),
        (0.1, 0.10000000149011612, True),
        (0.1, 0.2, False),
        (True, 1, False),
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": 1}, {"a": 2}, False),
        (("int", 3), ("int", 3), True),
        (3, ("int", 4), False),
        (bytearray(b"a"), b"a", True),
    ],
)
def test_what_is_read_back_is_held_against_what_was_given(
    given: Any, got: Any, *, fits: bool
) -> None:
    assert stands_for(given, got) is fits


@QUIET
@given(seed=seeds())
def test_a_case_is_tried_in_all_ways(seed: Seed, others: Others) -> None:
    """That nothing is found is for the hunt to say, which has the time to look."""
    hunt = Hunt(others, MANY)
    kinds = [each.kind for each in hunt.judged(seed)]
    assert all(kinds)
    assert hunt.tried >= len(Trial(seed, others).mutants)


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--minutes", "0.02", "--seed", "5"])
    told = capsys.readouterr().out
    assert "a second), seed 5, findings: " in told
    assert code == int("FINDING" in told)


@pytest.mark.parametrize("minutes", ["nan", "inf", "-inf", "0", "-1", "1e308", "long"])
def test_a_hunt_that_would_not_begin_or_not_end_is_refused(
    minutes: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([f"--minutes={minutes}"])
    assert ended.value.code == 2
    said = f"{minutes} is no time to hunt. Give a number above 0, such as --minutes 1."
    assert said in capsys.readouterr().err
