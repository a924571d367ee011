"""Legal Avro that breaks naive generators. Every field has a default."""

from registry.source import JSON
from tests.tools.trees import record


def field(name: str, kind: JSON, default: JSON, **more: JSON) -> dict[str, JSON]:
    return {"name": name, "type": kind, "default": default, **more}


def enum(name: str, *symbols: str, **more: JSON) -> dict[str, JSON]:
    return {"type": "enum", "name": name, "symbols": list(symbols), **more}


def inner(name: str, *fields: dict[str, JSON], **more: JSON) -> dict[str, JSON]:
    return {"type": "record", "name": name, "fields": list(fields), **more}


def logical(kind: str, logical_type: str, /, **more: JSON) -> dict[str, JSON]:
    return {"type": kind, "logicalType": logical_type, **more}


HOSTILE_DOCS = (
    '"""\nimport os\n"""',
    "ends in a backslash\\",
    'ends in a quote"',
    '"starts with one',
    "\\N{DASH}",
    "tab\tand\rreturn",
    "\u202emirrored",
    "\x00",
    "Grüße \U0001f600",
    "   ",
    '""',
    "long " * 60,
    "one\n\n\n  two",
    "x" * 300,
    '"',
    "\\",
    "'''",
    '\\"""',
    "{braces} %s",
)
UUID_TYPE = logical("string", "uuid")
MICROS = logical("long", "timestamp-micros")
INTS: JSON = {"type": "array", "items": "int"}
OPTIONALS: JSON = {"type": "array", "items": ["null", "string"]}
BRANCH = inner("Branch", field("root", ["null", "Trap"], None))
LONG_NAMED = inner("N" * 120, field("x", "string", "y" * 200))
SYMBOLS = ("None", "class", "name", "value", "mro", "True", "_x", "x_x", "__y__", "lower")
KEYWORDS = (
    *("class", "from", "import", "None", "self", "async", "await", "True", "_private", "__dunder"),
    *("__dunder__", "schema", "SCHEMA", "validate", "json", "copy", "fields", "to_dict", "to_avro"),
    *("from_json", "upgrade", "VERSION", "bind", "cls", "Record"),
)
BUILTINS: tuple[tuple[str, JSON, JSON], ...] = (
    ("str", "string", "a"),
    ("int", "int", 1),
    ("list", {"type": "array", "items": "int"}, []),
    ("dict", {"type": "map", "values": "int"}, {}),
    ("bytes", "bytes", "\u00ff"),
    ("float", "float", 1),
    ("bool", "boolean", True),
    ("date", logical("int", "date"), 0),
    ("datetime", MICROS, 0),
    ("time", logical("int", "time-millis"), 0),
    ("field", "int", 0),
    ("dataclass", "int", 0),
    ("Decimal", "int", 0),
    ("UTC", "int", 0),
    ("ClassVar", "int", 0),
    ("other", {"type": "array", "items": "string"}, ["a"]),
    ("late", MICROS, 1),
)
TRAPS: dict[str, tuple[dict[str, JSON], ...]] = {
    "empty": (),
    "builtins": tuple(field(*each) for each in BUILTINS),
    "keywords": tuple(field(name, "int", i) for i, name in enumerate(KEYWORDS)),
    "types_with_our_names": (
        field("a", inner("Decimal", field("x", "int", 1)), {}),
        field("b", inner("Record"), {}),
        field("c", enum("UUID", "A"), "A"),
        field("d", UUID_TYPE, "00000000-0000-0000-0000-000000000001"),
        field("e", logical("bytes", "decimal", precision=4, scale=2), "\u0001"),
        field("f", inner("__Private"), {}),
        field("g", inner("None"), {}),
        field("h", inner("list"), {}),
        field("i", {"type": "array", "items": "list"}, []),
    ),
    "field_called_as_its_type": (
        field("Colour", enum("Colour", "RED", "BLUE"), "BLUE"),
        field("Colour_", "int", 0),
        field("other", "Colour", "RED"),
        field("Part", inner("Part", field("Part", "int", 2)), {}),
        field("more", {"type": "array", "items": "Part"}, [{}, {"Part": 3}]),
    ),
    "symbols": (
        field(
            "e",
            enum("E", *SYMBOLS),
            "_x",
        ),
        field("f", "E", "mro"),
    ),
    "same_simple_names": (
        field("a", inner("Part", field("x", "int", 1), namespace="probe.one"), {}),
        field("b", inner("Part", field("x", "int", 2), namespace="probe.two"), {}),
        field("c", inner("probe_one_Part"), {}),
        field("d", ["probe.one.Part", "probe.two.Part"], {"x": 5}),
    ),
    "only_case_differs": (field("a", "int", 1), field("A", "int", 2)),
    "moments": (
        field("a", logical("int", "date"), 19_000),
        field("b", logical("int", "time-millis"), 1_001),
        field("c", logical("long", "time-micros"), 1),
        field("d", logical("long", "timestamp-millis"), -1),
        field("e", logical("long", "local-timestamp-micros"), 1),
        field("f", logical("long", "timestamp-nanos"), 123_456_789),
        field("g", logical("fixed", "duration", name="D", size=12), "\u0001" + "\0" * 11),
        field("h", logical("fixed", "uuid", name="U", size=16), "\0" * 15 + "\u0001"),
        field("i", logical("fixed", "decimal", precision=3, name="F", size=2), "\u00ff\u0001"),
    ),
    "unions": (
        field("a", ["string", "null"], "x"),
        field("b", ["null", INTS, {"type": "map", "values": "int"}], None),
        field("c", ["null", "int", "long", "string"], None),
        field("d", {"type": "map", "values": OPTIONALS}, {"k": [None]}),
        field("e", ["null"], None),
    ),
    "recursion": (
        field("next", ["null", "Trap"], None),
        field("branches", {"type": "array", "items": BRANCH}, []),
    ),
    "recursion_by_a_field_called_as_its_class": (field("Trap", ["null", "Trap"], None),),
    "ignored_logical_types": (
        field("a", logical("long", "decimal", precision=3), 1),
        field("b", logical("bytes", "decimal"), ""),
        field("c", logical("string", "nobody-knows"), "x"),
    ),
    "docs": tuple(field(f"f{i}", "string", text, doc=text) for i, text in enumerate(HOSTILE_DOCS)),
    "long": (
        field("a" * 90, "int", 1),
        field("b" * 90, {"type": "array", "items": "string"}, ["x" * 90]),
        field("c", {"type": "array", "items": "string"}, ["word " * 5] * 20),
        field("d", ["null", *(inner("C" * 30 + str(i)) for i in range(4))], None),
        field("e", {"type": "map", "values": LONG_NAMED}, {"k": {}}),
        field("f", "string", "z" * 70),
        field("g" * 40, enum("G" * 40, "H" * 40), "H" * 40),
    ),
}


def trap(name: str) -> str:
    return record("probe.Trap", *TRAPS[name], doc=f"The trap {name}.")
