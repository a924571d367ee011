"""What does not fit a generated class is told: the path, the value, and what would have fitted."""

import importlib
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal
from types import ModuleType
from typing import Any, TypeAlias
from uuid import UUID

import pytest

from registry import Duration, Timestamp
from registry.errors import Unencodable
from tests.tools.probes import array, fixed, mapping, path_of, required
from tests.tools.probes_loaded import imported
from tests.tools.traps import enum, field, inner, logical
from tests.tools.trees import record

PART = inner("Part", required("url", "string"), field("size", "int", 0))
NOON = datetime(2024, 2, 29, 12, tzinfo=UTC)
KINDS: dict[str, tuple[Any, Any]] = {  # field: (type, a value that fits)
    "boolean": ("boolean", True),
    "int": ("int", 1),
    "long": ("long", 1),
    "float": ("float", 1.0),
    "double": ("double", 1.0),
    "bytes": ("bytes", b""),
    "string": ("string", ""),
    "null": ("null", None),
    "fixed": (fixed("F", 2), b"ab"),
    "ints": (array("int"), [1]),
    "map": (mapping("int"), {"a": 1}),
    "option": (["null", "string"], None),
    "pair": (["int", "long"], ("int", 1)),
    "date": (logical("int", "date"), NOON.date()),
    "time": (logical("int", "time-millis"), time(12)),
    "micros": (logical("long", "time-micros"), time(12)),
    "at": (logical("long", "timestamp-micros"), NOON),
    "then": (logical("long", "timestamp-millis"), NOON),
    "local": (logical("long", "local-timestamp-micros"), NOON.replace(tzinfo=None)),
    "nanos": (logical("long", "timestamp-nanos"), Timestamp(1)),
    "price": (logical("bytes", "decimal", precision=4, scale=2), Decimal(1)),
    "fee": (fixed("D", 1, logicalType="decimal", precision=2), Decimal(1)),
    "big": (logical("bytes", "big-decimal"), Decimal(1)),
    "id": (logical("string", "uuid"), UUID(int=1)),
    "key": (fixed("U", 16, logicalType="uuid"), UUID(int=1)),
    "duration": (fixed("P", 12, logicalType="duration"), Duration()),
}
WHOLE = record(
    "probe.Whole",
    *(required(name, kind) for name, (kind, _) in KINDS.items()),
    required("enum", enum("E", "A", "B")),
    required("other", enum("Other", "A", "B")),
    required("images", array(PART)),
    required("part", "Part"),
    required("either", ["Part", inner("Twin", required("url", "string")), "null", array("Part")]),
    required("by_name", mapping(array("Part"))),
    required("pinned", "shop.Thing"),
    references=[{"name": "shop.Thing", "version": 1}],
)
THING = record("shop.Thing", required("x", "int"))
Spoil: TypeAlias = Callable[[Any, Any], object]
"""Spoils an object; the other argument is the module of its class."""
FILES = {path_of(WHOLE): WHOLE, "shop/thing/v1.avsc": THING, "shop/thing/v2.avsc": THING}
INT = "an int from -2147483648 to 2147483647"
LONG = "an int from -9223372036854775808 to 9223372036854775807"
MAP = "a mapping with keys that are strings"
AWARE = "a datetime with a time zone"
NAIVE = "a datetime without a time zone"
MILLIS = "in whole milliseconds"
TIME = "a time without a time zone"
NANOS = "a Timestamp (nanoseconds)"
PRICE = "a finite Decimal of at most 4 digits, 2 of them after the point"
FEE = "a finite Decimal of at most 2 digits, 0 of them after the point"
PARTS = "a Duration with parts from 0 to 2**32 - 1"
SYMBOLS = "one of A, B"
SURROGATES = "text without lone surrogates"
PART_OF_V1 = "probe.Part, as registry.records.probe.whole.v1 has it"
THING_OF_V1 = "shop.Thing, as registry.records.shop.thing.v1 has it"
EITHER = "one of probe.Part, probe.Twin, null, array"
UNSET = "an attribute that is set"
WRONG: list[tuple[str, Any, str]] = [  # field, a value that does not fit, what is expected
    *[("boolean", each, "a bool") for each in (1, 0.0, "true", None)],
    *[("int", each, INT) for each in (True, 1.0, 2**31, -(2**31) - 1, "5", None, Decimal(1))],
    *[("long", each, LONG) for each in (False, 1.5, 2**63, -(2**63) - 1, "5", None, b"\x02")],
    *[("float", each, "a float of 4 bytes") for each in (True, 1e39, "1", None, Decimal(1))],
    *[("double", each, "a float of 8 bytes") for each in (True, 10**400, "1", None)],
    *[("bytes", each, "bytes") for each in ("x", None, 5, [1])],
    *[("string", each, "a str") for each in (1, None, b"x", ["x"])],
    ("string", "\ud800", SURROGATES),
    *[("null", each, "None") for each in (0, "", False)],
    *[("fixed", each, "2 bytes") for each in (b"a", b"abc", b"")],
    *[("fixed", each, "bytes") for each in ("ab", None, 2)],
    *[("ints", each, "a list") for each in ("12", {1: 2}, None, {1})],
    *[("map", each, MAP) for each in ([("a", 1)], None, "ab")],
    *[("option", each, "one of null, string") for each in (1, b"x", [""])],
    ("pair", 5, "a pair (branch, value), as it could be any of int, long"),
    *[("pair", each, "one of int, long") for each in ("5", None, ("string", "x"), ("int", 1, 2))],
    *[("date", each, "a date") for each in (NOON, "2024-02-29", 5, None)],
    *[("time", each, f"{TIME}, {MILLIS}") for each in (time(0, 0, 0, 1), time(1, tzinfo=UTC))],
    *[("micros", each, TIME) for each in (time(1, tzinfo=UTC), NOON, 5, None)],
    *[("at", each, AWARE) for each in (NOON.replace(tzinfo=None), NOON.date(), 5, None)],
    ("then", NOON.replace(microsecond=1), f"{AWARE}, {MILLIS}"),
    ("then", NOON.replace(tzinfo=None), f"{AWARE}, {MILLIS}"),
    *[("local", each, NAIVE) for each in (NOON, NOON.date(), 0, None)],
    *[("nanos", each, NANOS) for each in (5, Timestamp(2**63), NOON, None)],
    *[("price", Decimal(each), PRICE) for each in ("NaN", "sNaN", "-Infinity", "100", "0.001")],
    *[("price", each, PRICE) for each in (1.5, 1, "1", None)],
    *[("fee", Decimal(each), FEE) for each in ("NaN", "100", "0.1")],
    *[("big", each, "a finite Decimal") for each in (Decimal("Infinity"), 1.0, 1, None)],
    *[("id", each, "a UUID") for each in (str(UUID(int=1)), bytes(16), 1, None)],
    *[("key", each, "a UUID") for each in (str(UUID(int=1)), bytes(16), 1, None)],
    *[("duration", each, PARTS) for each in (timedelta(1), 5, None, Duration(months=-1))],
    *[("duration", each, PARTS) for each in (Duration(days=2**32), Duration(milliseconds=-1))],
    *[("enum", each, SYMBOLS) for each in ("C", "a", 0, None)],
]

