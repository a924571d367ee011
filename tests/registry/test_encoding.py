"""Values to bytes and back: every type, what is refused, and where."""

from types import MappingProxyType
from typing import Any

import pytest

import registry
from registry.errors import LimitExceeded, Undecodable, Unencodable
from registry.limits import Limits

ENUM: dict[str, Any] = {"type": "enum", "name": "E", "symbols": ["A", "B"]}
FIXED: dict[str, Any] = {"type": "fixed", "name": "F", "size": 2}
PAIR: dict[str, Any] = {
    "type": "record",
    "name": "P",
    "fields": [{"name": "x", "type": "int"}, {"name": "y", "type": "string", "default": "d"}],
}
LINKED: dict[str, Any] = {
    "type": "record",
    "name": "L",
    "fields": [{"name": "next", "type": ["null", "L"]}],
}
INTS: dict[str, Any] = {"type": "array", "items": "int"}
FLAGS: dict[str, Any] = {"type": "map", "values": "boolean"}


@pytest.mark.parametrize(
    ("kind", "value", "encoded"),
    [
        ("null", None, ""),
        ("boolean", True, "01"),
        ("boolean", False, "00"),
        ("int", -64, "7f"),
        ("int", 64, "8001"),
        ("int", -(1 << 31), "ffffffff0f"),
        ("long", (1 << 63) - 1, "feffffffffffffffff01"),
        ("long", -(1 << 63), "ffffffffffffffffff01"),
        ("float", 1.5, "0000c03f"),
        ("double", -0.0, "0000000000000080"),
        ("double", float("inf"), "000000000000f07f"),
        ("bytes", b"\x00\xff", "0400ff"),
        ("string", "é", "04c3a9"),
        (ENUM, "B", "02"),
        (FIXED, b"ab", "6162"),
        (INTS, [], "00"),
        (INTS, [1, -1], "04020100"),
        (FLAGS, {"k": True}, "02026b0100"),
        (["null", "int"], 3, "0206"),
        (["null", "int"], None, "00"),
        (PAIR, {"x": 1, "y": "z"}, "02027a"),
    ],
)
def test_a_value_has_the_bytes_of_the_specification(kind: Any, value: Any, encoded: str) -> None:
    schema = registry.parse({"type": kind} if isinstance(kind, str) else kind)
    assert registry.write(value, schema).hex() == encoded
    back = registry.read(bytes.fromhex(encoded), schema)
    assert (type(back), back) == (type(value), value)


def test_a_field_that_is_left_out_is_written_with_its_default() -> None:
    assert registry.write({"x": 1}, registry.parse(PAIR)) == b"\x02\x02d"


def test_other_mappings_and_sequences_than_those_that_are_read_may_be_written() -> None:
    assert registry.write(MappingProxyType({"x": 1}), registry.parse(PAIR)) == b"\x02\x02d"
    assert registry.write((1,), registry.parse(INTS)) == b"\x02\x02\x00"
    assert registry.write(bytearray(b"ab"), registry.parse(FIXED)) == b"ab"
    assert registry.write(memoryview(b"ab"), registry.parse({"type": "bytes"})) == b"\x04ab"


@pytest.mark.parametrize(
    "encoded", ["04020400", "03" + "04" + "0204" + "00", "0202" + "01" + "02" + "04" + "00"]
)
def test_the_elements_of_an_array_may_come_in_blocks_with_or_without_their_size(
    encoded: str,
) -> None:
    assert registry.read(bytes.fromhex(encoded), registry.parse(INTS)) == [1, 2]


UNION: list[Any] = ["null", "int", "long", "string", ENUM, {"type": "array", "items": "int"}, PAIR]


@pytest.mark.parametrize(
    ("value", "branch"),
    [
        (None, 0),
        ("C", 3),
        ([1], 5),
        ({"x": 1}, 6),
        (("E", "A"), 4),
        (("long", 1), 2),
        (("null", None), 0),
    ],
)
def test_a_value_of_a_union_goes_to_the_branch_that_it_fits(value: Any, branch: int) -> None:
    schema = registry.parse(UNION)
    encoded = registry.write(value, schema)
    assert encoded[0] == 2 * branch
    tagged = registry.read(encoded, schema, tagged=True)
    assert registry.write(tagged, schema) == encoded


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (1, "any of int, long"),
        ("A", "any of string, E"),
        (1.5, "one of null, int"),
        (True, "one of"),
        ({"z": 1}, "one of"),
    ],
)
def test_a_value_of_a_union_that_fits_several_branches_or_none_is_refused(
    value: Any,
    reason: str,
) -> None:
    with pytest.raises(Unencodable, match=reason):
        registry.write(value, registry.parse(UNION))


NESTED: dict[str, Any] = {
    "type": "record",
    "name": "R",
    "fields": [{"name": "m", "type": {"type": "map", "values": {"type": "array", "items": PAIR}}}],
}


