"""Container files that are spoilt: what is wrong has a type, a path and its place in the file."""

import zlib
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import container
from registry.container import Codec
from registry.container.compression import COMPRESSIONS
from registry.errors import (
    InvalidSchema,
    NotFramed,
    SchemaError,
    Undecodable,
    UnknownName,
    UnsafeName,
    WireError,
)
from tests.registry.container_files import MAGIC, SYNC, block, counted, entries, head, long

STRING = head("string")


def read(file: bytes) -> list[Any]:
    return list(container.read(BytesIO(file)))


TWO = block(2, long(1) + b"a" + long(1) + b"b")

# what it is: the file, data before the error, path, offset in the file, words of the reason
SPOILT: dict[str, tuple[bytes, int, str, int | None, str]] = {
    "no schema": (
        MAGIC + long(1) + entries({"avro.codec": b"null"}) + b"\0" + SYNC,
        0,
        "header",
        None,
        "there is no entry 'avro.schema'",
    ),
    "an unknown codec": (head("string", "lzo"), 0, "header", None, "'lzo' is none of null, def"),
    "a codec that is no text": (
        MAGIC + long(1) + entries({"avro.codec": b"\xff"}) + b"\0" + SYNC,
        0,
        "header",
        None,
        "is none of null",
    ),
    "a key that stands twice": (
        MAGIC + long(2) + entries({"a": b""}) * 2 + b"\0" + SYNC,
        0,
        "header",
        8,
        "the key 'a' stands twice",
    ),
    "a key that is not UTF-8": (
        MAGIC + long(1) + counted(b"\xff") + counted(b"") + b"\0" + SYNC,
        0,
        "header",
        5,
        "the key is not UTF-8",
    ),
    "a key of -1 bytes": (MAGIC + long(1) + long(-1), 0, "header", 6, "-1 bytes"),
    "a part of the header of -1 bytes": (MAGIC + long(-1) + long(-1), 0, "header", 6, "-1 bytes"),
    "a sync marker that is another": (
        STRING + TWO + TWO[:-1] + b"\0",
        2,
        "block 2",
        len(STRING) + len(TWO) + 6,
        "does not end with the sync marker",
    ),
    "a block of -1 records": (
        STRING + TWO + long(-1) + counted(b"") + SYNC,
        2,
        "block 2",
        len(STRING + TWO),
        "-1 records",
    ),
    "a block of -1 bytes": (
        STRING + TWO + long(1) + long(-1) + SYNC,
        2,
        "block 2",
        len(STRING + TWO),
        "-1 bytes",
    ),
    "bytes that are left in a block": (
        STRING + TWO + block(1, long(1) + b"c??"),
        3,
        "block 2",
        len(STRING + TWO) + 2 + 2,
        "2 bytes follow the last record",
    ),
    "a block that says more records than it has": (
        STRING + TWO + block(2, long(1) + b"c"),
        3,
        "block 2, record 4",
        len(STRING + TWO) + 2 + 2,
        "",
    ),
    "a string that is not UTF-8": (
        STRING + TWO + block(2, long(1) + b"c" + long(1) + b"\xff"),
        3,
        "block 2, record 4",
        len(STRING + TWO) + 2 + 4,
        "not UTF-8",
    ),
    "a field in a record": (
        head(
            {
                "type": "record",
                "name": "R",
                "fields": [{"name": "tags", "type": {"type": "array", "items": "boolean"}}],
            }
        )
        + block(1, long(2) + b"\1\2\0"),
        0,
        "block 1, record 1: tags[1]",
        None,
        "boolean",
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_file_is_told_with_its_place_after_what_is_whole(name: str) -> None:
    file, before, path, offset, word = SPOILT[name]
    found: list[Any] = []
    with pytest.raises(Undecodable) as caught:
        found.extend(container.read(BytesIO(file)))
    assert len(found) == before
    assert caught.value.path == path
    if offset is not None:
        assert caught.value.offset == offset
    assert word in caught.value.reason


@pytest.mark.parametrize("data", [b"", b"O", b"Obj", b"Obj\0" + bytes(99), b"{}", b"PAR1" + MAGIC])
def test_what_is_no_container_file_is_not_framed(data: bytes) -> None:
    with pytest.raises(NotFramed, match="A container file begins with 4F 62 6A 01"):
        container.read(BytesIO(data))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (b"", InvalidSchema),
        (b"{", InvalidSchema),
        (b"\xff", InvalidSchema),
        (b'"Unknown"', UnknownName),
        (b'{"type": "fixed", "name": "../F", "size": 1}', UnsafeName),
        (b'{"type": "fixed", "name": "F", "size": -2}', InvalidSchema),
    ],
)
def test_a_schema_that_is_none_is_told_as_such(text: bytes, error: type[SchemaError]) -> None:
    file = MAGIC + long(1) + entries({"avro.schema": text}) + b"\0" + SYNC
    with pytest.raises(error, match=r"avro\.schema:1:"):
        container.header(BytesIO(file))


