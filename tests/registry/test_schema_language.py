"""The schema language: every rule of the specification, and where its breach is told."""

import json
from typing import Any

import pytest

import registry
from registry.errors import InvalidSchema, SchemaError, UnknownName, UnsafeName
from registry.limits import Limits
from registry.schema import (
    MISSING,
    PRIMITIVES,
    ArraySchema,
    EnumSchema,
    Field,
    FixedSchema,
    MapSchema,
    RecordSchema,
    UnionSchema,
    named_types,
)


def record(*fields: Any, **more: Any) -> dict[str, Any]:
    return {"type": "record", "name": "R", "fields": list(fields), **more}


def field(kind: Any, name: str = "a", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, **more}


def only_field(kind: Any, **more: Any) -> Field:
    schema = registry.parse(record(field(kind, **more)))
    assert isinstance(schema, RecordSchema)
    return schema.fields[0]


ENUM: dict[str, Any] = {"type": "enum", "name": "E", "symbols": ["A", "B"]}
FIXED: dict[str, Any] = {"type": "fixed", "name": "F", "size": 2}


@pytest.mark.parametrize("name", sorted(PRIMITIVES))
def test_a_primitive_may_be_a_word_or_an_object(name: str) -> None:
    assert registry.parse(json.dumps(name)).type == name
    assert registry.canonical_form(registry.parse({"type": name})) == f'"{name}"'


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"type": "array", "items": "int"}, ArraySchema),
        ({"type": "map", "values": "int"}, MapSchema),
        (["null", "int"], UnionSchema),
        ([], UnionSchema),
        (ENUM, EnumSchema),
        (FIXED, FixedSchema),
        (record(), RecordSchema),
        ({**record(), "type": "error"}, RecordSchema),
    ],
)
def test_each_complex_type_is_parsed(value: Any, kind: type) -> None:
    assert type(registry.parse(value)) is kind


def test_bytes_text_and_value_give_the_same_schema() -> None:
    text = json.dumps(record(field("int")))
    forms = {registry.full_text(registry.parse(each)) for each in (text, text.encode())}
    assert forms == {registry.full_text(registry.parse(json.loads(text)))}


@pytest.mark.parametrize(
    ("head", "name", "aliases"),
    [
        ({"name": "E"}, "E", ()),
        ({"name": "E", "namespace": "n"}, "n.E", ("n.Old", "m.Old")),
        ({"name": "E", "namespace": ""}, "E", ("Old", "m.Old")),
        ({"name": "m.E", "namespace": "ignored"}, "m.E", ("m.Old",)),
        ({"name": "a.b.E"}, "a.b.E", ("a.b.Old", "m.Old")),
    ],
)
def test_names_and_aliases_are_made_full_by_their_own_namespace(
    head: dict[str, str], name: str, aliases: tuple[str, ...]
) -> None:
    found = registry.parse({**ENUM, **head, "aliases": ["Old", "m.Old"] if aliases else []})
    assert isinstance(found, EnumSchema)
    assert (found.name, found.aliases) == (name, aliases)


def test_a_nested_type_and_a_reference_inherit_the_enclosing_namespace() -> None:
    schema = registry.parse(record(field(ENUM), field("E", "b"), field("n.E", "c"), namespace="n"))
    assert isinstance(schema, RecordSchema)
    assert {each.type.label for each in schema.fields} == {"n.E"}
    assert len({id(each.type) for each in schema.fields}) == 1


def test_a_reference_in_a_namespace_does_not_fall_back_to_the_null_namespace() -> None:
    schema: list[Any] = [ENUM, record(field("E"), namespace="n")]
    with pytest.raises(UnknownName, match=r"'E' \(that is, 'n\.E'\) is not defined"):
        registry.parse(schema)


def test_a_recursive_type_is_a_cycle_of_one_object() -> None:
    schema = registry.parse(record(field(["null", "R"])))
    assert isinstance(schema, RecordSchema)
    union = schema.fields[0].type
    assert isinstance(union, UnionSchema)
    assert union.branches[1] is schema


def test_given_names_may_be_used_with_what_is_inside_them() -> None:
    given = registry.parse(record(field(ENUM), namespace="n"))
    used = registry.parse({"type": "array", "items": "n.E"}, [given])
    assert list(named_types(used)) == ["n.E"]
    with pytest.raises(InvalidSchema, match="defined already"):
        registry.parse({**ENUM, "namespace": "n"}, [given])


