"""Long arrays of numbers, which are looked at and decoded all together."""

import io
from typing import Any

import fastavro
import pytest
from hypothesis import given
from hypothesis import strategies as st

import registry
from registry.codec.varint import LONG
from registry.errors import Undecodable, Unencodable
from registry.schema import Schema

BITS = {"int": 31, "long": 63}
SCHEMAS = {kind: registry.parse({"type": "array", "items": kind}) for kind in BITS}


def numbers(kind: str) -> st.SearchStrategy[list[int]]:
    high = (1 << BITS[kind]) - 1
    edges = [0, -1, 63, 64, -64, -65, 8191, -8193, high, -high - 1]
    one = st.one_of(st.sampled_from(edges), st.integers(-high - 1, high))
    return st.lists(one, min_size=20, max_size=60)


def peer(schema: Schema, values: list[int]) -> bytes:
    out = io.BytesIO()
    fastavro.schemaless_writer(out, {"type": "array", "items": schema.items.type}, values)  # type: ignore[attr-defined]  # it is an array
    return out.getvalue()


@pytest.mark.parametrize("kind", BITS)
@given(drawn=st.data())
def test_the_bytes_are_those_of_the_peer_and_come_back(kind: str, drawn: st.DataObject) -> None:
    values = drawn.draw(numbers(kind))
    encoded = registry.write(values, SCHEMAS[kind])
    assert encoded == peer(SCHEMAS[kind], values)
    assert registry.read(encoded, SCHEMAS[kind]) == values


@pytest.mark.parametrize("kind", BITS)
@pytest.mark.parametrize("wrong", [True, 1.0, "1", None, 1 << 63, -(1 << 63) - 1, b"iiii", "i" * 5])
@pytest.mark.parametrize("place", [0, 17, 99])
def test_one_value_among_many_that_is_no_such_number_is_told(
    kind: str, wrong: Any, place: int
) -> None:
    values: list[Any] = [1 << 30] * 100
    values[place] = wrong
    with pytest.raises(Unencodable) as caught:
        registry.write(values, SCHEMAS[kind])
    assert caught.value.path == f"[{place}]"


def test_one_long_among_many_ints_is_told() -> None:
    with pytest.raises(Unencodable) as caught:
        registry.write([5] * 50 + [1 << 31] + [5] * 50, SCHEMAS["int"])
    assert caught.value.path == "[50]"


@pytest.mark.parametrize("place", [0, 50, 99])
@pytest.mark.parametrize(
    ("kind", "wrong", "reason"),
    [
        ("int", "8080808010", "range of int"),
        ("int", "808080808000", ""),
        ("int", "ffffffffffffffffff01", "range of int"),
        ("long", "ffffffffffffffffff02", "64 bits"),
        ("long", "ffffffffffffffffffff01", "64 bits"),
        ("long", "ff" * 30 + "01", "64 bits"),
    ],
)
def test_one_number_of_too_many_bits_among_many_is_told_at_its_place(
    kind: str, wrong: str, reason: str, place: int
) -> None:
    parts = [LONG[1 << 30]] * 100
    parts[place] = bytes.fromhex(wrong)
    encoded = LONG[100] + b"".join(parts) + b"\0"
    if reason:
        with pytest.raises(Undecodable, match=reason) as caught:
            registry.read(encoded, SCHEMAS[kind])
        assert caught.value.path == f"[{place}]"
    else:  # it is longer than it needs to be, and right
        assert registry.read(encoded, SCHEMAS[kind])[place] == 0


@given(numbers("long"), st.binary(max_size=40), st.integers(0, 3))
def test_what_follows_the_array_is_no_part_of_it(
    values: list[int], after: bytes, blocks: int
) -> None:
    fields: list[Any] = [
        {"name": "a", "type": {"type": "array", "items": "long"}},
        {"name": "b", "type": "bytes"},
    ]
    schema = registry.parse({"type": "record", "name": "R", "fields": fields})
    size = max(1, len(values) // (blocks + 1))
    parts = [values[at : at + size] for at in range(0, len(values), size)]
    array = b"".join(LONG[len(part)] + b"".join(LONG[n] for n in part) for part in parts)
    encoded = array + b"\0" + LONG[len(after)] + after
    assert registry.read(encoded, schema) == {"a": values, "b": after}
