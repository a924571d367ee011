"""Records and plain values that Hypothesis draws by a schema."""

import json
import math
import operator
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

import registry
from registry.codec.building import Builder
from registry.json_form import from_json, to_json
from registry.record import Record
from registry.records.events.page.v1 import Page
from registry.records.items.item_changed.v1 import ItemChanged
from registry.records.rooms.room.v2 import Image, Room, Visibility
from registry.records.rooms.room_changed.v1 import RoomChanged
from registry.smallest import Uninhabited
from registry.source import JSON
from registry.testing import records, values
from tests.registry.strategies import JsonSchema, schemas
from tests.registry.written_versions import Versions, written_versions
from tests.tools.traps import TRAPS, trap
from tests.tools.trees import record

ROOT = Path(__file__).parents[2]
KINDS: dict[str, JSON] = {
    "flag": "boolean",
    "small": "int",
    "large": "long",
    "single": "float",
    "real": "double",
    "raw": "bytes",
    "text": "string",
    "amount": {"type": "bytes", "logicalType": "decimal", "precision": 40, "scale": 3},
    "share": {"type": "bytes", "logicalType": "decimal", "precision": 2, "scale": 2},
    "exact": {"type": "fixed", "name": "E", "size": 4, "logicalType": "decimal", "precision": 9},
    "any_size": {"type": "bytes", "logicalType": "big-decimal"},
    "day": {"type": "int", "logicalType": "date"},
    "at_millis": {"type": "int", "logicalType": "time-millis"},
    "at_micros": {"type": "long", "logicalType": "time-micros"},
    "millis": {"type": "long", "logicalType": "timestamp-millis"},
    "micros": {"type": "long", "logicalType": "timestamp-micros"},
    "nanos": {"type": "long", "logicalType": "timestamp-nanos"},
    "local_millis": {"type": "long", "logicalType": "local-timestamp-millis"},
    "local_micros": {"type": "long", "logicalType": "local-timestamp-micros"},
    "local_nanos": {"type": "long", "logicalType": "local-timestamp-nanos"},
    "span": {"type": "fixed", "name": "D", "size": 12, "logicalType": "duration"},
    "key": {"type": "string", "logicalType": "uuid"},
    "key_bytes": {"type": "fixed", "name": "U", "size": 16, "logicalType": "uuid"},
    "digest": {"type": "fixed", "name": "F", "size": 3},
    "page": {"type": "fixed", "name": "L", "size": 5000},
    "suit": {"type": "enum", "name": "Suit", "symbols": ["HEARTS", "class"]},
    "some": {"type": "array", "items": {"type": "map", "values": "Suit"}},
}
UNIONS: dict[str, JSON] = {
    "numbers": ["null", "int", "long", "float", "double"],
    "octets": ["bytes", {"type": "fixed", "name": "A", "size": 1}, "string"],
    "fixed": [{"type": "fixed", "name": "B", "size": 1}, {"type": "fixed", "name": "C", "size": 1}],
    "times": [
        {"type": "int", "logicalType": "time-millis"},
        {"type": "long", "logicalType": "time-micros"},
        "null",
    ],
    "many": {"type": "array", "items": ["A", "C", "double", "float"]},
}
TREE: tuple[dict[str, JSON], ...] = (
    {"name": "left", "type": ["null", "Tree"]},
    {"name": "right", "type": ["null", "Tree"], "default": None},
    {"name": "rest", "type": {"type": "array", "items": "Tree"}},
    {"name": "named", "type": {"type": "map", "values": ["Tree", "int"]}},
)

PATIENT = settings(max_examples=20_000, deadline=None, phases=[Phase.generate])
"""Any example will do, so none is made smaller."""


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Versions]:
    with written_versions(tmp_path, monkeypatch) as made:
        yield made


