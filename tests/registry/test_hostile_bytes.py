"""Bytes made to harm: each gets a typed error in little time and memory, in a child process."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CHILD = """
import json, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
import registry
from registry.errors import RegistryError
job = json.load(sys.stdin)
schema = registry.parse(job["schema"])
data = bytes.fromhex(job["start"]) + bytes.fromhex(job["repeated"]) * job["times"]
begun = time.process_time()
try:
    print("read", str(registry.read(data, schema))[:100])
except RegistryError as error:
    print(type(error).__name__, error)
print(time.process_time() - begun)
"""
NULLS = {"type": "array", "items": "null"}
EMPTY = {"type": "record", "name": "Empty", "fields": []}
INTS = {"type": "array", "items": "int"}
MAP = {"type": "map", "values": "int"}
ENUM = {"type": "enum", "name": "E", "symbols": ["A", "B"]}


def linked(kind: Any) -> dict[str, Any]:
    return {"type": "record", "name": "L", "fields": [{"name": "next", "type": kind}]}


def logical(kind: str, name: str, **more: int) -> dict[str, Any]:
    return {"type": kind, "logicalType": name, **more}


# what it is: schema, first bytes, bytes that are repeated, times, error, word of its message
ATTACKS: dict[str, tuple[Any, str, str, int, str, str]] = {
    "a record that must hold itself": (linked("L"), "", "", 0, "LimitExceeded", "deep"),
    "a linked list 5,000 deep": (linked(["null", "L"]), "", "02", 5000, "LimitExceeded", "deep"),
    "50 million nulls": (NULLS, "80c2d72f00", "", 0, "LimitExceeded", "elements"),
    "50 million empty records": (
        {"type": "array", "items": EMPTY},
        "80c2d72f00",
        "",
        0,
        "LimitExceeded",
        "elements",
    ),
    "many blocks of nulls": (NULLS, "", "d00f", 100_000, "LimitExceeded", "elements"),
    "arrays in arrays": (
        {"type": "array", "items": {"type": "array", "items": "null"}},
        "808080808001",
        "",
        0,
        "LimitExceeded",
        "elements",
    ),
    "a decimal of a megabyte": (
        logical("bytes", "decimal", precision=9),
        "80897a",
        "7f",
        1_000_000,
        "Undecodable",
        "decimal",
    ),
    "a big-decimal of a megabyte": (
        logical("bytes", "big-decimal"),
        "80897a",
        "7f",
        1_000_000,
        "Undecodable",
        "decimal",
    ),
    "a varint of 11 bytes": ("long", "", "ff", 11, "Undecodable", "64 bits"),
    "a varint of 10 bytes over 64 bits": (
        "long",
        "ffffffffffffffffff02",
        "",
        0,
        "Undecodable",
        "64",
    ),
    "2 MB of 0xFF": ("long", "", "ff", 2_000_000, "Undecodable", "64 bits"),
    "a union index of -1": (["null", "int"], "01", "", 0, "Undecodable", "index -1"),
    "a union index of 2": (["null", "int"], "04", "", 0, "Undecodable", "index 2"),
    "an enum index of -1": (ENUM, "01", "", 0, "Undecodable", "index -1"),
    "an enum index of 2": (ENUM, "04", "", 0, "Undecodable", "index 2"),
    "a count of -2**63": (INTS, "ffffffffffffffffff01", "00", 2, "Undecodable|LimitExceeded", ""),
    "a negative block size": (INTS, "0103" + "02" + "00", "", 0, "Undecodable", "-2 bytes"),
    "a block size of 8 GiB": (INTS, "01" + "8080808040" + "0200", "", 0, "Undecodable", "bytes"),
    "an int over 32 bits": ("int", "8080808010", "", 0, "Undecodable", "range of int"),
    "an int under 32 bits": ("int", "8180808010", "", 0, "Undecodable", "range of int"),
    "bytes that follow": ("int", "0200", "", 0, "Undecodable", "bytes follow the datum"),
    "a key that stands twice": (
        MAP,
        "04" + "026b02" * 2 + "00",
        "",
        0,
        "Undecodable",
        "'k' stands twice",
    ),
    "a key that stands in two blocks": (MAP, "02026b02" * 2 + "00", "", 0, "Undecodable", "twice"),
    "a boolean of 2": ("boolean", "02", "", 0, "Undecodable", "boolean"),
    "bytes of 8 GiB": ("bytes", "8080808040", "61", 10, "Undecodable", "should follow, 10 do"),
    "bytes of -5": ("bytes", "09", "61", 10, "Undecodable", "-5 bytes"),
    "a string of 8 GiB": ("string", "8080808040", "61", 10, "Undecodable", "should follow, 10 do"),
    "a fixed of 8 GiB": (
        {"type": "fixed", "name": "F", "size": 1 << 33},
        "",
        "61",
        10,
        "Undecodable",
        "should follow",
    ),
    "a date beyond the year 9999": (
        logical("int", "date"),
        "feffffff0f",
        "",
        0,
        "Undecodable",
        "date",
    ),
    "a time beyond its day": (
        logical("int", "time-millis"),
        "feffffff0f",
        "",
        0,
        "Undecodable",
        "time",
    ),
    "a timestamp beyond the year 9999": (
        logical("long", "timestamp-millis"),
        "feffffffffffffffff01",
        "",
        0,
        "Undecodable",
        "timestamp",
    ),
    "a string that is not UTF-8": ("string", "04c328", "", 0, "Undecodable", "UTF-8"),
    "a string with a surrogate": ("string", "06eda080", "", 0, "Undecodable", "UTF-8"),
    "a uuid that is none": (logical("string", "uuid"), "0261", "", 0, "Undecodable", "uuid"),
    "20 MB": ("bytes", "", "00", 20 << 20, "LimitExceeded", "bytes"),
    "nothing": ("int", "", "", 0, "Undecodable", "too early"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_hostile_bytes_get_a_typed_error_in_bounded_time_and_memory(name: str) -> None:
    schema, start, repeated, times, error, word = ATTACKS[name]
    kind = {"type": schema} if isinstance(schema, str) else schema
    job = {"schema": kind, "start": start, "repeated": repeated, "times": times}
    child = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert child.returncode == 0, child.stderr
    told, seconds = child.stdout.splitlines()
    assert told.split()[0] in error.split("|")
    assert word in told
    assert float(seconds) < 1
