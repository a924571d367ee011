"""Writing container files: what is in them after an error, and what they cannot have."""

from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest

import registry
from registry import Record, container
from registry.errors import InvalidSchema, LimitExceeded, Unencodable
from registry.records.rooms.room.v2 import Room, Visibility
from registry.schema import Schema
from registry.testing import example

TEXT = registry.parse('"string"')
NULL = registry.parse('"null"')


def back(file: bytes) -> list[Any]:
    return list(container.read(BytesIO(file)))


def fixed(name: str, doc: str) -> Schema:
    return registry.parse({"type": "fixed", "name": name, "size": 1, "doc": doc})


def test_sync_markers_are_random_and_the_file_stays_open() -> None:
    files = BytesIO(), BytesIO()
    for each in files:
        container.Writer(each, TEXT).close()
    markers = {container.header(BytesIO(each.getvalue())).sync for each in files}
    assert len(markers) == 2
    assert not files[0].closed


def test_a_datum_that_cannot_be_written_leaves_the_file_valid() -> None:
    file = BytesIO()
    with container.Writer(file, TEXT) as writer:
        writer.write("a")
        with pytest.raises(Unencodable):
            writer.write(5)
        writer.write("b")
    assert back(file.getvalue()) == ["a", "b"]


def test_what_was_written_before_an_error_of_the_caller_is_in_the_file() -> None:
    file = BytesIO()
    with suppress(KeyError), container.Writer(file, TEXT) as writer:
        writer.write("a")
        raise KeyError
    assert back(file.getvalue()) == ["a"]


def test_flush_shows_a_reader_all_that_was_written() -> None:
    file = BytesIO()
    writer = container.Writer(file, TEXT)
    writer.write("a")
    before = file.getvalue()
    writer.flush()
    writer.flush()
    assert (back(before), back(file.getvalue())) == ([], ["a"])


def test_a_file_that_takes_a_few_bytes_at_a_time_gets_them_all() -> None:
    class Narrow:
        def __init__(self) -> None:
            self.content = b""

        def write(self, part: bytes, /) -> int:
            self.content += part[:3]
            return len(part[:3])

    file = Narrow()
    with container.Writer(file, TEXT) as writer:
        writer.write("a")
    assert back(file.content) == ["a"]


def test_a_block_that_could_not_be_written_does_not_come_again() -> None:
    class Full(BytesIO):
        full = False

        def write(self, part: Any, /) -> int:
            if self.full:
                raise OSError(28, "No space left on device")
            return super().write(part)

    file = Full()
    with container.Writer(file, TEXT) as writer:
        writer.write("a")
        file.full = True
        with pytest.raises(OSError, match="No space"):
            writer.flush()
        file.full = False
        writer.write("b")
    assert back(file.getvalue()) == ["b"]


def test_after_close_nothing_is_written() -> None:
    file = BytesIO()
    writer = container.Writer(file, TEXT)
    writer.close()
    writer.close()
    with pytest.raises(ValueError, match="closed"):
        writer.write("a")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"codec": "xz"}, "Known are: null, deflate, snappy, zstandard"),
        ({"metadata": {"avro.codec": b"null"}}, "'avro.codec' of the metadata is Avro's"),
        ({"block_bytes": 0}, "take 1 to"),
        ({"block_bytes": 1 << 30}, "take 1 to"),
        ({"sync": b"short"}, "take 16"),
    ],
)
def test_what_a_file_cannot_have_is_refused_before_anything_is_written(
    options: dict[str, Any], reason: str
) -> None:
    file = BytesIO()
    with pytest.raises(ValueError, match=reason):
        container.Writer(file, TEXT, **options)
    assert file.getvalue() == b""


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        (
            Visibility,
            r"the class Visibility\. Pass the generated class of a record, such as Room, ",
        ),
        (Record, r"the class Record\. Pass the generated class"),
        (int, r"the class int\. Pass the generated class"),
        ('"string"', r"or a Schema, as `registry\.parse` makes of a text\."),
        (None, r"The schema is None\. Pass"),
        (example(Room), r"a record of Room\. Pass its class: Writer\(file, Room\)\."),
    ],
)
def test_what_is_no_schema_is_refused_with_what_to_pass(schema: Any, reason: str) -> None:
    file = BytesIO()
    with pytest.raises(TypeError, match=reason):
        container.Writer(file, schema)
    assert file.getvalue() == b""


def test_a_class_of_a_record_that_was_not_generated_is_refused() -> None:
    class Own(Record):
        """Written by hand."""

    with pytest.raises(TypeError, match=r"Own is not a class that `invoke generate` has written"):
        container.Writer(BytesIO(), Own)


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ({"origin": "till"}, r"'origin' in the metadata is of str\. Pass bytes: .*\.encode"),
        ({"origin": None}, r"'origin' in the metadata is of NoneType\. Pass bytes"),
        ({b"origin": b"till"}, r"b'origin' of the metadata is of bytes\. Pass a str\."),
    ],
)
def test_metadata_that_are_no_bytes_by_name_are_refused(metadata: Any, reason: str) -> None:
    file = BytesIO()
    with pytest.raises(TypeError, match=reason):
        container.Writer(file, TEXT, metadata=metadata)
    assert file.getvalue() == b""


@pytest.mark.parametrize(
    ("schema", "metadata"),
    [
        (TEXT, {f"k{i}": b"" for i in range(999)}),
        (TEXT, {"k": bytes(4 << 20)}),
        (registry.parse('["F", "G"]', [fixed("F", "f" * 600_000), fixed("G", "g" * 600_000)]), {}),
    ],
)
def test_a_header_that_nobody_may_read_is_not_written(
    schema: Schema, metadata: dict[str, bytes]
) -> None:
    file = BytesIO()
    with pytest.raises((LimitExceeded, InvalidSchema), match=r"more than|longer than"):
        container.Writer(file, schema, metadata=metadata)
    assert file.getvalue() == b""


def test_no_more_records_without_bytes_are_written_than_are_read() -> None:
    file = BytesIO()
    with container.Writer(file, NULL) as writer:
        for _ in range(1_000_000):
            writer.write(None)
        with pytest.raises(LimitExceeded, match="records of no bytes"):
            writer.write(None)
    file.seek(0)
    assert sum(1 for _ in container.read(file)) == 1_000_000