def travels(made: type[Record], examples: int = 60) -> None:
    """Assert that any record of a class comes back from its bytes and its JSON."""

    @settings(max_examples=examples, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(records(made))
    def each(drawn: Record) -> None:
        assert type(drawn) is made
        assert made.from_avro(drawn.to_avro()) == drawn
        assert made.from_json(drawn.to_json()) == drawn

    each()


@pytest.mark.parametrize("made", [Room, RoomChanged, ItemChanged, Page, Image])
def test_every_record_comes_back_from_its_bytes_and_its_json(made: type[Record]) -> None:
    travels(made)


@pytest.mark.parametrize("name", TRAPS)
def test_records_of_schemas_that_break_generators_come_back(name: str, versions: Versions) -> None:
    versions.add(trap(name))
    travels(versions("Trap", 1), 20)


def test_every_type_and_logical_type_comes_back(versions: Versions) -> None:
    fields: list[dict[str, JSON]] = [{"name": key, "type": each} for key, each in KINDS.items()]
    versions.add(record("probe.Trap", *fields))
    travels(versions("Trap", 1))


def test_branches_that_python_does_not_tell_apart_come_back(versions: Versions) -> None:
    fields: list[dict[str, JSON]] = [{"name": key, "type": each} for key, each in UNIONS.items()]
    versions.add(record("probe.Trap", *fields))
    travels(versions("Trap", 1))


def test_recursion_is_drawn_and_ends(versions: Versions) -> None:
    versions.add(record("probe.Tree", *TREE))
    tree = versions("Tree", 1)
    travels(tree, 30)
    deep = find(records(tree), lambda made: made.left and made.rest, settings=PATIENT)
    assert type(deep.left) is type(deep.rest[0]) is tree


def test_a_list_of_records_in_each_other_has_several(versions: Versions) -> None:
    versions.add(record("probe.Tree", {"name": "rest", "type": ["null", "Tree"]}))
    tree = versions("Tree", 1)
    assert find(records(tree), lambda made: made.rest and made.rest.rest, settings=PATIENT)


def test_many_ways_to_recur_do_not_make_data_too_large(versions: Versions) -> None:
    ways: list[dict[str, JSON]] = [{"name": f"f{n}", "type": ["null", "Tree"]} for n in range(20)]
    versions.add(record("probe.Tree", *ways))
    travels(versions("Tree", 1), 20)


WANTED: dict[str, Callable[[Room], object]] = {
    "null": lambda room: room.area is None,
    "an inner branch": lambda room: room.area and room.area.district,
    "a symbol": lambda room: room.visibility is Visibility.HIDDEN,
    "many items": lambda room: len(room.images) > 1,
    "all defaults": lambda room: [room.property_size, room.images, room.area] == [None, [], None],
}


@pytest.mark.parametrize("wanted", WANTED)
def test_branches_symbols_bounds_and_defaults_are_all_drawn(wanted: str) -> None:
    find(records(Room), lambda room: bool(WANTED[wanted](room)), settings=PATIENT)


@pytest.mark.parametrize(("kind", "bits"), [("int", 32), ("long", 64)])
def test_integers_go_to_their_bounds(kind: str, bits: int) -> None:
    drawn = values(registry.parse(json.dumps(kind)))
    for bound in (-(1 << bits - 1), (1 << bits - 1) - 1):
        assert find(drawn, partial(operator.eq, bound), settings=PATIENT) == bound


@given(records(Room, name=st.just("x"), property_size=st.integers(5, 9)))
def test_a_field_that_is_given_is_drawn_from_its_strategy(room: Room) -> None:
    assert room.name == "x"
    assert room.property_size in range(5, 10)


def test_a_given_field_is_named_by_its_attribute(versions: Versions) -> None:
    versions.add(record("probe.Trap", {"name": "class", "type": "int"}))
    made = versions("Trap", 1)
    drawn = find(records(made, class_=st.just(3)), lambda _: True, settings=PATIENT)
    assert drawn == made(class_=3)
    with pytest.raises(TypeError, match=r"probe\.Trap has no field 'class'. Did you .* 'class_'\?"):
        records(made, **{"class": st.just(3)})


def test_what_is_no_strategy_is_told_with_how_to_make_one() -> None:
    with pytest.raises(TypeError, match=r"name='x' is no strategy\. Write name=st\.just\('x'\)"):
        records(Room, name="x")  # type: ignore[arg-type]  # the mistake


def test_floats_are_finite_unless_any_are_asked_for(versions: Versions) -> None:
    versions.add(record("probe.Trap", {"name": "x", "type": "float"}))
    made = versions("Trap", 1)
    infinite = find(records(made, "any"), lambda drawn: math.isinf(drawn.x), settings=PATIENT)
    assert made.from_avro(infinite.to_avro()) == infinite
    assert find(values(registry.parse('"double"'), "any"), math.isnan, settings=PATIENT) is not None


@pytest.mark.parametrize(
    "field",
    [
        {"name": "again", "type": "Trap"},
        {"name": "never", "type": []},
        {"name": "none", "type": {"type": "enum", "name": "None_", "symbols": []}},
    ],
)
def test_a_record_that_cannot_exist_is_refused(field: dict[str, JSON], versions: Versions) -> None:
    versions.add(record("probe.Trap", field))
    with pytest.raises(Uninhabited, match=r"probe\.Trap has no value"):
        records(versions("Trap", 1))


def test_an_array_of_what_cannot_exist_is_empty(versions: Versions) -> None:
    again: JSON = {"type": "record", "name": "Again", "fields": [{"name": "a", "type": "Again"}]}
    items: JSON = {"type": "array", "items": again}
    either: dict[str, JSON] = {"name": "either", "type": ["Again", "int"]}
    versions.add(record("probe.Trap", {"name": "some", "type": items}, either))
    travels(versions("Trap", 1), 10)


def test_the_class_of_an_enum_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Visibility is the class of .*, which is no record"):
        records(Visibility)  # type: ignore[type-var]  # the mistake


@given(schemas(), st.data())
def test_every_plain_value_comes_back_from_its_bytes_and_its_json(
    made: JsonSchema, drawn: st.DataObject
) -> None:
    schema = registry.parse(json.dumps(made))
    value = drawn.draw(values(schema))
    assert registry.read(registry.write(value, schema), schema, tagged=True) == value
    text = json.dumps(to_json(schema, value), allow_nan=False)
    assert from_json(schema, json.loads(text), Builder(tagged=True)) == value


def test_without_hypothesis_records_says_what_to_install_and_examples_work() -> None:
    script = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "from registry.testing import example, records\n"
        "from registry.records.common.money.v1 import Money\n"
        "print(example(Money).currency)\n"
        "try: records(Money)\n"
        "except ModuleNotFoundError as error: print(error)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert ran.stdout.splitlines() == [
        "currency",
        "registry.testing draws records with Hypothesis: install the package `hypothesis`.",
    ]


def test_a_class_whose_module_was_not_generated_is_refused() -> None:
    @dataclass(slots=True, kw_only=True)
    class Plain(Record):
        x: int

    with pytest.raises(TypeError, match="is not a class that `invoke generate` has written"):
        records(Plain)


@pytest.mark.parametrize("draw", [partial(records, Room), partial(values, registry.parse('"int"'))])
def test_floats_of_no_known_kind_are_refused_with_those_that_are(
    draw: Callable[[Any], object],
) -> None:
    with pytest.raises(ValueError, match=r"no floats 'bogus'\. Pass 'finite' or 'any'"):
        draw("bogus")
