import json
from collections.abc import Callable

import pytest

from registry.records.common.money.v1 import Money
from services.chassis.bodies import parse_json, pointer, record_of
from services.chassis.errors import InvalidBody

NESTS = {"array": lambda inner: [inner], "object": lambda inner: {"a": inner}}


@pytest.mark.parametrize("nest", NESTS.values(), ids=NESTS.keys())
def test_values_nest_64_deep_and_no_deeper(nest: Callable[[object], object]) -> None:
    value: object = 1
    for _ in range(64):
        value = nest(value)
    assert parse_json(json.dumps(value).encode()) == value
    with pytest.raises(InvalidBody, match="More than 64"):
        parse_json(json.dumps(nest(value)).encode())


def test_many_values_beside_each_other_are_not_deep() -> None:
    value = [[each] for each in range(1000)]
    assert parse_json(json.dumps(value).encode()) == value


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e999", "[1, -1e999]"])
def test_a_number_that_is_not_finite_is_refused(text: str) -> None:
    with pytest.raises(InvalidBody):
        parse_json(text.encode())


def test_a_fraction_is_read_as_python_reads_it() -> None:
    assert parse_json(b"[0.1, 1e3, -2.5]") == [0.1, 1000.0, -2.5]


def test_a_pointer_escapes_what_it_must() -> None:
    assert pointer(["a/b", 0, "c~d"]) == "/a~1b/0/c~0d"


def test_what_only_the_schema_knows_is_told_at_its_place() -> None:
    with pytest.raises(InvalidBody, match=r"^/amount: "):
        record_of(Money, {"amount": "1.005", "currency": "EUR"})
