"""Probes of names: what Python, the generated code or another type is called as well."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from tests.tools.probes import Probe, array, mapping, probe, required
from tests.tools.traps import HOSTILE_DOCS, KEYWORDS, SYMBOLS, TRAPS, enum, field, inner, logical

LOCALS = (
    *("b", "c", "d", "e", "i", "j", "k", "m", "n", "o", "p", "q", "r", "s", "t", "v", "w", "x"),
    *("new", "data", "offset", "budget", "limits", "value", "out", "record", "append", "pack"),
    *("unpack", "index", "key", "items", "end", "start", "size", "count", "error", "path", "depth"),
    *("len", "range", "struct", "type", "object", "isinstance", "tuple", "set", "registry"),
    *("Unencodable", "Undecodable", "annotations", "Literal", "bind", "write", "read", "_", "__"),
    *("__init__", "__slots__", "__avro_encode__", "__avro_decode__", "__avro_name__", "__class__"),
    *("__dict__", "__post_init__", "__dataclass_fields__", "__match_args__", "__replace__"),
)
HINTS = (
    *("Optional", "Enum", "Int", "str", "Union", "List", "Any", "StrEnum", "Literal", "Self"),
    *("ClassVar", "dataclass", "field", "bind", "datetime", "date", "UUID", "Timestamp", "None"),
    *("Duration", "annotations", "Never", "tuple", "dict", "bool", "object", "type", "len"),
    *("range", "Refused", "Budget", "INT", "LONG", "join", "new", "rest", "Struct", "BOOLEANS"),
    *("encode_trap", "decode_trap", "codes", "members", "length", "opened", "block", "utf8"),
)
LETTERS = ("b", "p", "n", "s", "o", "B", "P", "N", "S", "O")
LETTERS_WITH_NUMBERS = tuple(f"{letter}{i}" for letter in "vxkc" for i in range(1, 13))
MANY_SYMBOLS = tuple(f"SYMBOL_{i}" for i in range(200))
PART = field("x", "int", 1)
DEEP = {"x": 7}
NAMES: Mapping[str, Probe] = dict(
    [
        probe("empty", TRAPS["empty"], {}),
        probe(
            "builtins",
            TRAPS["builtins"],
            {
                "str": "\x00é\U0001f600",
                "int": -(2**31),
                "list": [2**31 - 1, 0],
                "dict": {"": 1, "\U0001f600": -1},
                "bytes": b"\xff\x00",
                "float": -0.0,
                "bool": False,
                "date": date.max,
                "time": time(23, 59, 59, 999_000),
                "datetime": datetime(1, 1, 1, tzinfo=UTC),
                "field": 1,
                "dataclass": 2,
                "Decimal": 3,
                "UTC": 4,
                "ClassVar": 5,
                "other": ["", "\u2028"],
                "late": datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
            },
        ),
        probe("keywords", TRAPS["keywords"], {name: -i for i, name in enumerate(KEYWORDS)}),
        probe(
            "local_names",
            [required(name, "long" if i % 2 else "string") for i, name in enumerate(LOCALS)],
            {name: i << 40 if i % 2 else name for i, name in enumerate(LOCALS)},
        ),
        probe(
            "types_with_our_names",
            TRAPS["types_with_our_names"],
            {
                "a": DEEP,
                "b": {},
                "c": "A",
                "d": UUID(int=2**128 - 1),
                "e": Decimal("-99.99"),
                "f": {},
                "g": {},
                "h": {},
                "i": [{}, {}],
            },
        ),
        probe(
            "types_called_as_hints",
            [required(f"f{i}", inner(name, PART)) for i, name in enumerate(HINTS)]
            + [
                required("plain", ["null", "string", array("double"), mapping("boolean")]),
                required("id", logical("string", "uuid")),
                required("at", logical("long", "timestamp-millis")),
            ],
            {
                **{f"f{i}": {"x": i} for i in range(len(HINTS))},
                "plain": [0.5],
                "id": UUID(int=1),
                "at": datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC),
            },
        ),
        probe(
            "field_called_as_its_type",
            TRAPS["field_called_as_its_type"],
            {
                "Colour": "RED",
                "Colour_": 1,
                "other": "BLUE",
                "Part": {"Part": -1},
                "more": [{"Part": 1}],
            },
        ),
        probe("symbols", TRAPS["symbols"], *({"e": each, "f": SYMBOLS[0]} for each in SYMBOLS)),
        probe(
            "many_symbols",
            [required("e", enum("E", *MANY_SYMBOLS)), required("f", array("E"))],
            {"e": "SYMBOL_199", "f": list(MANY_SYMBOLS)},
            {"e": "SYMBOL_63", "f": ["SYMBOL_64"]},
        ),
        probe(
            "same_simple_names",
            TRAPS["same_simple_names"],
            {
                "a": {"x": 3},
                "b": {"x": 4},
                "c": {},
                "d": ("probe.two.Part", {"x": 5}),
            },
            {
                "a": {"x": 3},
                "b": {"x": 4},
                "c": {},
                "d": ("probe.one.Part", {"x": 5}),
            },
            avro="it takes the first branch that a dict fits",
        ),
        probe("only_case_differs", TRAPS["only_case_differs"], {"a": 3, "A": 4}),
        probe(
            "only_the_case_of_types_differs",
            [
                required("a", inner("part", PART)),
                required("b", inner("Part", field("y", "string", ""))),
                required("c", enum("PART", "a", "A", "b_", "b", "B")),
                required("d", ["part", "Part", "PART"]),
            ],
            {"a": {"x": 2}, "b": {"y": "z"}, "c": "A", "d": {"y": "w"}},
            {"a": {"x": 2}, "b": {"y": "z"}, "c": "b_", "d": {"x": 3}},
            {"a": {"x": 2}, "b": {"y": "z"}, "c": "b", "d": "a"},
        ),
        probe(
            "com.class.import",
            [
                required("None", inner("in", required("is", "string"))),
                required("not", array("in")),
                required("a", inner("Trap", required("b", "int"), namespace="com.class")),
            ],
            {"None": {"is": "a"}, "not": [{"is": "b"}], "a": {"b": 1}},
        ),
        probe(
            "single_letters",
            [
                required("b", inner("b", required("p", enum("p", *LETTERS)), required("n", "int"))),
                required("n", inner("n", required("b", "b"), required("s", ["null", "n"]))),
                required("s", {"type": "fixed", "name": "s", "size": 1}),
                required("o", array("p")),
                required("p", ["s", "b", "p", "null"]),
            ],
            {
                "b": {"p": "b", "n": 1},
                "n": {"b": {"p": "O", "n": 2}, "s": {"b": {"p": "S", "n": 3}, "s": None}},
                "s": b"\xff",
                "o": ["n", "N"],
                "p": "P",
            },
            {
                "b": {"p": "n", "n": 1},
                "n": {"b": {"p": "s", "n": 2}, "s": None},
                "s": b"\x00",
                "o": [],
                "p": {"p": "o", "n": 2},
            },
        ),
        probe(
            "types_called_as_locals",
            [
                *(
                    required(name, inner(name, required(name, "int")))
                    for name in LETTERS_WITH_NUMBERS
                ),
                required("array", array("v1")),
                required("map", mapping(array(["x1", "k1", "null"]))),
                required("enums", array(enum("E1", "o", "s"))),
            ],
            {
                **{name: {name: i} for i, name in enumerate(LETTERS_WITH_NUMBERS)},
                "array": [{"v1": 1}, {"v1": 2}],
                "map": {"": [None, ("probe.types_called_as_locals.k1", {"k1": 3})]},
                "enums": ["s"],
            },
        ),
        probe(
            "the_null_namespace",
            [
                required("a", inner("Bare", required("x", "int"), namespace="")),
                required("b", array(inner("Trap", required("y", "int"), namespace="other"))),
            ],
            {"a": {"x": 1}, "b": [{"y": 2}]},
        ),
        probe(
            "docs",
            TRAPS["docs"],
            {f"f{i}": text for i, text in enumerate(reversed(HOSTILE_DOCS))},
        ),
        probe(
            "docs_of_types",
            [
                required(
                    f"f{i}", inner(f"R{i}", required("x", enum(f"E{i}", "A", doc=doc)), doc=doc)
                )
                for i, doc in enumerate(HOSTILE_DOCS)
            ],
            {f"f{i}": {"x": "A"} for i in range(len(HOSTILE_DOCS))},
        ),
        probe(
            "long",
            TRAPS["long"],
            {
                "a" * 90: 2,
                "b" * 90: [],
                "c": ["x"],
                "d": ("probe.long." + "C" * 30 + "3", {}),
                "e": {"l": {"x": ""}},
                "f": "",
                "g" * 40: "H" * 40,
            },
        ),
        probe(
            "many_fields",
            [required(f"field_{i}", ["null", "long", "string"][i % 3]) for i in range(150)],
            {f"field_{i}": [None, -i, str(i)][i % 3] for i in range(150)},
        ),
    ]
)
