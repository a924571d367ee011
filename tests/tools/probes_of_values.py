"""Probes of values: logical types, numbers at their ends, defaults, recursion, references."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from registry import Duration, Timestamp
from tests.tools.probes import Probe, array, fixed, mapping, probe, required
from tests.tools.traps import TRAPS, enum, field, inner, logical
from tests.tools.trees import record

MILLIS = logical("long", "timestamp-millis")
MICROS = logical("long", "timestamp-micros")
DATE = logical("int", "date")
DECIMAL = logical("bytes", "decimal", precision=38, scale=10)
ID = UUID("12345678-1234-5678-9abc-123456789abc")
LEAF = required("x", "int")
FIRST = datetime(1, 1, 1, tzinfo=UTC)
FIRST_LOCAL = FIRST.replace(tzinfo=None)
BEFORE = datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
LAST = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
MOMENTS: Mapping[str, Any] = {
    "a": date.max,
    "b": time(23, 59, 59, 999_000),
    "c": time(23, 59, 59, 999_999),
    "d": FIRST,
    "e": LAST.replace(tzinfo=None),
    "f": Timestamp(-1),
    "g": Duration(months=2**32 - 1, days=0, milliseconds=1),
    "h": ID,
    "i": Decimal(-999),
}
REFERRED = ("Colour", "Digest", "Part", "Whole")


def chain(depth: int) -> Any:
    """Return records within records."""
    return {"value": depth, "next": chain(depth - 1) if depth else None}


def nested(depth: int) -> Any:
    """Return the type of a record within others."""
    return inner(f"R{depth}", required("x", nested(depth - 1) if depth else "int"))


def nested_value(depth: int) -> Any:
    """Return a value of `nested`."""
    return {"x": nested_value(depth - 1) if depth else 5}


VALUES: Mapping[str, Probe] = dict(
    [
        probe(
            "moments",
            TRAPS["moments"],
            dict(MOMENTS),
            {
                "a": date.min,
                "b": time(),
                "c": time(),
                "d": LAST.replace(microsecond=999_000),
                "e": FIRST_LOCAL,
                "f": Timestamp(2**63 - 1),
                "g": Duration(),
                "h": UUID(int=0),
                "i": Decimal(999),
            },
            {**MOMENTS, "a": date(1969, 12, 31), "f": Timestamp(-(2**63)), "i": Decimal(0)},
        ),
        probe(
            "more_moments",
            [
                required("a", MILLIS),
                required("b", logical("long", "local-timestamp-millis")),
                required("c", logical("long", "local-timestamp-nanos")),
                required("d", ["null", MICROS]),
                required("e", array(DATE)),
                required("f", mapping(logical("string", "uuid"))),
            ],
            {
                "a": BEFORE,
                "b": BEFORE.replace(tzinfo=None),
                "c": Timestamp(-(10**9) - 1),
                "d": LAST,
                "e": [date.min, date.max],
                "f": {"a": ID},
            },
        ),
        probe(
            "decimals",
            [
                required("a", DECIMAL),
                required("b", logical("bytes", "decimal", precision=1)),
                required("c", fixed("F", 16, logicalType="decimal", precision=38, scale=38)),
                required("d", logical("bytes", "big-decimal")),
                required("e", ["null", DECIMAL]),
            ],
            *(
                {"a": a, "b": Decimal(b), "c": c, "d": Decimal(d), "e": e}
                for a, b, c, d, e in (
                    (Decimal("9" * 28 + "." + "9" * 10), 9, Decimal("-1E-38"), "1E+3", None),
                    (Decimal("-1.2800000000"), -9, Decimal("0E-38"), "-1.50", Decimal("0E-10")),
                    (Decimal("0.0000000001"), 0, Decimal("1E-38"), "0", Decimal("-1E-10")),
                )
            ),
        ),
        probe(
            "ignored_logical_types",
            [
                *TRAPS["ignored_logical_types"],
                required("d", fixed("D", 11, logicalType="duration")),
                required("e", logical("bytes", "decimal", precision=2, scale=3)),
                required("f", logical("int", "timestamp-millis")),
                required("g", fixed("U", 15, logicalType="uuid")),
                required("h", logical("string", "date")),
                required("i", fixed("F", 1, logicalType="decimal", precision=3)),
            ],
            {
                "a": 2**63 - 1,
                "b": b"\x00\xff",
                "c": "",
                "d": b"d" * 11,
                "e": b"",
                "f": -1,
                "g": b"g" * 15,
                "h": "today",
                "i": b"\x80",
            },
            fastavro="it refuses a scale greater than the precision",
        ),
        probe(
            "numbers",
            [required(kind[0], kind) for kind in ("boolean", "int", "long", "float", "double")],
            *(
                {"b": whole > 0, "i": whole >> 32, "l": whole, "f": f, "d": d}
                for whole, f, d in (
                    (2**63 - 1, 3.4028234663852886e38, 1.7976931348623157e308),
                    (-(2**63), 1.401298464324817e-45, 5e-324),
                    (0, -0.0, -0.0),
                    (-1, 0.10000000149011612, 0.1),
                )
            ),
        ),
        probe(
            "infinities",
            [required("f", "float"), required("d", "double"), required("u", ["null", "double"])],
            {"f": math.inf, "d": -math.inf, "u": math.inf},
            json="JSON has no infinities",
        ),
        probe(
            "texts",
            [required("s", "string"), required("b", "bytes"), required("m", mapping("bytes"))],
            {"s": "", "b": b"", "m": {}},
            {"s": "\x00\uffff\U0010ffff", "b": bytes(range(256)), "m": {"": b"", '"\\\n': b"\0"}},
            {"s": "x" * 100_000, "b": b"y" * 100_000, "m": {str(i): b"z" for i in range(300)}},
        ),
        probe(
            "recursion",
            TRAPS["recursion"],
            {
                "next": {"next": None, "branches": []},
                "branches": [{"root": None}, {"root": {"next": None, "branches": []}}],
            },
        ),
        probe(
            "recursion_by_a_field_called_as_its_class",
            TRAPS["recursion_by_a_field_called_as_its_class"],
            {"Trap": {"Trap": {"Trap": None}}},
            {"Trap": None},
        ),
        probe(
            "a_long_list",
            [required("value", "int"), field("next", ["null", "Trap"], None)],
            chain(55),
        ),
        probe(
            "mutual_recursion",
            [
                required(
                    "a",
                    inner(
                        "A",
                        field("b", ["null", inner("B", required("a", ["null", "A"]))], None),
                        required("c", array(mapping(["null", "B", "Trap"]))),
                    ),
                )
            ],
            {"a": {"b": {"a": {"b": None, "c": []}}, "c": [{}, {"k": None}]}},
            {
                "a": {
                    "b": None,
                    "c": [
                        {"t": ("probe.mutual_recursion.Trap", {"a": {"b": None, "c": []}})},
                        {"b": ("probe.mutual_recursion.B", {"a": None})},
                    ],
                }
            },
        ),
        probe("records_in_records", [required("x", nested(25))], {"x": nested_value(25)}),
        probe(
            "required_after_defaulted",
            [
                field("a", "int", 1),
                required("b", "int"),
                field("c", array("int"), [1, 2]),
                required("d", inner("D", field("x", "int", 3), required("y", "int"))),
                required("e", enum("E", "A", "B", default="A")),
            ],
            {"a": 2, "b": 3, "c": [], "d": {"x": 4, "y": 5}, "e": "B"},
        ),
        probe(
            "aliases_and_attributes",
            [
                required("a", "int", aliases=["class", "b"], order="ignore"),
                required("b2", inner("B", LEAF, aliases=["Old", "other.Old"], owner="x")),
            ],
            {"a": 1, "b2": {"x": 2}},
            aliases=["Before"],
            topic='"""',
        ),
        probe(
            "references",
            [
                field("colour", "probe.Colour", "RED"),
                field("digest", "probe.Digest", "ab"),
                field("Part", "probe.Part", {"x": 2}),
                required("whole", ["null", "probe.Whole", "probe.Part"]),
                required("all", mapping(array(["probe.Digest", "probe.Colour", "probe.Part"]))),
            ],
            {
                "colour": "SCHEMA",
                "digest": b"\xff\x00",
                "Part": {"x": 1},
                "whole": ("probe.Whole", {"Part": {"x": 3}, "colour": "RED"}),
                "all": {"k": [b"12", ("probe.Colour", "RED"), ("probe.Part", {"x": 4})]},
            },
            {
                "colour": "RED",
                "digest": b"\x00\x00",
                "Part": {"x": 1},
                "whole": ("probe.Part", {"x": 3}),
                "all": {},
            },
            others=(
                json.dumps(enum("Colour", "RED", "SCHEMA", namespace="probe", doc="A colour.")),
                json.dumps(fixed("Digest", 2, namespace="probe", doc="A digest.")),
                record("probe.Part", field("x", "int", 1)),
                record(
                    "probe.Whole",
                    required("Part", "probe.Part"),
                    field("colour", "Colour", "SCHEMA"),
                    references=[{"name": f"probe.{x}", "version": 1} for x in ("Part", "Colour")],
                ),
            ),
            references=[{"name": f"probe.{name}", "version": 1} for name in REFERRED],
        ),
    ]
)
