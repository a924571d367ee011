"""Examples: records that read well, the same in every process."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry import Record
from registry.records.events.page.v1 import Event, Page
from registry.records.rooms.room.v2 import Room, Visibility
from registry.records.rooms.room_changed.v1 import RoomChange, RoomChanged
from registry.smallest import Uninhabited
from registry.source import JSON
from registry.testing import example
from tests.registry.written_versions import Versions, written_versions
from tests.tools.traps import TRAPS, trap
from tests.tools.trees import record

ROOT = Path(__file__).parents[2]


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Versions]:
    with written_versions(tmp_path, monkeypatch) as made:
        yield made


def test_an_example_has_names_for_texts_and_keeps_defaults() -> None:
    assert json.loads(example(Room).to_json()) == {
        "id": "11111111-2222-4333-8444-555555555555",
        "name": "name",
        "description": "description",
        "price": {"amount": "1.00", "currency": "currency"},
        "recurrency": "MONTHLY",
        "provider": "provider",
        "url": "url",
        "monthly_price": None,
        "property_size": None,
        "visibility": "PUBLIC",
        "area": None,
        "coordinates": None,
        "images": [],
    }


def test_an_array_has_an_item_and_a_moment_lies_in_2026() -> None:
    page = example(Page)
    assert [type(each) for each in page.events] == [Event]
    assert page.events[0].occurred_at.isoformat() == "2026-01-01T12:30:00+00:00"
    assert page.events[0].data == b"data"


def test_a_symbol_is_not_the_one_for_what_is_unknown() -> None:
    assert example(RoomChanged).kind is RoomChange.CREATED


def test_any_field_can_be_given() -> None:
    room = example(Room, name="Loft", visibility=Visibility.HIDDEN)
    assert (room.name, room.visibility, room.url) == ("Loft", Visibility.HIDDEN, "url")


def test_a_name_that_is_no_field_is_refused_with_the_nearest() -> None:
    with pytest.raises(TypeError, match=r"rooms\.Room has no field 'nam'\. Did you mean 'name'\?"):
        example(Room, nam="Loft")


def test_two_examples_are_equal_and_share_nothing() -> None:
    one, other = example(Page), example(Page)
    assert one == other
    assert one.events[0] is not other.events[0]


@pytest.mark.parametrize("made", [Room, RoomChanged, Page])
def test_an_example_comes_back_from_its_bytes_and_its_json(made: type[Record]) -> None:
    found = example(made)
    assert made.from_avro(found.to_avro()) == made.from_json(found.to_json()) == found


@pytest.mark.parametrize("name", TRAPS)
def test_schemas_that_break_generators_have_examples(name: str, versions: Versions) -> None:
    versions.add(trap(name))
    made = versions("Trap", 1)
    found = example(made)
    assert made.from_avro(found.to_avro()) == made.from_json(found.to_json()) == found


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ({"type": "bytes", "logicalType": "decimal", "precision": 4, "scale": 4}, "0.0001"),
        ({"type": "bytes", "logicalType": "decimal", "precision": 4, "scale": 0}, "1"),
        ({"type": "fixed", "name": "F", "size": 5}, "eHh4eHg="),
        (["null", "string"], "x"),
        (["int", "long"], {"$type": "int", "value": 1}),
        (["null", "Trap"], None),
        ({"type": "array", "items": "Trap"}, []),
        ({"type": "map", "values": ["Trap", "boolean"]}, {"key": True}),
        ({"type": "enum", "name": "E", "symbols": ["A", "B"], "default": "A"}, "B"),
        ({"type": "enum", "name": "E", "symbols": ["A"], "default": "A"}, "A"),
    ],
)
def test_a_required_field_has_a_plausible_value(
    kind: JSON, expected: JSON, versions: Versions
) -> None:
    versions.add(record("probe.Trap", {"name": "x", "type": kind}))
    found = example(versions("Trap", 1))
    assert json.loads(found.to_json()) == {"x": expected}
    assert versions("Trap", 1).from_avro(found.to_avro()) == found


def test_a_field_whose_default_python_cannot_hold_gets_a_value(versions: Versions) -> None:
    key: JSON = {"type": "string", "logicalType": "uuid"}
    versions.add(record("probe.Trap", {"name": "id", "type": key, "default": ""}))
    assert example(versions("Trap", 1)).id.version == 4


def test_a_record_that_must_hold_itself_has_no_example(versions: Versions) -> None:
    versions.add(record("probe.Trap", {"name": "again", "type": "Trap"}))
    with pytest.raises(Uninhabited, match=r"probe\.Trap has no value"):
        example(versions("Trap", 1))


def test_examples_are_the_same_in_every_process() -> None:
    script = (
        "from registry.records.rooms.room_changed.v1 import RoomChanged\n"
        "from registry.testing import example\n"
        "print(example(RoomChanged).to_json())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
