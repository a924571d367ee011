"""What `check` says: the rule, the paths in both schemas, the deepest cause; and how fast."""

import json
from typing import Any

import pytest

import registry
from registry import Compatibility
from registry.compatibility import Incompatibility


def record(*fields: Any, name: str = "R", **more: Any) -> dict[str, Any]:
    return {"type": "record", "name": name, "fields": list(fields), **more}


def field(kind: Any, name: str = "a", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, **more}


def enum(*symbols: str, **more: Any) -> dict[str, Any]:
    return {"type": "enum", "name": "E", "symbols": list(symbols), **more}


def decimal(precision: int, scale: int = 0) -> dict[str, Any]:
    return {"type": "bytes", "logicalType": "decimal", "precision": precision, "scale": scale}


def fixed(size: int, name: str = "F", **more: Any) -> dict[str, Any]:
    return {"type": "fixed", "name": name, "size": size, **more}


def check(reader: Any, writer: Any, *, confluent: bool = False) -> list[Incompatibility]:
    one, other = registry.parse(json.dumps(reader)), registry.parse(json.dumps(writer))
    return list(registry.check(one, other, "confluent" if confluent else "avro"))


CASES: list[tuple[Any, Any, tuple[str, str, str, str]]] = [
    (
        "int",
        "string",
        ("TYPE_MISMATCH", "", "", "The writer has string, the reader int."),
    ),
    (
        record(name="A"),
        record(name="B"),
        ("NAME_MISMATCH", "", "", "The writer calls the type B, the reader A, without an alias."),
    ),
    (
        record(field(fixed(2))),
        record(field(fixed(3))),
        (
            "FIXED_SIZE_MISMATCH",
            "/fields/0/type",
            "/fields/0/type",
            "a: the writer's has 3 bytes, the reader's 2.",
        ),
    ),
    (
        record(field(enum("A"))),
        record(field("int", "z"), field(enum("A", "B", "C"))),
        (
            "MISSING_ENUM_SYMBOLS",
            "/fields/0/type",
            "/fields/1/type",
            "a: the reader's E lacks B, C and has no default symbol.",
        ),
    ),
    (
        record(field("int"), field("int", "b")),
        record(field("int", "b")),
        (
            "READER_FIELD_MISSING_DEFAULT_VALUE",
            "/fields/0",
            "",
            "a: the reader needs it, the writer does not write it, and it has no default.",
        ),
    ),
    (
        record(field(["null", "int"])),
        record(field(["null", "int", "string"])),
        (
            "MISSING_UNION_BRANCH",
            "/fields/0/type",
            "/fields/0/type/2",
            "a: the writer may write string, and the reader's union has null, int only.",
        ),
    ),
    (
        decimal(4, 2),
        decimal(4, 1),
        (
            "DECIMAL_MISMATCH",
            "",
            "",
            (
                "The writer's decimal has precision 4 and scale 1, "
                "the reader's precision 4 and scale 2."
            ),
        ),
    ),
    (
        record(field("int", "y", aliases=["x"])),
        record(field("int", "x"), field("int", "y")),
        (
            "AMBIGUOUS_ALIAS",
            "",
            "",
            "The field 'y' stands, by its aliases, for several fields: 'x', 'y'.",
        ),
    ),
]


@pytest.mark.parametrize(("reader", "writer", "expected"), CASES)
def test_each_rule_has_its_word_its_paths_and_its_sentence(
    reader: Any,
    writer: Any,
    expected: tuple[str, str, str, str],
) -> None:
    assert check(reader, writer) == [Incompatibility(*expected)]


def test_the_deepest_cause_is_told_and_not_the_union_around_it() -> None:
    def tree(*more: Any) -> Any:
        image = record(field("string", "url"), *more, name="Image")
        return record(field(["null", {"type": "array", "items": {"type": "map", "values": image}}]))

    [found] = check(tree(field("int", "width")), tree())
    assert found.rule == "READER_FIELD_MISSING_DEFAULT_VALUE"
    assert found.reader_path == "/fields/0/type/1/items/values/fields/1"
    assert found.writer_path == "/fields/0/type/1/items/values"
    assert found.message.startswith("a[]{}.width: the reader needs it")


def test_all_incompatibilities_are_told() -> None:
    reader = record(field("int"), field("int", "b"), field("int", "c"))
    assert [each.message[0] for each in check(reader, record(field("string")))] == ["a", "b", "c"]


