"""Container files that we write and read ourselves: every codec, every schema, any place to cut."""

import json
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import registry
from registry import container
from registry.errors import Undecodable
from registry.schema import Schema
from tests.registry.container_files import SYNC, block, counted, entries, head, long
from tests.registry.strategies import data, schemas, untagged

CODECS: tuple[container.Codec, ...] = get_args(container.Codec)
TEXT = registry.parse('"string"')
NULL = registry.parse('"null"')


def written(schema: Schema, values: list[Any], **options: Any) -> bytes:
    file = BytesIO()
    with container.Writer(file, schema, sync=SYNC, **options) as writer:
        for each in values:
            writer.write(each)
    return file.getvalue()


def back(file: bytes, **options: Any) -> list[Any]:
    return list(container.read(BytesIO(file), **options))


@given(st.data(), st.sampled_from(CODECS), st.integers(1, 100))
def test_data_of_any_schema_come_back(
    draw: st.DataObject, codec: container.Codec, block_bytes: int
) -> None:
    schema = registry.parse(json.dumps(draw.draw(schemas())))
    values = draw.draw(st.lists(data(schema), max_size=5))
    file = written(schema, values, codec=codec, block_bytes=block_bytes)
    assert back(file, tagged=True) == values
    assert back(file) == untagged(values)


@given(st.data())
def test_the_schema_comes_back_with_all_it_says(draw: st.DataObject) -> None:
    schema = registry.parse(json.dumps(draw.draw(schemas())))
    found = container.header(BytesIO(written(schema, []))).schema
    assert registry.full_text(found) == registry.full_text(schema)


def test_another_reader_resolves_what_the_writer_wrote() -> None:
    file = written(registry.parse('{"type": "array", "items": "int"}'), [[1], []])
    doubles = registry.parse('{"type": "array", "items": "double"}')
    assert back(file, reader=doubles) == [[1.0], []]


@pytest.mark.parametrize("codec", CODECS)
def test_a_block_ends_with_the_datum_that_fills_it(codec: container.Codec) -> None:
    one_each = written(TEXT, ["a" * 10] * 7, codec=codec, block_bytes=11)
    in_pairs = written(TEXT, ["a" * 10] * 7, codec=codec, block_bytes=12)
    assert [each.count(SYNC) for each in (one_each, in_pairs)] == [1 + 7, 1 + 4]
    assert back(one_each) == back(in_pairs) == ["a" * 10] * 7


def test_a_file_without_data_is_a_header_and_no_block() -> None:
    file = written(TEXT, [])
    assert back(file) == []
    assert file.endswith(SYNC)
    assert container.header(BytesIO(file)).size == len(file)


def test_the_header_tells_codec_metadata_sync_marker_and_where_it_ends() -> None:
    file = BytesIO(written(TEXT, ["a"], codec="snappy", metadata={"origin": b"\xff"}))
    found = container.header(file)
    assert (found.codec, found.sync, found.size) == ("snappy", SYNC, file.tell())
    assert found.metadata == {
        "avro.schema": b'"string"',
        "avro.codec": b"snappy",
        "origin": b"\xff",
    }
    assert found.version is None


def test_what_follows_a_header_is_read_where_it_was_left_as_from_a_pipe() -> None:
    class Pipe:
        """Gives three bytes at most, and goes nowhere but on."""

        def __init__(self, content: bytes) -> None:
            self.content = BytesIO(content)

        def read(self, size: int, /) -> bytes:
            return self.content.read(min(size, 3))

    pipe = Pipe(written(TEXT, ["one", "two"], codec="zstandard"))
    found = container.header(pipe)
    assert list(container.read(pipe, header=found)) == ["one", "two"]


def test_a_header_in_several_parts_with_their_sizes_is_read() -> None:
    first, second = entries({"avro.schema": b'"string"'}), entries({"more": b"x"})
    file = b"Obj\x01" + long(-1) + counted(first) + long(1) + second + long(0) + SYNC
    found = container.header(BytesIO(file + block(1, long(1) + b"a")))
    assert (found.codec, dict(found.metadata)) == (
        "null",
        {"avro.schema": b'"string"', "more": b"x"},
    )
    assert back(file + block(1, long(1) + b"a")) == ["a"]


def test_a_schema_that_is_not_strictly_right_is_read() -> None:
    loose = {
        "type": "record",
        "name": "R",
        "fields": [{"name": "x", "type": "int", "default": "?"}],
    }
    assert back(head(loose) + block(1, long(5))) == [{"x": 5}]


@pytest.mark.parametrize("codec", CODECS)
def test_a_file_cut_anywhere_gives_its_whole_blocks_first(codec: container.Codec) -> None:
    values = ["one", "two", "three"]
    whole = written(TEXT, values, codec=codec, block_bytes=1)
    start = container.header(BytesIO(whole)).size
    ends = [i + 16 for i in range(start, len(whole)) if whole.startswith(SYNC, i)]
    for cut in range(start, len(whole)):
        before = sum(end <= cut for end in ends)
        found: list[str] = []
        records = container.read(BytesIO(whole[:cut]))
        if cut in (start, *ends):
            assert list(records) == values[:before]
            continue
        with pytest.raises(Undecodable, match="the file ends here") as caught:
            found.extend(records)
        assert found == values[:before]
        assert (caught.value.path, caught.value.offset) == (f"block {before + 1}", cut)


@pytest.mark.parametrize("codec", CODECS)
def test_a_file_cut_in_its_header_says_so(codec: container.Codec) -> None:
    whole = written(TEXT, [], codec=codec)
    for cut in range(4, len(whole)):
        with pytest.raises(Undecodable, match="header, byte") as caught:
            container.read(BytesIO(whole[:cut]))
        assert caught.value.offset == cut


def test_a_large_file_is_read_and_written_in_little_memory(tmp_path: Path) -> None:
    import tracemalloc  # noqa: PLC0415 it slows what runs after

    path = tmp_path / "large.avro"
    text = json.dumps(list(range(2000)))
    tracemalloc.start()
    try:
        with path.open("wb") as file, container.Writer(file, TEXT, codec="null") as writer:
            for _ in range(3000):
                writer.write(text)
        with path.open("rb") as source:
            count = sum(1 for _ in container.read(source))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (count, path.stat().st_size > 20_000_000) == (3000, True)
    assert peak < 2_000_000


def test_only_the_blocks_that_are_asked_for_are_read() -> None:
    def endless() -> Iterator[bytes]:
        yield head("string")
        while True:
            yield block(1, counted(b"a"))

    class Endless:
        def __init__(self) -> None:
            self.parts = endless()
            self.left = b""

        def read(self, size: int, /) -> bytes:
            while len(self.left) < size:
                self.left += next(self.parts)
            part, self.left = self.left[:size], self.left[size:]
            return part

    assert list(islice(container.read(Endless()), 1000)) == ["a"] * 1000
