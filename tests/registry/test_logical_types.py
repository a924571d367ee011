"""Logical types: which are valid, their values both ways, and what none of them can hold."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

import registry
from registry import Duration, Timestamp
from registry.codec.building import Builder
from registry.errors import Undecodable, Unencodable
from registry.json_form import from_json, to_json
from registry.logical import BASES, max_precision

ID = UUID("12345678-1234-5678-9ABC-123456789abc")
NOON = datetime(2024, 2, 29, 12, 0, 0, 123000, tzinfo=UTC)


def schema(base: str, name: str, **more: Any) -> Any:
    head = {"name": "F"} if base == "fixed" else {}
    return {"type": base, "logicalType": name, **head, **more}


DECIMAL = schema("bytes", "decimal", precision=6, scale=2)
VALUES: list[tuple[Any, Any, str, str]] = [  # schema, value, bytes as hex, JSON
    (schema("bytes", "big-decimal"), Decimal("-1.50"), "0804" + "ff6a" + "04", "-1.50"),
    (schema("bytes", "big-decimal"), Decimal(0), "06020000", "0"),
    (schema("int", "date"), date(1969, 12, 31), "01", "1969-12-31"),
    (schema("int", "date"), date.max, "c082e602", "9999-12-31"),
    (DECIMAL, Decimal("1.00"), "0264", "1.00"),
    (DECIMAL, Decimal("-1.29"), "04ff7f", "-1.29"),
    (DECIMAL, Decimal("1.28"), "040080", "1.28"),
    (schema("fixed", "decimal", size=3, precision=5), Decimal(-2), "fffffe", "-2"),
    (
        schema("fixed", "duration", size=12),
        Duration(months=1, days=2, milliseconds=3),
        "010000000200000003000000",
        "P1M2DT0.003S",
    ),
    (
        schema("fixed", "duration", size=12),
        Duration(milliseconds=(1 << 32) - 1),
        "0000000000000000ffffffff",
        "P0M0DT4294967.295S",
    ),
    (schema("long", "timestamp-millis"), NOON, "f6d9e2cbbe63", "2024-02-29T12:00:00.123000Z"),
    (
        schema("long", "timestamp-micros"),
        datetime(1970, 1, 1, tzinfo=UTC),
        "00",
        "1970-01-01T00:00:00Z",
    ),
    (schema("long", "timestamp-nanos"), Timestamp(-1), "01", "1969-12-31T23:59:59.999999999Z"),
    (
        schema("long", "local-timestamp-millis"),
        datetime.fromisoformat("1970-01-01T00:00:01"),
        "d00f",
        "1970-01-01T00:00:01",
    ),
    (
        schema("long", "local-timestamp-micros"),
        datetime.fromisoformat("1969-12-31T23:59:59.999999"),
        "01",
        "1969-12-31T23:59:59.999999",
    ),
    (schema("long", "local-timestamp-nanos"), Timestamp(1), "02", "1970-01-01T00:00:00.000000001"),
    (schema("int", "time-millis"), time(0, 0, 0, 1000), "02", "00:00:00.001000"),
    (schema("long", "time-micros"), time(23, 59, 59, 999999), "feffbadd8305", "23:59:59.999999"),
    (schema("string", "uuid"), ID, "48" + str(ID).encode().hex(), str(ID)),
    (schema("fixed", "uuid", size=16), ID, ID.hex, str(ID)),
]


@pytest.mark.parametrize(("kind", "value", "encoded", "form"), VALUES)
def test_a_value_has_its_bytes_and_its_text_and_comes_back(
    kind: Any,
    value: Any,
    encoded: str,
    form: str,
) -> None:
    parsed = registry.parse(kind)
    assert registry.write(value, parsed).hex() == encoded
    back = registry.read(bytes.fromhex(encoded), parsed)
    assert (type(back), back) == (type(value), value)
    assert to_json(parsed, value) == form
    from_text = from_json(parsed, form, Builder())
    assert (type(from_text), from_text) == (type(value), value)


def test_every_logical_type_is_tried_both_ways() -> None:
    tried = {(kind["type"], kind["logicalType"]) for kind, *_ in VALUES}
    assert tried == {(base, name) for name, bases in BASES.items() for base in bases}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (schema("bytes", "big-decimal"), Decimal("NaN")),
        (schema("bytes", "big-decimal"), Decimal("1E+1000000")),
        (schema("int", "date"), NOON),
        (schema("int", "date"), "2024-02-29"),
        (DECIMAL, Decimal("1.001")),
        (DECIMAL, Decimal("10000.00")),
        (DECIMAL, Decimal("Infinity")),
        (DECIMAL, Decimal("1E+999999")),
        (DECIMAL, 1.5),
        (DECIMAL, 1),
        (schema("fixed", "duration", size=12), Duration(days=1 << 32)),
        (schema("fixed", "duration", size=12), Duration(months=-1)),
        (schema("fixed", "duration", size=12), timedelta(1)),
        (schema("long", "timestamp-millis"), NOON.replace(microsecond=1)),
        (schema("long", "timestamp-millis"), NOON.replace(tzinfo=None)),
        (schema("long", "timestamp-micros"), 0),
        (schema("long", "local-timestamp-micros"), NOON),
        (schema("long", "timestamp-nanos"), 5),
        (schema("long", "timestamp-nanos"), Timestamp(1 << 63)),
        (schema("int", "time-millis"), time(0, 0, 0, 1)),
        (schema("int", "time-millis"), time(tzinfo=UTC)),
        (schema("string", "uuid"), str(ID)),
    ],
)
def test_a_value_that_would_lose_something_is_refused(kind: Any, value: Any) -> None:
    parsed = registry.parse(kind)
    with pytest.raises(Unencodable) as caught:
        registry.write(value, parsed)
    assert caught.value.value is value
    with pytest.raises(Unencodable):
        to_json(parsed, value)


@pytest.mark.parametrize(
    ("kind", "encoded"),
    [
        (schema("int", "date"), "feffffff0f"),
        (schema("long", "timestamp-millis"), "feffffffffffffffff01"),
        (schema("long", "timestamp-micros"), "ffffffffffffffffff01"),
        (schema("long", "time-micros"), "01"),
        (schema("int", "time-millis"), "80ebb752"),
        (schema("string", "uuid"), "0478" + "78"),
        (schema("string", "uuid"), "4c" + b"{12345678-1234-5678-9abc-123456789abc}".hex()),
        (schema("bytes", "big-decimal"), "00"),
        (schema("bytes", "big-decimal"), "0402" + "05"),
        (schema("bytes", "big-decimal"), "06020100" + "00"),
        (DECIMAL, "8210" + "01" * 1025),
    ],
)
def test_bytes_beyond_what_python_can_hold_are_undecodable(kind: Any, encoded: str) -> None:
    with pytest.raises(Undecodable):
        registry.read(bytes.fromhex(encoded), registry.parse(kind))


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        (schema("bytes", "big-decimal"), "1e5"),
        (schema("int", "date"), "2023-02-29"),
        (schema("int", "date"), "20240229"),
        (DECIMAL, "1.001"),
        (DECIMAL, 1.5),
        (DECIMAL, "٣"),
        (schema("fixed", "duration", size=12), "P"),
        (schema("fixed", "duration", size=12), "P1DT"),
        (schema("fixed", "duration", size=12), "P4294967296D"),
        (schema("long", "timestamp-micros"), "2024-02-29T12:00:00"),
        (schema("long", "timestamp-micros"), "2024-02-29T24:00:00Z"),
        (schema("long", "timestamp-millis"), "2024-02-29T12:00:00.000001Z"),
        (schema("long", "timestamp-nanos"), "2024-02-29T12:00:00.1Z"),
        (schema("long", "local-timestamp-nanos"), "2024-02-29T12:00:00.000000001Z"),
        (schema("long", "local-timestamp-micros"), "2024-02-29T12:00:00Z"),
        (schema("long", "timestamp-nanos"), "9999-12-31T23:59:59.000000000Z"),
        (schema("long", "time-micros"), "12:00"),
        (schema("string", "uuid"), ID.hex),
        (schema("string", "uuid"), None),
    ],
)
def test_a_text_that_is_no_value_is_undecodable(kind: Any, form: Any) -> None:
    with pytest.raises(Undecodable, match="expected the text of"):
        from_json(registry.parse(kind), form, Builder())


def test_an_offset_is_the_same_instant_and_is_shown_in_utc() -> None:
    parsed = registry.parse(schema("long", "timestamp-micros"))
    east = datetime(2024, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    assert to_json(parsed, east) == "2024-01-01T00:00:00Z"
    assert from_json(parsed, "2024-01-01t02:00:00+02:00", Builder()) == east


def test_a_decimal_is_shown_with_all_its_places() -> None:
    for value in (Decimal("1.5"), Decimal("1.500"), Decimal("15E-1")):
        assert to_json(registry.parse(DECIMAL), value) == "1.50"


@pytest.mark.parametrize(
    "kind",
    [
        schema("int", "timestamp-millis"),
        schema("string", "date"),
        schema("bytes", "nonsense"),
        schema("bytes", "decimal"),
        schema("bytes", "decimal", precision=0),
        schema("bytes", "decimal", precision=2, scale=3),
        schema("bytes", "decimal", precision=2, scale=-1),
        schema("bytes", "decimal", precision="2"),
        schema("bytes", "decimal", precision=True),
        schema("fixed", "decimal", size=2, precision=5),
        schema("fixed", "duration", size=11),
        schema("fixed", "uuid", size=15),
        {"type": "int", "logicalType": ["date"]},
    ],
)
def test_an_invalid_logical_type_is_ignored_and_kept_in_the_text(kind: Any) -> None:
    parsed = registry.parse(kind)
    assert parsed.logical is None
    assert json.loads(registry.full_text(parsed))["logicalType"] == kind["logicalType"]


@pytest.mark.parametrize(("size", "digits"), [(1, 2), (2, 4), (4, 9), (8, 18), (16, 38)])
def test_the_largest_precision_of_a_fixed_is_what_always_fits(size: int, digits: int) -> None:
    assert max_precision(size) == digits
    assert 10**digits - 1 <= (1 << (8 * size - 1)) - 1 < 10 ** (digits + 1) - 1


@pytest.mark.timeout(10)
def test_an_enormous_precision_or_scale_costs_nothing() -> None:
    for scale in (0, 10**9, 10**30):
        parsed = registry.parse(schema("bytes", "decimal", precision=10**30, scale=scale))
        try:
            found = registry.read(b"\x02\x05", parsed)
        except Undecodable:
            continue
        assert found == Decimal((0, (5,), -scale))
    registry.write(Decimal(5), registry.parse(schema("bytes", "decimal", precision=10**9)))


@pytest.mark.parametrize("text", ["4.24E+6", "-1E+9", "0.10", "100", "1E-7"])
def test_the_json_form_of_a_big_decimal_keeps_its_scale(text: str) -> None:
    schema = registry.parse({"type": "bytes", "logicalType": "big-decimal"})
    found = from_json(schema, to_json(schema, Decimal(text)), Builder())
    assert registry.write(found, schema) == registry.write(Decimal(text), schema)