EACH_WRONG = pytest.mark.parametrize(
    ("name", "value", "expected"),
    WRONG,
    ids=[f"{i}-{name}-{type(value).__name__}" for i, (name, value, _) in enumerate(WRONG)],
)


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    with imported(FILES, tmp_path_factory.mktemp("refused")) as found:
        yield found


@pytest.fixture
def whole(module: ModuleType) -> Any:
    """An object that fits."""
    part = module.Part
    made = module.Whole(
        **{name: deepcopy(value) for name, (_, value) in KINDS.items()},
        enum=module.E.A,
        other=module.Other.A,
        part=part(url=""),
        either=None,
        images=[part(url=str(i)) for i in range(5)],
        by_name={"k": [part(url="")]},
        pinned=thing(1),
    )
    assert module.Whole.from_avro(made.to_avro()) == made
    assert module.Whole.from_json(made.to_json()) == made
    return made


def thing(number: int) -> Any:
    """Return a record of one of two versions with the same fields."""
    return importlib.import_module(f"registry.records.shop.thing.v{number}").Thing(x=number)


def refusal(encode: Callable[[], bytes]) -> Unencodable:
    with pytest.raises(Unencodable) as caught:
        encode()
    return caught.value


@EACH_WRONG
def test_a_value_that_does_not_fit_is_told_with_its_path_and_what_would(
    name: str, value: Any, expected: str, whole: Any
) -> None:
    setattr(whole, name, value)
    error = refusal(whole.to_avro)
    assert (error.path, error.value, error.expected) == (name, value, expected)
    assert str(error).startswith(f"{name}: expected {expected}, not {type(value).__name__} ")