def test_a_field_keeps_all_that_the_schema_says_of_it() -> None:
    found = only_field("int", doc="d", order="ignore", aliases=["b"], default=1, tags=["pii"])
    assert (found.doc, found.order, found.aliases, found.default) == ("d", "ignore", ("b",), 1)
    assert found.props == {"tags": ["pii"]}


def test_a_default_of_null_is_not_a_missing_default() -> None:
    assert only_field("null", default=None).default is None
    assert only_field("null").default is MISSING


@pytest.mark.parametrize("symbol", ["A", "B"])
def test_an_enum_may_have_a_default_symbol(symbol: str) -> None:
    found = registry.parse({**ENUM, "default": symbol})
    assert isinstance(found, EnumSchema)
    assert found.default == symbol


BAD: list[tuple[Any, str, str]] = [
    (1, "", "a name, an object or a list"),
    (None, "", "a name, an object or a list"),
    ({}, "", "no 'type'"),
    ({"type": 1}, "/type", "is a name"),
    ({"type": {"type": "int"}}, "/type", "without the outer one"),
    ({"type": ["null", "int"]}, "/type", "without the outer one"),
    ("Int", "", "Did you mean 'int'"),
    ({"type": "Nope"}, "/type", "not defined"),
    ({"type": "array"}, "", "no 'items'"),
    ({"type": "map"}, "", "no 'values'"),
    ({"type": "array", "items": "nope"}, "/items", "not defined"),
    (["int", "int"], "/1", "'int' twice"),
    (["int", {"type": "int", "logicalType": "date"}], "/1", "'int' twice"),
    ([{"type": "array", "items": "int"}, {"type": "array", "items": "long"}], "/1", "twice"),
    ([ENUM, "E"], "/1", "'E' twice"),
    (["null", ["int"]], "/1", "directly inside a union"),
    ({"type": "enum", "symbols": ["A"]}, "", "no 'name'"),
    ({**ENUM, "name": 1}, "/name", "no 'name'"),
    ({**ENUM, "name": ""}, "/name", "no Avro name"),
    ({**ENUM, "name": "a-b"}, "/name", "no Avro name"),
    ({**ENUM, "name": "9a"}, "/name", "no Avro name"),
    ({**ENUM, "name": "é"}, "/name", "no Avro name"),
    ({**ENUM, "name": "a\n"}, "/name", "no Avro name"),
    ({**ENUM, "name": 'x")'}, "/name", "no Avro name"),
    ({**ENUM, "name": "../../etc/passwd"}, "/name", "no Avro name"),
    ({**ENUM, "name": "a..b"}, "/name", "no Avro name"),
    ({**ENUM, "name": "int"}, "/name", "name of a primitive"),
    ({**ENUM, "name": "n.int"}, "/name", "name of a primitive"),
    ({**ENUM, "namespace": 1}, "/namespace", "is a string"),
    ({**ENUM, "namespace": "a/b"}, "/name", "no Avro name"),
    ({**ENUM, "namespace": ".a"}, "/name", "no Avro name"),
    ({**ENUM, "doc": 1}, "/doc", "is a string"),
    ({**ENUM, "aliases": "Old"}, "/aliases", "list of names"),
    ({**ENUM, "aliases": ["Old", "a b"]}, "/aliases/1", "no Avro name"),
    ({**ENUM, "symbols": "AB"}, "/symbols", "no list of 'symbols'"),
    ({"type": "enum", "name": "E"}, "", "no list of 'symbols'"),
    ({**ENUM, "symbols": ["A", "A"]}, "/symbols/1", "stands twice"),
    ({**ENUM, "symbols": ["A", "b c"]}, "/symbols/1", "no Avro name"),
    ({**ENUM, "symbols": ["A", 1]}, "/symbols/1", "no Avro name"),
    ({**ENUM, "default": "C"}, "/default", "no symbol of the enum"),
    ({**ENUM, "default": None}, "/default", "no symbol of the enum"),
    ({"type": "fixed", "name": "F"}, "", "no 'size'"),
    ({**FIXED, "size": -2}, "/size", "no 'size'"),
    ({**FIXED, "size": "2"}, "/size", "no 'size'"),
    ({**FIXED, "size": 2.0}, "/size", "no 'size'"),
    ({**FIXED, "size": True}, "/size", "no 'size'"),
    ({"type": "record", "name": "R"}, "", "no list of 'fields'"),
    (record(1), "/fields/0", "is an object"),
    (record({"type": "int"}), "/fields/0", "no 'name'"),
    (record({"name": "a"}), "/fields/0", "no 'type'"),
    (record(field("int", "a-b")), "/fields/0/name", "no Avro name"),
    (record(field("int", "a.b")), "/fields/0/name", "no Avro name"),
    (record(field("int", order="up")), "/fields/0/order", "ascending, descending, ignore"),
    (record(field("int", aliases=["a.b"])), "/fields/0/aliases/0", "no Avro name"),
    (record(field("int"), field("long")), "/fields/1/name", "'a' stands twice"),
    (record(field(ENUM), field(ENUM, "b")), "/fields/1/type/name", "defined already"),
    (record(field(record())), "/fields/0/type/name", "defined already"),
    (
        [{**ENUM, "aliases": ["Z"]}, {**FIXED, "aliases": ["Z"]}],
        "/1/aliases",
        "an alias of 'E' already",
    ),
]