DATA = counted(b"a" * 100)
COMPRESSED: tuple[Codec, ...] = ("deflate", "snappy", "zstandard")


def spoilt(codec: Codec) -> dict[str, bytes]:
    right = COMPRESSIONS[codec].compress(DATA)
    return {
        "nothing": b"",
        "two bytes": b"\xff\xff",
        "garbage": b"\x07garbage" * 9,
        "cut": right[:-1],
        "more": right + b"?",
        "twice": right * 2,
        "not compressed": DATA,
    }


@pytest.mark.parametrize("codec", COMPRESSED)
@pytest.mark.parametrize("name", spoilt("deflate"))
def test_data_that_are_not_what_the_codec_makes_are_undecodable(codec: Codec, name: str) -> None:
    start = head("string", codec)
    with pytest.raises(Undecodable) as caught:
        read(start + block(1, spoilt(codec)[name]))
    assert caught.value.path == "block 1"
    assert len(start) < (caught.value.offset or 0) <= len(start) + 3


def test_a_snappy_block_whose_checksum_is_another_is_undecodable() -> None:
    right = COMPRESSIONS["snappy"].compress(DATA)
    assert read(head("string", "snappy") + block(1, right)) == ["a" * 100]
    with pytest.raises(Undecodable, match="checksum"):
        read(head("string", "snappy") + block(1, right[:-1] + bytes([right[-1] ^ 1])))


@pytest.mark.parametrize("size", range(5))
def test_a_checksum_of_zlib_behind_deflate_is_passed_over(size: int) -> None:
    whole = zlib.compress(DATA)[2:]
    file = head("string", "deflate") + block(1, whole[: len(whole) - 4 + size])
    assert read(file) == ["a" * 100]


@pytest.mark.parametrize("codec", COMPRESSED)
def test_a_datum_in_a_compressed_block_has_the_place_of_the_block_and_its_own(codec: Codec) -> None:
    start = head("string", codec)
    data = COMPRESSIONS[codec].compress(DATA + long(1) + b"\xff")
    with pytest.raises(Undecodable) as caught:
        read(start + block(2, data))
    assert caught.value.path == "block 1, record 2"
    assert caught.value.offset == len(start) + len(long(2)) + len(long(len(data)))
    assert "(byte 104 of the block, expanded)" in caught.value.reason


WHOLE: dict[str, bytes] = {
    codec: head(["null", "string"], codec)
    + block(3, COMPRESSIONS[codec].compress(b"\0\2\2a\0")) * 2
    for codec in ("null", *COMPRESSED)
}


@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_a_file_with_any_bytes_changed_gives_values_or_a_typed_error(
    codec: str, draw: st.DataObject
) -> None:
    file = bytearray(WHOLE[codec])
    assert len(read(bytes(file))) == 6
    for _ in range(draw.draw(st.integers(1, 4))):
        file[draw.draw(st.integers(0, len(file) - 1))] = draw.draw(st.integers(0, 255))
    with suppress(WireError, SchemaError):
        read(bytes(file))


@given(st.binary(max_size=200), st.sampled_from(["null", *COMPRESSED]))
def test_any_bytes_behind_a_header_give_values_or_a_typed_error(data: bytes, codec: str) -> None:
    with suppress(WireError):
        read(head("string", codec) + data)
