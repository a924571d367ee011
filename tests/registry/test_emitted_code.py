"""Emitted code: it reads and writes by itself all that is right, as walking the schemas does."""

import json
import threading
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import registry
from registry.codec import pairs
from registry.codec.building import PLAIN, TAGGED
from registry.codec.decoder import decode
from registry.codec.encoder import encode
from registry.codec.memory import compiled_reader, compiled_writer
from registry.errors import LimitExceeded, Undecodable, Unencodable
from registry.limits import LIMITS, Limits
from tests.registry.evolutions import evolutions
from tests.registry.strategies import JsonSchema, data, records, schemas, untagged


def budget() -> list[int]:
    return [LIMITS.datum_items, LIMITS.datum_depth]


@given(schemas(), st.data())
def test_what_is_right_is_written_and_read_without_a_walk(
    made: JsonSchema, drawn: st.DataObject
) -> None:
    schema = registry.parse(json.dumps(made))
    value = drawn.draw(data(schema))
    encoded = encode(value, schema, PLAIN)
    read = compiled_reader(schema, schema, TAGGED)
    assert read
    found, end = read(encoded, 0, budget())
    assert (found, end) == (decode(encoded, schema, schema, TAGGED), len(encoded))
    write = compiled_writer(schema, PLAIN)
    assert write
    try:
        again = write(untagged(value), budget())
    except (TypeError, ValueError):
        return
    assert again == encoded


@given(records(), st.data())
def test_another_reader_is_served_by_emitted_code_as_by_a_walk(
    made: JsonSchema, drawn: st.DataObject
) -> None:
    writer = registry.parse(json.dumps(made))
    reader = registry.parse(json.dumps(drawn.draw(evolutions(made))))
    encoded = registry.write(drawn.draw(data(writer)), writer)
    read = compiled_reader(writer, reader, TAGGED)
    assert read
    assert read(encoded, 0, budget())[0] == decode(encoded, writer, reader, TAGGED)


def nested(kind: str, inner: str, depth: int) -> JsonSchema:
    schema: JsonSchema = "string"
    for _ in range(depth):
        schema = {"type": kind, inner: schema}
    return {"type": "record", "name": "R", "fields": [{"name": "x", "type": schema}]}


@pytest.mark.parametrize(("kind", "inner"), [("array", "items"), ("map", "values")])
def test_types_in_each_other_deeper_than_python_nests_loops_are_read_and_written(
    kind: str, inner: str
) -> None:
    schema = registry.parse(nested(kind, inner, 40))
    value: Any = "x"
    for _ in range(40):
        value = [value] if kind == "array" else {"k": value}
    encoded = registry.write({"x": value}, schema)
    assert registry.read(encoded, schema) == {"x": value}


def test_one_datum_may_have_a_million_items_whatever_its_schema_unfolds_to() -> None:
    fields = [{"name": "a", "type": "R1"}, {"name": "b", "type": "R1"}]
    inner: JsonSchema = {"type": "record", "name": "R1", "fields": []}
    for depth in range(2, 30):
        both = json.loads(json.dumps(fields).replace("R1", f"R{depth - 1}"))
        both[0]["type"] = inner
        inner = {"type": "record", "name": f"R{depth}", "fields": both}
    schema = registry.parse(inner)
    with pytest.raises(LimitExceeded, match="more than 1000000 elements"):
        registry.read(b"", schema)


