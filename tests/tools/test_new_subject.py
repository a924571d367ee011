"""`new-subject`: the first version of a subject, and who owns it."""

import tomllib
from pathlib import Path

import pytest

from registry.tree import SchemaTree, read_texts
from tests.registry.golden_bytes import COMMAND
from tests.tools.trees import commit, git, record, write
from tools import new_subject
from tools.case import Case
from tools.gate import judge


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    texts = {
        "shop/order/v1.avsc": record("shop.Order"),
        "shop/order/subject.toml": 'owner = "sales"\n',
        "law/class/v1.avsc": record("law.class"),
    }
    return write(tmp_path / "schemas", texts)


def owner(schemas: Path, folder: str) -> object:
    return tomllib.loads((schemas / folder / "subject.toml").read_text(encoding="utf-8"))["owner"]


def test_the_skeleton_is_a_documented_record_with_an_id(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_subject.main("bookings.RoomBooking", schemas) == 0
    path = schemas / "bookings/room_booking/v1.avsc"
    assert path.read_text() == (
        "{\n"
        '  "type": "record",\n'
        '  "name": "RoomBooking",\n'
        '  "namespace": "bookings",\n'
        '  "doc": "A room booking: say here what that is, and who tells of it.",\n'
        '  "fields": [\n'
        "    {\n"
        '      "name": "id",\n'
        '      "doc": "Identifies the room booking for its whole life.",\n'
        '      "type": {"type": "string", "logicalType": "uuid"}\n'
        "    }\n"
        "  ]\n"
        "}\n"
    )
    assert owner(schemas, "bookings/room_booking") == "bookings"
    said = capsys.readouterr().out
    assert said.startswith(f"{path.as_posix()} is new; its owner is bookings")
    assert f"  4. {COMMAND}   writes bytes" in said
    assert "from registry.records.bookings.room_booking.v1 import" in said


@pytest.mark.parametrize("name", ["bookings.Booking", "Booking", "a.b.c.AnItem", "shop.order.Line"])
def test_the_gate_finds_nothing_wrong_with_the_skeleton(name: str, schemas: Path) -> None:
    assert new_subject.main(name, schemas, "team") == 0
    folder = SchemaTree.load(schemas)[name].latest.path.rpartition("/")[0]
    found = judge(Case(schemas, read_texts(schemas)))
    assert [each for each in found if f"/{folder}/" in each.file] == []


def test_the_owner_is_that_of_the_neighbours(schemas: Path) -> None:
    assert new_subject.main("shop.Line", schemas) == 0
    assert owner(schemas, "shop/line") == "sales"


def test_where_the_neighbours_have_several_owners_the_namespace_is_the_owner(schemas: Path) -> None:
    write(schemas, {"shop/bill/v1.avsc": record("shop.Bill")})
    write(schemas, {"shop/bill/subject.toml": 'owner = "books"\n'})
    assert new_subject.main("shop.Line", schemas) == 0
    assert owner(schemas, "shop/line") == "shop"


def test_where_the_neighbours_have_no_owner_the_namespace_is_the_owner(schemas: Path) -> None:
    assert new_subject.main("law.Act", schemas) == 0
    assert owner(schemas, "law/act") == "law"


@pytest.mark.parametrize("team", ["sales", "@example/sales", 'the "A" team', "équipe \\ 2"])
def test_an_owner_that_is_named_is_kept_as_it_is(team: str, schemas: Path) -> None:
    assert new_subject.main("shop.Line", schemas, team) == 0
    assert owner(schemas, "shop/line") == team


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("shop.Order", "There is shop.Order/1 already. ./invoke new-version shop.Order"),
        ("shop.order", "shop.order would share the folder of shop.Order: choose another name."),
        ("law.class_", "law.class_ would share the Python module of law.class"),
        ("Shop.Line", "Shop.Line: the folder 'shop' stands there, and some systems take both"),
        ("../etc.Passwd", "'../etc.Passwd' is no Avro name. Use letters, digits and underscores"),
        ("shop..Line", "is no Avro name"),
        ("shop.Line/1", "is no Avro name"),
        ("shop.Line ", "is no Avro name"),
        ("", "is no Avro name"),
        ("shop.string", "'shop.string' has the name of a primitive type."),
        ("Line", "Line needs an owner: --owner TEAM says who answers for it."),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_the_reason(
    name: str, reason: str, schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = read_texts(schemas)
    assert new_subject.main(name, schemas) == 2
    assert reason in capsys.readouterr().err
    assert read_texts(schemas) == before


@pytest.mark.parametrize("team", ["", " ", "two\nlines", "\x7f"])
def test_an_owner_that_is_no_name_is_refused(team: str, schemas: Path) -> None:
    assert new_subject.main("shop.Line", schemas, team) == 2
    assert not (schemas / "shop/line").exists()


def test_a_subject_that_the_base_branch_has_got_meanwhile_is_to_be_merged(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(schemas.parent)
    git(schemas.parent, "branch", "topic")
    write(schemas, {"shop/line/v1.avsc": record("shop.Line")})
    commit(schemas.parent)
    git(schemas.parent, "switch", "--quiet", "topic")
    assert new_subject.main("shop.Line", schemas) == 2
    said = "new-subject: shop.Line is on the base branch already: merge that first.\n"
    assert capsys.readouterr().err == said