def test_a_cause_in_a_type_that_stands_in_many_places_is_told_once() -> None:
    def tree(kind: str) -> Any:
        inner = record(field(kind, "x"), field(["null", "I"], "again"), name="I")
        return record(field(inner), field("I", "b"), field({"type": "array", "items": "I"}, "c"))

    assert [each.message[:4] for each in check(tree("int"), tree("string"))] == ["a.x:"]


def test_a_verdict_on_a_recursive_type_does_not_rest_on_an_assumption_that_failed() -> None:
    def tree(kind: str) -> Any:
        inner = record(field(["null", "Outer"], "up"), name="Inner")
        return record(field(inner), field(kind, "x"), field("Inner", "again"), name="Outer")

    assert [each.message[:2] for each in check(tree("int"), tree("string"))] == ["x:"]
    assert not check(tree("long"), tree("int"))


@pytest.mark.parametrize(
    ("reader", "writer"),
    [
        (decimal(4, 2), decimal(5, 2)),
        (
            fixed(2, logicalType="decimal", precision=4),
            fixed(2, logicalType="decimal", precision=3),
        ),
    ],
)
def test_decimals_of_other_digits_agree_by_confluents_rules_only(reader: Any, writer: Any) -> None:
    assert [each.rule for each in check(reader, writer)] == ["DECIMAL_MISMATCH"]
    assert not check(reader, writer, confluent=True)


@pytest.mark.parametrize("kind", ["record", "enum"])
def test_a_branch_of_the_same_name_and_another_kind_does_not_hide_the_right_one(kind: str) -> None:
    mine = {"record": record(name="n.X"), "enum": {**enum("A"), "name": "n.X"}}
    other = {"record": {**enum("A"), "name": "n.X"}, "enum": record(name="n.X")}
    right = {**mine[kind], "name": "m.X"}
    assert not check([other[kind], right], mine[kind])


def test_an_alias_named_like_a_primitive_type_renames_no_primitive() -> None:
    assert not check([record(name="X", aliases=["int"]), "int"], "int")


@pytest.mark.timeout(10)
def test_types_that_share_types_thirty_levels_deep_are_compared_at_once() -> None:
    def lattice(kind: str) -> list[Any]:
        levels = [record(field(kind), name="A0")]
        for level in range(1, 30):
            below = f"A{level - 1}"
            levels.append(record(field(below), field(["null", below], "b"), name=f"A{level}"))
        return levels

    assert not check(lattice("long"), lattice("int"))
    assert len(check(lattice("int"), lattice("string"))) == 1
    assert check(lattice("int"), lattice("string"), confluent=True)


@pytest.mark.timeout(10)
def test_thirty_records_that_all_hold_each_other_are_compared_at_once() -> None:
    def web(kind: str, level: int = 0) -> Any:
        fields = [field(["null", f"M{each}"], f"f{each}") for each in range(level + 1)]
        inner = [field(["null", web(kind, level + 1)], "in")] if level < 29 else []
        return record(*fields, *inner, *([] if inner else [field(kind, "x")]), name=f"M{level}")

    assert not check(web("long"), web("int"))
    assert len(check(web("int"), web("string"))) == 1


@pytest.mark.timeout(10)
def test_forty_thousand_symbols_are_compared_at_once() -> None:
    symbols = [f"S{i}" for i in range(40_000)]
    assert not check(enum(*symbols), enum(*reversed(symbols)))


@pytest.mark.parametrize(
    ("level", "backward", "forward", "transitive"),
    [
        ("NONE", False, False, False),
        ("BACKWARD", True, False, False),
        ("BACKWARD_TRANSITIVE", True, False, True),
        ("FORWARD", False, True, False),
        ("FORWARD_TRANSITIVE", False, True, True),
        ("FULL", True, True, False),
        ("FULL_TRANSITIVE", True, True, True),
    ],
)
def test_a_level_says_who_must_read_whom(
    level: str,
    backward: bool,  # noqa: FBT001 a column of the table
    forward: bool,  # noqa: FBT001
    transitive: bool,  # noqa: FBT001
) -> None:
    found = Compatibility(level)
    assert (found.backward, found.forward, found.transitive) == (backward, forward, transitive)


@pytest.mark.timeout(20)
def test_many_fields_of_one_large_enum_are_compared_fast_and_in_short_sentences() -> None:
    def wide(*symbols: str) -> dict[str, Any]:
        fields = [field("E", f"f{index}") for index in range(1, 3000)]
        return record(field({**enum(*symbols), "name": "E"}, "f0"), *fields)

    names = [f"S{index}" for index in range(10_000)]
    found = check(wide("OTHER"), wide(*names))
    assert len(found) == 3000
    assert all(len(each.message) < 300 for each in found)