@EACH_WRONG
def test_it_has_no_json_form_either(name: str, value: Any, expected: str, whole: Any) -> None:
    setattr(whole, name, value)
    error = refusal(whole.to_json)
    assert (error.path, error.value) == (name, value), expected


DEEP: list[tuple[str, Spoil, str, str]] = [
    # what is wrong, how it comes about, path, what is expected (V1: as that module has it)
    ("string", lambda o, _: setattr(o.images[3], "url", 5), "images[3].url", "a str"),
    ("bool", lambda o, _: setattr(o.by_name["k"][0], "size", True), "by_name['k'][0].size", INT),
    ("item", lambda o, _: o.ints.append("x"), "ints[1]", INT),
    ("inner", lambda o, _: setattr(o, "pair", ("int", 2**31)), "pair", INT),
    ("entry", lambda o, _: o.map.update({"it's": 1.0}), 'map["it\'s"]', INT),
    ("key", lambda o, _: o.map.update({1: 2}), "map[1]", "a str"),
    ("bytes key", lambda o, _: o.map.update({b"a": 2}), "map[b'a']", "a str"),
    ("lone surrogate", lambda o, _: o.map.update({"\ud800": 1}), "map['\\ud800']", SURROGATES),
    ("no list", lambda o, m: setattr(o, "images", m.Part(url="")), "images", "a list"),
    ("dict", lambda o, _: setattr(o, "part", {"url": "", "size": 0}), "part", PART_OF_V1),
    ("dict in a list", lambda o, _: o.images.append({"url": ""}), "images[5]", PART_OF_V1),
    ("None", lambda o, _: setattr(o, "part", None), "part", PART_OF_V1),
    ("a class", lambda o, m: setattr(o, "part", m.Part), "part", PART_OF_V1),
    ("other class", lambda o, m: setattr(o, "part", m.Twin(url="")), "part", PART_OF_V1),
    ("other branch", lambda o, m: setattr(o, "either", [m.Twin(url="")]), "either[0]", PART_OF_V1),
    ("no branch", lambda o, m: setattr(o, "either", m.E.A), "either", EITHER),
    ("other version", lambda o, _: setattr(o, "pinned", thing(2)), "pinned", THING_OF_V1),
    ("deleted", lambda o, _: delattr(o.images[3], "url"), "images[3].url", UNSET),
    ("deleted record", lambda o, _: delattr(o, "part"), "part", UNSET),
]


EACH_DEEP = pytest.mark.parametrize(
    ("spoil", "path", "expected"), [each[1:] for each in DEEP], ids=[each[0] for each in DEEP]
)


@EACH_DEEP
def test_what_is_wrong_deep_inside_is_told_with_its_whole_path(
    spoil: Spoil, path: str, expected: str, whole: Any, module: ModuleType
) -> None:
    spoil(whole, module)
    error = refusal(whole.to_avro)
    assert (error.path, error.expected) == (path, expected)


@EACH_DEEP
def test_what_is_wrong_deep_inside_has_no_json_form_either(
    spoil: Spoil, path: str, expected: str, whole: Any, module: ModuleType
) -> None:
    spoil(whole, module)
    assert refusal(whole.to_json).path == path, expected


def test_text_that_is_no_unicode_has_no_json_form_either(whole: Any) -> None:
    whole.string = "\udfff"
    assert refusal(whole.to_json).path == "string"


def test_a_missing_argument_is_told_by_its_name(module: ModuleType) -> None:
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'url'"):
        module.Part(size=1)


def test_what_python_takes_for_the_same_is_written_as_what_it_is(whole: Any) -> None:
    tokyo = timezone(timedelta(hours=9))
    whole.float, whole.ints, whole.at = 5, (1, 2), NOON.astimezone(tokyo)
    found = type(whole).from_avro(whole.to_avro())
    assert (found.float, found.ints, found.at) == (5.0, [1, 2], NOON)
    assert type(found.float) is float
    assert found.at.tzinfo is UTC
