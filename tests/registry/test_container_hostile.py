"""Container files made to harm: each gets a typed error in bounded time and memory, in a child."""

import subprocess
import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from registry import container
from registry.container.compression import COMPRESSIONS
from registry.errors import InvalidSchema, LimitExceeded
from registry.limits import Limits
from tests.registry.container_files import MAGIC, SYNC, block, counted, entries, head, long

ROOT = Path(__file__).parents[2]
CHILD = """
import resource, sys, time
from io import BytesIO
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
from registry import container
from registry.errors import RegistryError
file = BytesIO(sys.stdin.buffer.read())
count, begun = 0, time.process_time()
try:
    for count, _ in enumerate(container.read(file), 1):
        pass
    print("read", count)
except RegistryError as error:
    print(count, type(error).__name__, error)
print(time.process_time() - begun)
"""
STRING = head("string")
FULL = (1 << 63) - 1


def deflated(pieces: int) -> bytes:
    """Return megabytes of zeros as deflate has them."""
    machine, piece = zlib.compressobj(9, zlib.DEFLATED, -15), bytes(1 << 20)
    return b"".join(machine.compress(piece) for _ in range(pieces)) + machine.flush()


def zstandard(size: int) -> bytes:
    return COMPRESSIONS["zstandard"].compress(bytes(size))


def linked(kind: Any) -> dict[str, Any]:
    return {"type": "record", "name": "L", "fields": [{"name": "next", "type": kind}]}


def nested(depth: int) -> str:
    return '{"type": "array", "items": ' * depth + '"int"' + "}" * depth


EMPTY = {"type": "record", "name": "E", "fields": []}
HOLLOW = {"type": "record", "name": "H", "fields": [{"name": "x", "type": "null"}]}

# what it is: how it is made, data before the error, the error, words of its message
ATTACKS: dict[str, tuple[Callable[[], bytes], int, str, str]] = {
    "30 million nulls": (
        lambda: head("null") + block(30_000_000, b""),
        0,
        "LimitExceeded",
        "block 1, byte",
    ),
    "30 million records of nulls": (
        lambda: head(HOLLOW) + block(30_000_000, b""),
        0,
        "LimitExceeded",
        "records of no bytes",
    ),
    "30 blocks of empty records": (
        lambda: head(EMPTY) + block(40_000, b"") * 30,
        1_000_000,
        "LimitExceeded",
        "records of no bytes",
    ),
    "2**63 records": (lambda: STRING + block(FULL, b"\0"), 0, "LimitExceeded", "of no bytes"),
    "a record that must hold itself": (
        lambda: head(linked("L")) + block(1, b""),
        0,
        "LimitExceeded",
        "block 1, record 1: The datum is nested",
    ),
    "a linked list 5,000 deep": (
        lambda: head(linked(["null", "L"])) + block(1, b"\2" * 5000 + b"\0"),
        0,
        "LimitExceeded",
        "block 1, record 1: The datum is nested",
    ),
    "a schema of 50,000 nested arrays": (
        lambda: MAGIC + long(1) + entries({"avro.schema": nested(50_000).encode()}) + b"\0" + SYNC,
        0,
        "InvalidSchema",
        "avro.schema:",
    ),
    "a schema of 2 MB": (
        lambda: MAGIC + long(1) + entries({"avro.schema": b" " * (2 << 20)}) + b"\0" + SYNC,
        0,
        "InvalidSchema",
        "avro.schema:",
    ),
    "50 million nulls in a record": (
        lambda: head({"type": "array", "items": "null"}) + block(1, long(50_000_000) + b"\0"),
        0,
        "LimitExceeded",
        "elements",
    ),
    "a datum of 17 MB": (
        lambda: (
            head("bytes", "deflate")
            + block(1, COMPRESSIONS["deflate"].compress(long(17 << 20) + bytes(17 << 20)))
        ),
        0,
        "LimitExceeded",
        "block 1, record 1: The datum has more than 16777216 bytes",
    ),
    "a deflate bomb of 512 MB": (
        lambda: head("bytes", "deflate") + block(1, deflated(512)),
        0,
        "LimitExceeded",
        "The data of the block expand to more than",
    ),
    "a zstandard bomb of 512 MB": (
        lambda: head("bytes", "zstandard") + block(1, zstandard(1 << 26) * 8),
        0,
        "Undecodable",
        "zstandard",
    ),
    "a zstandard bomb in one frame": (
        lambda: head("bytes", "zstandard") + block(1, zstandard((1 << 26) + 1)),
        0,
        "LimitExceeded",
        "expand",
    ),
    "a snappy block that says it is 4 GB": (
        lambda: head("bytes", "snappy") + block(1, b"\xff\xff\xff\xff\x0f" + bytes(20)),
        0,
        "LimitExceeded",
        "expand",
    ),
    "a block of 8 EB": (lambda: STRING + long(1) + long(FULL), 0, "LimitExceeded", "more than"),
    "a block of 64 MB in a short file": (
        lambda: STRING + long(1) + long(1 << 26) + bytes(9),
        0,
        "Undecodable",
        "the file ends here, 67108855 bytes too early",
    ),
    "metadata of 8 EB": (lambda: MAGIC + long(1) + long(FULL), 0, "LimitExceeded", "header"),
    "2**63 entries": (lambda: MAGIC + long(-FULL - 1) + long(1), 0, "LimitExceeded", "entries"),
    "a header of small parts": (
        lambda: MAGIC + b"".join(long(1) + entries({f"k{i}": b""}) for i in range(2000)),
        0,
        "LimitExceeded",
        "1000 entries",
    ),
    "a number of 2 MB of 0xFF": (lambda: STRING + b"\xff" * (2 << 20), 0, "Undecodable", "64 bits"),
    "100,000 blocks of nothing": (lambda: STRING + block(0, b"") * 100_000, 0, "read", "0"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_hostile_file_is_told_in_bounded_time_and_memory(name: str) -> None:
    make, count, error, word = ATTACKS[name]
    child = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=make(),
        capture_output=True,
        timeout=60,
        check=False,
        cwd=ROOT,
    )
    assert child.returncode == 0, child.stderr.decode()
    told, seconds = child.stdout.decode().splitlines()
    assert told.startswith(f"{count} {error}" if error != "read" else "read")
    assert word in told
    assert float(seconds) < (1 if count == 0 else 10)


def test_whoever_reads_may_set_other_bounds() -> None:
    file = STRING + block(1, counted(b"a" * 50))
    for limits in (
        Limits(header_bytes=30),
        Limits(header_entries=1),
        Limits(block_bytes=50),
        Limits(datum_bytes=50),
    ):
        with pytest.raises(LimitExceeded, match=r"more than (30|1|50) "):
            list(container.read(BytesIO(file), limits=limits))
    with pytest.raises(InvalidSchema, match="longer than 5 bytes"):
        container.read(BytesIO(file), limits=Limits(schema_bytes=5))
    assert list(container.read(BytesIO(file), limits=Limits(block_bytes=51))) == ["a" * 50]