@pytest.mark.parametrize(("value", "path", "reason"), BAD)
def test_a_broken_rule_is_told_at_its_culprit(value: Any, path: str, reason: str) -> None:
    text = json.dumps(value, indent=1)
    with pytest.raises(SchemaError) as caught:
        registry.parse(text)
    assert caught.value.path == path
    assert reason in str(caught.value)
    assert str(caught.value).startswith(f"{caught.value.line}:{caught.value.column}: ")


@pytest.mark.parametrize("name", ["__proto__", 'a"b', "a\nb", "a' or 1", "../x", "a b"])
def test_a_name_that_could_leave_its_quotes_is_unsafe(name: str) -> None:
    unsafe = list(registry.problems(record(field("int", name), name=name)))
    safe = name == "__proto__"  # plain letters: what it means to Python is not Avro's affair
    assert [type(each) for each in unsafe] == ([] if safe else [UnsafeName, UnsafeName])


def test_all_problems_are_told_in_the_order_of_the_text() -> None:
    text = json.dumps(record(field("x"), field("y", "b"), field("int", "c d"), doc=1), indent=1)
    found = [(each.line, each.path) for each in registry.problems(text)]
    assert [path for _, path in found] == [
        "/fields/0/type",
        "/fields/1/type",
        "/fields/2/name",
        "/doc",
    ]
    assert found == sorted(found)


def test_a_sound_schema_has_no_problems() -> None:
    assert list(registry.problems(record(field(["null", "R"], default=None)))) == []


def test_strict_false_leaves_defaults_alone_and_nothing_else() -> None:
    registry.parse(record(field("int", default="x")), strict=False)
    with pytest.raises(UnknownName):
        registry.parse(record(field("x")), strict=False)


@pytest.mark.parametrize("depth", [66, 300, 900, 50_000])
def test_types_within_types_are_bounded(depth: int) -> None:
    text = '{"type":"array","items":' * depth + '"int"' + "}" * depth
    with pytest.raises(InvalidSchema, match="nested"):
        registry.parse(text, limits=Limits(schema_bytes=1 << 24))


def test_64_types_within_each_other_are_allowed() -> None:
    registry.parse('{"type":"array","items":' * 64 + '"int"' + "}" * 64)


def test_named_types_are_bounded() -> None:
    many: list[Any] = [{**FIXED, "name": f"F{i}"} for i in range(11)]
    registry.parse(many[:10], limits=Limits(schema_names=10))
    with pytest.raises(InvalidSchema, match="more than 10 named types"):
        registry.parse(many, limits=Limits(schema_names=10))


@pytest.mark.timeout(20)
def test_twenty_thousand_problems_are_told_in_time() -> None:
    many = record(*(field(f"Nope{i}", f"f{i}") for i in range(20_000)))
    text = json.dumps(many)
    found = list(registry.problems(text, limits=Limits(schema_bytes=1 << 22)))
    assert len(found) == 20_000


def test_types_that_refer_down_more_than_64_levels_are_refused() -> None:
    """One text may be flat, and what it describes deep."""
    levels: list[Any] = [{"type": "record", "name": "R0", "fields": []}]
    for level in range(1, 3000):
        field = {"name": "a", "type": f"R{level - 1}"}
        levels.append({"type": "record", "name": f"R{level}", "fields": [field]})
    fields = [{"name": f"f{level}", "type": each} for level, each in enumerate(levels)]
    with pytest.raises(InvalidSchema, match="nested more than 64 deep"):
        registry.parse(json.dumps({"type": "record", "name": "All", "fields": fields}))


def test_a_union_of_more_than_1000_types_is_refused() -> None:
    branches = [{"type": "fixed", "name": f"F{index}", "size": 1} for index in range(1001)]
    assert registry.parse(json.dumps(branches[:1000]))
    with pytest.raises(InvalidSchema, match="more than 1000 types"):
        registry.parse(json.dumps(branches))