def test_the_first_use_by_many_threads_gives_each_its_value() -> None:
    writer = registry.parse(nested("array", "items", 3))
    reader = registry.parse({**nested("array", "items", 3), "aliases": ["Old"]})
    encoded = registry.write({"x": [[["a"]]]}, writer)
    found: list[Any] = []
    start = threading.Barrier(20)

    def use() -> None:
        start.wait(10)
        found.append(registry.read(encoded, writer, reader))

    threads = [threading.Thread(target=use) for _ in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert found == [{"x": [[["a"]]]}] * 20


def test_schemas_that_say_the_same_share_code_and_what_is_kept_is_bounded() -> None:
    text = json.dumps({"type": "record", "name": "Shared", "fields": []})
    before = pairs.emitted_reader.cache_info()
    for _ in range(5):
        registry.read(b"", registry.parse(text))
    after = pairs.emitted_reader.cache_info()
    assert after.misses - before.misses == 1
    assert after.maxsize is not None


HOSTILE = st.text(st.sampled_from("'\"\\\n{}();_ax"), max_size=12)


@given(
    doc=HOSTILE,
    default=HOSTILE,
    key=HOSTILE,
    prop=HOSTILE,
    name=st.sampled_from(["__import__", "b", "o"]),
)
def test_nothing_of_a_schema_but_names_and_numbers_is_in_emitted_code(
    doc: str, default: str, key: str, prop: str, name: str
) -> None:
    made = {
        "type": "record",
        "name": "R",
        "doc": doc,
        "prop": prop,
        "fields": [
            {"name": name, "type": {"type": "map", "values": "string"}, "default": {key: default}},
            {"name": "e", "type": {"type": "enum", "name": "E", "symbols": [name]}, "doc": doc},
        ],
    }
    reader = registry.parse(json.dumps(made))
    writer = registry.parse(json.dumps({**made, "fields": made["fields"][1:]}))
    assert registry.read(b"\0", writer, reader) == {name: {key: default}, "e": name}
    value = {name: {key: default}, "e": name}
    assert registry.read(registry.write(value, reader), reader) == value


@pytest.mark.parametrize("depth", [1, 63])
def test_a_narrower_limit_holds_for_what_cannot_recurse_too(depth: int) -> None:
    schema = registry.parse(nested("array", "items", 3))
    encoded = registry.write({"x": [[["a"]]]}, schema)
    read = pairs.reading(schema, schema, PLAIN, limits=Limits(datum_depth=depth))
    if depth == 1:
        with pytest.raises(LimitExceeded):
            read(encoded, 0)
    else:
        assert read(encoded, 0) == ({"x": [[["a"]]]}, len(encoded))


def test_of_two_fields_with_one_alias_the_last_has_it() -> None:
    writer = record_of({"name": "x", "type": "int"})
    fields = [
        {"name": n, "type": "int", "default": d, "aliases": ["x"]} for n, d in [("a", 7), ("b", 8)]
    ]
    assert registry.read(b"\2", writer, record_of(*fields)) == {"a": 7, "b": 1}


def test_decimals_of_another_scale_or_precision_are_refused() -> None:
    two, one = (registry.parse(logical("decimal", 4, scale)) for scale in (2, 1))
    encoded = registry.write(Decimal("1.23"), two)
    with pytest.raises(Undecodable, match="another precision or scale"):
        registry.read(encoded, two, one)


def test_a_long_is_rounded_once_to_a_float() -> None:
    number = 2**62 + 2**38 + 1
    long, single = registry.parse('"long"'), registry.parse('"float"')
    assert registry.read(registry.write(number, long), long, single) == 2.0**62 + 2.0**39
    assert registry.read(registry.write(-number, long), long, single) == -(2.0**62) - 2.0**39


def test_an_int_that_compares_as_it_likes_is_the_number_it_holds() -> None:
    class Odd(int):
        def __hash__(self) -> int:
            return 7

        def __eq__(self, other: object) -> bool:
            return True

    long = registry.parse('"long"')
    assert registry.write(Odd(5), long) == registry.write(5, long)
    assert registry.read(registry.write(7, long), long) == 7


def test_what_python_cannot_compile_is_walked() -> None:
    inner: JsonSchema = "int"
    for level in range(4):
        names = [{"type": "fixed", "name": f"F{level}_{i}", "size": 1} for i in range(300)]
        inner = {"type": "array", "items": [*names, inner]}
    schema = registry.parse(inner)
    assert registry.read(b"\0", schema) == []
    assert registry.write([], schema) == b"\0"


def test_a_table_of_symbols_is_made_once_however_many_fields_use_it() -> None:
    enum: JsonSchema = {"type": "enum", "name": "E", "symbols": [f"S{i}" for i in range(3000)]}
    fields = [{"name": f"f{i}", "type": "E" if i else enum} for i in range(1500)]
    schema = record_of(*fields)
    begun = time.process_time()
    registry.read(bytes(1500), schema)
    assert time.process_time() - begun < 5


def test_a_decimal_whose_scale_is_huge_is_told_at_once() -> None:
    schema = registry.parse(logical("decimal", 10**6, 10**6))
    begun = time.process_time()
    with pytest.raises(Unencodable):
        registry.write(Decimal("0.1"), schema)
    assert time.process_time() - begun < 1


def record_of(*fields: JsonSchema) -> registry.Schema:
    return registry.parse({"type": "record", "name": "R", "fields": list(fields)})


def logical(name: str, precision: int, scale: int) -> JsonSchema:
    return {"type": "bytes", "logicalType": name, "precision": precision, "scale": scale}
