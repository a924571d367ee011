"""Probes of defaults: one of every kind, and what a class made without arguments then holds."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from registry import Duration, Timestamp
from registry.source import JSON
from tests.tools.probes import Plain, Probe, array, fixed, mapping, probe
from tests.tools.traps import enum, field, inner, logical

DEFAULTS: Mapping[str, tuple[JSON, JSON, Plain]] = {  # field: (type, default, plain value)
    "null": ("null", None, None),
    "yes": ("boolean", True, True),
    "int": ("int", -(2**31), -(2**31)),
    "long": ("long", 2**63 - 1, 2**63 - 1),
    "float": ("float", 0.1, 0.10000000149011612),
    "whole": ("double", 1, 1.0),
    "large": ("double", 1e300, 1e300),
    "text": ("string", "\u2028\"'\\", "\u2028\"'\\"),
    "bytes": ("bytes", "\u00ff\u0000", b"\xff\x00"),
    "fixed": (fixed("F", 3), "a\u00fe\u0000", b"a\xfe\x00"),
    "enum": (enum("E", "A", "B", "class", default="A"), "class", "class"),
    "same": ("E", "B", "B"),
    "decimal": (
        logical("bytes", "decimal", precision=4, scale=2),
        "\u00ff\u007f",
        Decimal("-1.29"),
    ),
    "price": (fixed("D", 2, logicalType="decimal", precision=4), "\u0001\u0000", Decimal(256)),
    "date": (logical("int", "date"), -1, date(1969, 12, 31)),
    "millis": (logical("int", "time-millis"), 86_399_999, time(23, 59, 59, 999_000)),
    "micros": (logical("long", "time-micros"), 1, time(0, 0, 0, 1)),
    "at": (
        logical("long", "timestamp-micros"),
        -1,
        datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC),
    ),
    "then": (logical("long", "timestamp-millis"), 1, datetime(1970, 1, 1, 0, 0, 0, 1000, UTC)),
    "here": (logical("long", "local-timestamp-micros"), 0, datetime(1970, 1, 1)),  # noqa: DTZ001
    "nanos": (logical("long", "timestamp-nanos"), -1, Timestamp(-1)),
    "id": (logical("string", "uuid"), "00000000-0000-0000-0000-00000000000a", UUID(int=10)),
    "key": (fixed("U", 16, logicalType="uuid"), "\0" * 15 + "\u000a", UUID(int=10)),
    "for": (fixed("P", 12, logicalType="duration"), "\u0001" + "\0" * 11, Duration(months=1)),
    "none": (array("int"), [], []),
    "some": (array(array("bytes")), [["\u00ff"], []], [[b"\xff"], []]),
    "map": (mapping(mapping("E")), {"k": {"": "B"}}, {"k": {"": "B"}}),
    "record": (
        inner("R", field("x", "int", 1), field("y", array("E"), ["A"]), field("z", "F", "abc")),
        {"x": 2, "z": "\u00ff\u00ff\u00ff"},
        {"x": 2, "y": ["A"], "z": b"\xff\xff\xff"},
    ),
    "records": (
        array("R"),
        [{}, {"y": []}],
        [{"x": 1, "y": ["A"], "z": b"abc"}, {"x": 1, "y": [], "z": b"abc"}],
    ),
    "deep": (
        inner("Q", field("r", "R", {"x": 5}), field("n", ["null", "Q"], None)),
        {},
        {"r": {"x": 5, "y": ["A"], "z": b"abc"}, "n": None},
    ),
    "union": (["R", "null"], {}, {"x": 1, "y": ["A"], "z": b"abc"}),
    "first": (["E", "string"], "B", ("probe.defaults.E", "B")),
    "list": ([array("int"), "null"], [1], [1]),
    "whole_or_not": (["long", "int", "null"], 7, ("long", 7)),
    "raw": (["F", "bytes"], "\u00ff\u00ff\u00ff", ("probe.defaults.F", b"\xff\xff\xff")),
}
PROBE_OF_DEFAULTS: Probe = probe(
    "defaults",
    [field(name, kind, default) for name, (kind, default, _) in DEFAULTS.items()],
    {name: plain for name, (_, _, plain) in DEFAULTS.items()},
    avro="it takes the first branch that a value fits",
)[1]
LEFT_OUT: Mapping[str, Plain] = {
    "defaults": PROBE_OF_DEFAULTS.samples[0],
    "empty": {},
    "field_called_as_its_type": {
        "Colour": "BLUE",
        "Colour_": 0,
        "other": "RED",
        "Part": {"Part": 2},
        "more": [{"Part": 2}, {"Part": 3}],
    },
    "same_simple_names": {
        "a": {"x": 1},
        "b": {"x": 2},
        "c": {},
        "d": ("probe.one.Part", {"x": 5}),
    },
    "unions": {"a": "x", "b": None, "c": None, "d": {"k": [None]}, "e": None},
}
"""What a class of a probe holds that is made without arguments."""
