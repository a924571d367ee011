"""Container files of generated classes: the version in them, and another one that reads them."""

from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest

import registry
from registry import container
from registry.errors import Undecodable, Unencodable
from registry.records.common.money.v1 import Money
from registry.records.items.item.v2 import Item
from registry.records.rooms.room import v1, v2
from tests.registry.container_files import block, head

MONEY = Money(amount=Decimal("450.00"), currency="EUR")


def old(number: int) -> v1.Room:
    return v1.Room(
        id=UUID(int=number),
        name=f"Room {number}",
        description="Bright.",
        price=MONEY,
        recurrency=v1.Recurrency.WEEKLY,
        provider="p",
        url=f"https://example.org/{number}",
    )


def new(number: int) -> v2.Room:
    return v2.Room.upgrade(old(number))


def written(made: type[Any], rooms: list[Any], **options: Any) -> BytesIO:
    file = BytesIO()
    with container.Writer(file, made, **options) as writer:
        for each in rooms:
            writer.write(each)
    file.seek(0)
    return file


OLD = [old(number) for number in range(100)]


@pytest.mark.parametrize("codec", ["null", "deflate", "snappy", "zstandard"])
def test_records_come_back_as_objects_of_their_class(codec: str) -> None:
    found = list(container.read(written(v1.Room, OLD, codec=codec), v1.Room))
    assert found == OLD
    assert {type(each) for each in found} == {v1.Room}


def test_a_newer_class_reads_what_an_older_one_wrote() -> None:
    found = list(container.read(written(v1.Room, OLD), v2.Room))
    assert found == [new(number) for number in range(100)]
    assert type(found[0].recurrency) is v2.Recurrency
    assert found[0].images is not found[1].images


def test_an_older_class_reads_what_a_newer_one_wrote() -> None:
    rooms = [new(number) for number in range(100)]
    assert list(container.read(written(v2.Room, rooms), v1.Room)) == OLD


def test_plain_values_are_those_of_the_objects() -> None:
    (plain,) = container.read(written(v1.Room, [old(7)]))
    assert plain["id"] == UUID(int=7)
    assert plain["price"] == {"amount": Decimal("450.00"), "currency": "EUR"}
    assert registry.write(plain, registry.schema_of(v1.Room)) == old(7).to_avro()


def test_the_file_says_the_version_and_needs_no_other_for_its_schema() -> None:
    found = container.header(written(v2.Room, []))
    assert found.version == "rooms.Room/2"
    schema = registry.schema_of(v2.Room)
    assert found.metadata["avro.schema"].decode() == registry.full_text(schema)
    assert registry.fingerprint(found.schema) == v2.Room.FINGERPRINT


def test_a_class_inside_a_version_has_files_too_that_say_no_version() -> None:
    file = written(v2.Image, [v2.Image(url="u")])
    assert container.header(file).version is None
    file.seek(0)
    assert list(container.read(file, v2.Image)) == [v2.Image(url="u")]


def test_objects_of_another_class_are_refused() -> None:
    file = BytesIO()
    with container.Writer(file, v2.Room) as writer:
        for other in (old(1), {"id": UUID(int=1)}):
            with pytest.raises(
                Unencodable, match=r"an object of Room \(rooms\.Room/2\), which its"
            ):
                writer.write(other)  # type: ignore[arg-type]  # what must be refused
        writer.write(new(1))
    file.seek(0)
    assert list(container.read(file, v2.Room)) == [new(1)]


def test_a_class_that_was_not_generated_has_no_file() -> None:
    with pytest.raises(TypeError, match="int is not a class"):
        container.read(BytesIO(head("int")), int)  # type: ignore[type-var]  # what must be refused


def test_records_of_another_subject_are_undecodable() -> None:
    reader = container.read(written(v1.Room, OLD), Item)
    with pytest.raises(Undecodable, match=r"the writer has rooms\.Room, the reader items\.Item"):
        next(reader)


def test_a_field_of_a_class_is_told_by_its_path() -> None:
    data = new(0)
    data.images = [v2.Image(url="a"), v2.Image(url="b")]
    good = data.to_avro()
    assert good.count(b"\x02b") == 1
    start = written(v2.Room, [], codec="null").getvalue()
    sync = start[-16:]
    bad = block(2, good + good.replace(b"\x02b", b"\x02\xff"))[:-16] + sync
    with pytest.raises(Undecodable) as caught:
        list(container.read(BytesIO(start + bad), v2.Room))
    assert caught.value.path == "block 1, record 2: images[1].url"
    place = (start + bad).index(b"\x02\xff")
    assert place <= (caught.value.offset or 0) <= place + 2