@pytest.mark.parametrize(
    ("kind", "value", "path", "expected"),
    [
        ("null", 0, "", "None"),
        ("boolean", 1, "", "a bool"),
        ("int", 1 << 31, "", "an int from -2147483648 to 2147483647"),
        ("int", True, "", "an int"),
        ("int", 1.0, "", "an int"),
        ("long", 1 << 63, "", "an int from"),
        ("float", 1e39, "", "a float of 4 bytes"),
        pytest.param("double", 10**400, "", "a float of 8 bytes", id="huge"),
        ("double", "1", "", "a float"),
        ("bytes", "text", "", "bytes"),
        ("string", b"raw", "", "a str"),
        ("string", "\ud800", "", "text without lone surrogates"),
        (ENUM, "C", "", "one of A, B"),
        (ENUM, 0, "", "one of A, B"),
        (FIXED, b"abc", "", "2 bytes"),
        (INTS, {1, 2}, "", "a list"),
        (INTS, [1, "x"], "[1]", "an int"),
        (FLAGS, [1], "", "a mapping"),
        (FLAGS, {1: True}, "[1]", "a str"),
        (FLAGS, {"k": 1}, "['k']", "a bool"),
        (PAIR, {"y": "z"}, "x", "a value, as the field has no default"),
        (PAIR, {"x": 1, "z": 2}, "z", "only fields of P"),
        (PAIR, 5, "", "P"),
        (NESTED, {"m": {"k": [{"x": 1}, {"x": "y"}]}}, "m['k'][1].x", "an int"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_its_path(
    kind: Any,
    value: Any,
    path: str,
    expected: str,
) -> None:
    schema = registry.parse({"type": kind} if isinstance(kind, str) else kind)
    with pytest.raises(Unencodable) as caught:
        registry.write(value, schema)
    assert caught.value.path == path
    assert expected in caught.value.expected
    assert str(caught.value).startswith(path)


def test_what_cannot_be_decoded_is_told_with_its_path_and_byte() -> None:
    data = registry.write({"m": {"k": [{"x": 1}, {"x": 2, "y": "abc"}]}}, registry.parse(NESTED))
    with pytest.raises(Undecodable) as caught:
        registry.read(data.replace(b"abc", b"a\xffc"), registry.parse(NESTED))
    assert caught.value.path == "m['k'][1].y"
    assert "not UTF-8" in caught.value.reason
    assert f"byte {caught.value.offset}" in str(caught.value)


@pytest.mark.parametrize("size", range(8))
def test_a_datum_that_ends_too_early_is_undecodable(size: int) -> None:
    schema = registry.parse(NESTED)
    whole = registry.write({"m": {"k": [{"x": 1, "y": ""}]}}, schema)
    assert len(whole) == 8
    with pytest.raises(Undecodable):
        registry.read(whole[:size], schema)


LIMITS = Limits(datum_bytes=10, datum_depth=3, datum_items=4)


@pytest.mark.parametrize(
    ("kind", "fits", "exceeds"),
    [
        ({"type": "bytes"}, b"123456789", b"1234567890"),
        ({"type": "array", "items": "null"}, [None] * 4, [None] * 5),
        (LINKED, {"next": {"next": {"next": None}}}, {"next": {"next": {"next": {"next": None}}}}),
    ],
)
def test_size_count_and_depth_are_bounded_both_ways(
    kind: Any,
    fits: Any,
    exceeds: Any,
) -> None:
    schema = registry.parse(kind)
    assert registry.read(registry.write(fits, schema, limits=LIMITS), schema, limits=LIMITS) == fits
    with pytest.raises(LimitExceeded):
        registry.write(exceeds, schema, limits=LIMITS)
    with pytest.raises(LimitExceeded):
        registry.read(registry.write(exceeds, schema), schema, limits=LIMITS)


def test_a_value_that_holds_itself_is_refused() -> None:
    value: dict[str, Any] = {}
    value["next"] = value
    with pytest.raises(LimitExceeded):
        registry.write(value, registry.parse(LINKED))


def test_the_reader_sees_its_own_default_and_the_writers_field_is_skipped() -> None:
    fields = [{"name": "z", "type": "long", "default": 7}, {"name": "x", "type": "double"}]
    reader = registry.parse({**PAIR, "fields": fields})  # type: ignore[dict-item]
    data = registry.write({"x": 5, "y": "skipped"}, registry.parse(PAIR))
    found = registry.read(data, registry.parse(PAIR), reader)
    assert found == {"z": 7, "x": 5.0}
    assert list(found) == ["x", "z"]


def test_a_mismatch_that_the_datum_does_not_hit_does_not_matter() -> None:
    writer, reader = registry.parse(["null", "int"]), registry.parse(["null", "string"])
    assert registry.read(b"\x00", writer, reader) is None
    with pytest.raises(
        Undecodable, match="the writer has int, the reader's union has null, string"
    ):
        registry.read(b"\x02\x02", writer, reader)


def test_an_unknown_symbol_becomes_the_readers_default_symbol() -> None:
    wide = registry.parse({**ENUM, "symbols": ["A", "B", "C"]})
    data = registry.write("C", wide)
    assert registry.read(data, wide, registry.parse({**ENUM, "default": "A"})) == "A"
    with pytest.raises(Undecodable, match="no symbol C and no default"):
        registry.read(data, wide, registry.parse(ENUM))


def test_aliases_rewrite_the_writers_names() -> None:
    fields = [{"name": "new", "type": "int", "aliases": ["x"]}]
    reader = registry.parse({"type": "record", "name": "Q", "aliases": ["P"], "fields": fields})  # type: ignore[dict-item]
    data = registry.write({"x": 5}, registry.parse(PAIR))
    assert registry.read(data, registry.parse(PAIR), reader) == {"new": 5}


def test_a_record_whose_aliases_cross_reads_itself_unchanged() -> None:
    fields = [
        {"name": "x", "type": "int", "aliases": ["y"]},
        {"name": "y", "type": "int", "aliases": ["x"]},
    ]
    schema = registry.parse({**PAIR, "fields": fields})  # type: ignore[dict-item]
    assert registry.read(registry.write({"x": 1, "y": 2}, schema), schema) == {"x": 1, "y": 2}
