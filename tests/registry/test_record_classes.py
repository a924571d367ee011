"""Records: generated classes with their bytes, their JSON, and their other versions."""

import copy
import json
import pickle
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import pytest

import registry
from registry.errors import InvalidSchema, LimitExceeded, Undecodable, Unencodable
from registry.record import Record, bind


class Size(StrEnum):
    SMALL = "SMALL"
    LARGE = "LARGE"


class OtherSize(StrEnum):
    SMALL = "SMALL"
    LARGE = "LARGE"


@dataclass(slots=True, kw_only=True)
class Part(Record):
    class_: str
    inside: "Part | None" = None


@dataclass(slots=True, kw_only=True)
class Box(Record):
    SCHEMA: ClassVar[str] = json.dumps(
        {
            "type": "record",
            "name": "Box",
            "namespace": "shop",
            "fields": [
                {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
                {
                    "name": "size",
                    "type": {"type": "enum", "name": "Size", "symbols": ["SMALL", "LARGE"]},
                    "default": "SMALL",
                },
                {
                    "name": "parts",
                    "type": {
                        "type": "array",
                        "items": {
                            "type": "record",
                            "name": "Part",
                            "fields": [
                                {"name": "class", "type": "string"},
                                {"name": "inside", "type": ["null", "Part"], "default": None},
                            ],
                        },
                    },
                    "default": [],
                },
            ],
        }
    )
    SUBJECT: ClassVar[str] = "shop.Box"
    VERSION: ClassVar[int] = 1
    FINGERPRINT: ClassVar[bytes] = registry.fingerprint(registry.parse(SCHEMA))

    id: UUID
    size: Size = Size.SMALL
    parts: list[Part] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class WiderBox(Record):
    SCHEMA: ClassVar[str] = json.dumps(
        {
            **json.loads(Box.SCHEMA),
            "name": "WiderBox",
            "aliases": ["Box"],
            "fields": [
                *json.loads(Box.SCHEMA)["fields"][:2],
                {"name": "colour", "type": "string", "default": "red"},
            ],
        }
    )
    SUBJECT: ClassVar[str] = "shop.WiderBox"
    VERSION: ClassVar[int] = 1
    FINGERPRINT: ClassVar[bytes] = registry.fingerprint(registry.parse(SCHEMA))

    id: UUID
    size: OtherSize = OtherSize.SMALL
    colour: str = "red"


bind(Box, {"shop.Box": Box, "shop.Size": Size, "shop.Part": Part})


bind(WiderBox, {"shop.WiderBox": WiderBox, "shop.Size": OtherSize})
ID = UUID(int=7)


@pytest.fixture
def box() -> Box:
    inner = Part(class_="b")
    return Box(id=ID, size=Size.LARGE, parts=[Part(class_="a", inside=inner)])


def test_bytes_come_back_as_objects_of_the_classes(box: Box) -> None:
    found = Box.from_avro(box.to_avro())
    assert found == box
    assert type(found.size) is Size
    assert type(found.parts[0].inside) is Part


def test_the_bytes_are_those_of_the_plain_value(box: Box) -> None:
    plain = {
        "id": ID,
        "size": "LARGE",
        "parts": [{"class": "a", "inside": {"class": "b", "inside": None}}],
    }
    assert registry.write(plain, registry.schema_of(Box)) == box.to_avro()


def test_json_has_the_names_of_the_schema_and_comes_back(box: Box) -> None:
    text = box.to_json()
    assert json.loads(text) == {
        "id": str(ID),
        "size": "LARGE",
        "parts": [{"class": "a", "inside": {"class": "b", "inside": None}}],
    }
    assert Box.from_json(text) == Box.from_json(text.decode()) == Box.from_json(json.loads(text))
    assert Box.from_json(text) == box


def test_an_absent_field_takes_its_default_and_an_object_of_its_own() -> None:
    one, other = Box.from_json({"id": str(ID)}), Box.from_json({"id": str(ID)})
    assert one == Box(id=ID)
    assert one.parts is not other.parts


@pytest.mark.parametrize(
    ("text", "path", "reason"),
    [
        (b"{}", "id", "missing"),
        (b"[]", "", "an object with the fields of shop.Box"),
        (b"{", "", "not JSON"),
        (b'{"id": "x"}', "id", "a UUID"),
        (b'{"id": "00000000-0000-0000-0000-000000000007", "x": 1}', "x", "no such field"),
        (b'{"id": "00000000-0000-0000-0000-000000000007", "size": "S"}', "size", "no symbol"),
        (b'{"id": "00000000-0000-0000-0000-000000000007", "parts": [{}]}', "parts[0].class", "mis"),
        (b'{"id": null, "id": null}', "", "twice"),
        (b'{"id": NaN}', "", "no such number"),
        (b'\xff"', "", "UTF-8"),
        (b"[" * 100_000, "", "nested too deeply"),
    ],
)
def test_json_that_is_no_record_is_undecodable_at_its_path(
    text: bytes, path: str, reason: str
) -> None:
    with pytest.raises(Undecodable) as caught:
        Box.from_json(text)
    assert caught.value.path == path
    assert reason in caught.value.reason


@pytest.mark.parametrize("depth", [70, 400])
def test_json_of_records_in_each_other_is_bounded(depth: int) -> None:
    part: dict[str, registry.source.JSON] = {"class": "x"}
    for _ in range(depth):
        part = {"class": "x", "inside": part}
    with pytest.raises(LimitExceeded):
        Box.from_json({"id": str(ID), "parts": [part]})


def test_what_does_not_fit_is_told_with_its_path(box: Box) -> None:
    box.parts[0].class_ = 5  # type: ignore[assignment]
    for encode in (box.to_avro, box.to_json):
        with pytest.raises(Unencodable) as caught:
            encode()
        assert caught.value.path == "parts[0].class"


def test_an_object_of_another_class_is_refused(box: Box) -> None:
    box.parts = [Box(id=ID)]  # type: ignore[list-item]
    with pytest.raises(Unencodable, match=r"parts\[0\]: expected shop\.Part"):
        box.to_avro()


def test_a_record_of_another_version_is_upgraded(box: Box) -> None:
    assert WiderBox.upgrade(box) == WiderBox(id=ID, size=OtherSize.LARGE)
    assert type(WiderBox.upgrade(box).size) is OtherSize


def test_a_record_that_cannot_be_read_is_not_upgraded(box: Box) -> None:
    with pytest.raises(Undecodable, match="the reader shop"):
        Box.upgrade(WiderBox(id=ID))
    assert Box.upgrade(box) == box


def test_records_compare_copy_pickle_and_are_replaced_as_dataclasses(box: Box) -> None:
    assert copy.deepcopy(box) == box == pickle.loads(pickle.dumps(box))  # noqa: S301 our own
    assert copy.deepcopy(box).parts[0] is not box.parts[0]
    assert replace(box, size=Size.SMALL) != box
    assert box != Box(id=ID)
    assert [each.name for each in fields(Box)] == ["id", "size", "parts"]
    assert not hasattr(box, "__dict__")


def test_the_schema_of_each_class_is_resolved_and_one_object() -> None:
    schema = registry.schema_of(Box)
    assert schema.label == "shop.Box"
    assert registry.schema_of(Part).label == "shop.Part"
    assert registry.schema_of(Size).label == "shop.Size"
    assert registry.schema_of(Box) is schema


def test_the_fingerprint_is_that_of_the_schema() -> None:
    assert registry.fingerprint(registry.schema_of(Box)) == Box.FINGERPRINT


def test_a_class_with_a_broken_schema_says_so_when_it_is_used() -> None:
    class Broken(Record):
        SCHEMA = "{"

    bind(Broken, {"Broken": Broken})
    with pytest.raises(InvalidSchema):
        registry.schema_of(Broken)


@pytest.fixture(autouse=True)
def unchanged_recursion_limit() -> Iterator[None]:
    before = sys.getrecursionlimit()
    yield
    assert sys.getrecursionlimit() == before


def test_a_class_that_was_not_generated_has_no_schema() -> None:
    with pytest.raises(TypeError, match="int is not a class that `invoke generate` has written"):
        registry.schema_of(int)


def test_a_generated_class_has_no_subclasses() -> None:
    with pytest.raises(TypeError, match="Mine: a generated class has no subclasses"):

        class Mine(Part):  # pragma: no cover  # it is refused
            pass


def test_a_record_that_holds_itself_has_no_bytes_and_no_json() -> None:
    part = Part(class_="a")
    part.inside = part
    for encode in (part.to_avro, part.to_json):
        with pytest.raises(LimitExceeded):
            encode()


def test_json_that_was_parsed_elsewhere_may_not_hold_lone_surrogates() -> None:
    with pytest.raises(Undecodable, match="lone surrogates"):
        Part.from_json({"class": "\ud800"})


def test_a_datum_is_bytes() -> None:
    for data in ("text", None, [2]):
        with pytest.raises(TypeError, match="A datum is bytes"):
            Box.from_avro(data)  # type: ignore[arg-type]


def test_bytes_of_other_kinds_are_read_as_bytes(box: Box) -> None:
    encoded = box.to_avro()
    for data in (bytearray(encoded), memoryview(encoded)):
        assert Box.from_avro(data) == box  # type: ignore[arg-type]  # bytes is the hint
