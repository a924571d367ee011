"""Probes of unions: branches that Python tells apart, and those it does not."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from registry import Timestamp
from tests.tools.probes import Probe, array, fixed, mapping, probe, required
from tests.tools.traps import TRAPS, enum, field, inner, logical

MICROS = logical("long", "timestamp-micros")
NANOS = logical("long", "timestamp-nanos")
DATE = logical("int", "date")
TIME_MILLIS = logical("int", "time-millis")
TIME_MICROS = logical("long", "time-micros")
UUID_TEXT = logical("string", "uuid")
DECIMAL = logical("bytes", "decimal", precision=38, scale=10)
FIRST = "it takes the first branch that a value fits"
NOON = datetime(2024, 2, 29, 12, tzinfo=UTC)
ID = UUID("12345678-1234-5678-9abc-123456789abc")
LEAF = required("x", "int")
R_OF_1 = ("probe.array_map_and_record.R", {"x": 1})
UNIONS: Mapping[str, Probe] = dict(
    [
        probe(
            "unions",
            TRAPS["unions"],
            {"a": None, "b": [1], "c": ("int", 5), "d": {}, "e": None},
            {"a": "", "b": {"k": 1}, "c": ("long", 5), "d": {"k": ["v", None], "l": []}, "e": None},
            {"a": "y", "b": [], "c": ("long", -(2**63)), "d": {"": [None]}, "e": None},
            {"a": "y", "b": {}, "c": "z", "d": {"k": []}, "e": None},
            avro=FIRST,
        ),
        probe(
            "records_with_the_same_fields",
            [
                required("one", [inner("Left", LEAF), inner("Right", LEAF), "null"]),
                required("many", array(["Right", "null", "Left"])),
                required("named", mapping(["Left", "Right"])),
                required("either", ["Right", "Left"]),
            ],
            {
                "one": ("probe.records_with_the_same_fields.Right", {"x": 1}),
                "many": [
                    ("probe.records_with_the_same_fields.Left", {"x": 2}),
                    None,
                    ("probe.records_with_the_same_fields.Right", {"x": 3}),
                ],
                "named": {"k": ("probe.records_with_the_same_fields.Right", {"x": 4})},
                "either": ("probe.records_with_the_same_fields.Left", {"x": 5}),
            },
            {
                "one": ("probe.records_with_the_same_fields.Left", {"x": 1}),
                "many": [],
                "named": {"k": ("probe.records_with_the_same_fields.Left", {"x": 4})},
                "either": ("probe.records_with_the_same_fields.Right", {"x": 5}),
            },
            {
                "one": None,
                "many": [None],
                "named": {},
                "either": ("probe.records_with_the_same_fields.Right", {"x": 5}),
            },
            avro=FIRST,
        ),
        probe(
            "empty_records_and_a_map",
            [
                required("a", [inner("A"), inner("B"), mapping("int"), array("A")]),
                required("b", ["null", "B", mapping("A")]),
            ],
            {"a": ("probe.empty_records_and_a_map.B", {}), "b": ("map", {"k": {}})},
            {"a": ("probe.empty_records_and_a_map.A", {}), "b": ("map", {})},
            {"a": ("map", {}), "b": ("probe.empty_records_and_a_map.B", {})},
            {"a": [{}, {}], "b": None},
            avro=FIRST,
        ),
        probe(
            "array_map_and_record",
            [
                required("a", [array("int"), mapping("int"), inner("R", LEAF), "null"]),
                required("b", mapping(array(["null", "R", array("string"), mapping("R")]))),
            ],
            {"a": [1], "b": {"k": [None, R_OF_1, ["s"], ("map", {"m": {"x": 2}})]}},
            {"a": ("map", {"x": 1}), "b": {"k": [("map", {})], "l": []}},
            {"a": R_OF_1, "b": {}},
            {"a": None, "b": {}},
            avro=FIRST,
        ),
        probe(
            "ambiguous_numbers",
            [
                required("whole", ["int", "long"]),
                required("real", ["null", "float", "double"]),
                required("all", ["double", "long", "float", "int", "boolean", "string"]),
                required("many", array(["long", "null", "int"])),
                field("left_out", ["int", "long"], 5),
                field("turned", ["long", "int", "null"], 6),
            ],
            *(
                {
                    "whole": (whole, 5),
                    "real": real,
                    "all": every,
                    "many": [("long", -(2**63)), None, ("int", -(2**31))],
                    "left_out": (whole, -1),
                    "turned": ("int", -1),
                }
                for whole, real, every in (
                    ("int", None, True),
                    ("int", ("float", 0.5), "s"),
                    ("long", ("double", 0.1), ("double", 2.0)),
                    ("long", ("float", -0.0), ("float", 2.0)),
                    ("long", ("double", -0.0), ("int", 1)),
                    ("long", ("double", 0.0), ("long", 1)),
                )
            ),
            avro=FIRST,
        ),
        probe(
            "ambiguous_bytes",
            [
                required("a", ["bytes", fixed("F", 2)]),
                required("b", ["null", "F", fixed("G", 2), fixed("H", 3)]),
                field("c", ["F", "bytes"], "\u00ff\u0000"),
                field("d", ["bytes", "F"], "\u00ff"),
            ],
            *(
                {"a": (a, b"ab"), "b": b, "c": ("bytes", b""), "d": ("bytes", b"\xff")}
                for a, b in (
                    ("bytes", None),
                    ("probe.ambiguous_bytes.F", ("probe.ambiguous_bytes.F", b"cd")),
                    ("probe.ambiguous_bytes.F", ("probe.ambiguous_bytes.G", b"cd")),
                    ("bytes", ("probe.ambiguous_bytes.H", b"cde")),
                )
            ),
            {
                "a": ("bytes", b""),
                "b": None,
                "c": ("probe.ambiguous_bytes.F", b"12"),
                "d": ("probe.ambiguous_bytes.F", b"34"),
            },
            avro=FIRST,
        ),
        probe(
            "ambiguous_logical_types",
            [
                required("at", ["null", TIME_MILLIS, TIME_MICROS]),
                required("price", [DECIMAL, fixed("D", 4, logicalType="decimal", precision=9)]),
                required("id", [UUID_TEXT, fixed("U", 16, logicalType="uuid")]),
            ],
            {"at": None, "price": ("bytes", Decimal("1E-10")), "id": ("string", ID)},
            {
                "at": ("int", time(1, 2, 3, 4000)),
                "price": ("probe.ambiguous_logical_types.D", Decimal(-999_999_999)),
                "id": ("probe.ambiguous_logical_types.U", ID),
            },
            {
                "at": ("long", time(1, 2, 3, 4000)),
                "price": ("bytes", Decimal("0E-10")),
                "id": ("string", UUID(int=0)),
            },
            avro=FIRST,
        ),
        probe(
            "what_python_tells_apart",
            [
                required("a", ["boolean", "int", "double", "string", "bytes", "null"]),
                required("b", [DATE, MICROS, "string"]),
                required("c", ["int", NANOS]),
                required("d", ["string", enum("E", "A", "B"), fixed("U", 16, logicalType="uuid")]),
                required("e", ["bytes", fixed("N", 2, logicalType="decimal", precision=3)]),
            ],
            {"a": True, "b": date(2024, 2, 29), "c": 5, "d": ("string", "A"), "e": b"ab"},
            {
                "a": 1,
                "b": ("long", NOON),
                "c": ("long", Timestamp(5)),
                "d": ("probe.what_python_tells_apart.E", "A"),
                "e": Decimal(-999),
            },
            {"a": 1.0, "b": ("string", "2024"), "c": -5, "d": ID, "e": b""},
            {
                "a": "1",
                "b": ("string", ""),
                "c": ("long", Timestamp(-1)),
                "d": "C",
                "e": Decimal(0),
            },
            {"a": b"1", "b": ("string", ""), "c": 0, "d": "", "e": b""},
            {"a": None, "b": ("string", ""), "c": 0, "d": "", "e": b""},
            avro=FIRST,
        ),
        probe(
            "order_of_null",
            [
                required("a", ["string", "null"]),
                required("b", ["null", "string"]),
                field("c", ["string", "null"], ""),
                field("d", ["null", "string"], None),
                required("e", "int"),
                field("f", ["int", "null", "string"], 0),
                required("g", array(["string", "null"])),
            ],
            {"a": "", "b": "", "c": None, "d": "", "e": 0, "f": None, "g": ["", None]},
            {"a": None, "b": None, "c": "", "d": None, "e": -1, "f": "", "g": [None, None]},
        ),
        probe(
            "optional_arrays_of_optionals",
            [
                required("a", ["null", array(["null", array(["null", "int"])])]),
                required("b", array(array(array("double")))),
                required("c", mapping(mapping(["null", mapping("null")]))),
                required("d", array("null")),
            ],
            {"a": None, "b": [], "c": {}, "d": []},
            {"a": [None, [], [None, 1]], "b": [[], [[]], [[0.1]]], "c": {"": {}}, "d": [None]},
            {"a": [], "b": [[[1e308, 5e-324]]], "c": {"a": {"b": None, "c": {"d": None}}}, "d": []},
        ),
        probe(
            "single_branches",
            [required("a", ["null"]), required("b", ["string"]), required("c", array(["int"]))],
            {"a": None, "b": "x", "c": [1, 2]},
        ),
    ]
)
