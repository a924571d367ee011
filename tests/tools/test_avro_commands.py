"""`avro.cat` and `avro.convert` as they are typed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from registry import SchemaTree, container
from registry.smallest import Smallest

CHECKOUT = Path(__file__).parents[2]


def invoke(*words: str | Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("invoke")
    return subprocess.run(
        [program, "--search-root", CHECKOUT, *words], check=False, text=True, capture_output=True
    )


@pytest.fixture
def rooms(tmp_path: Path) -> Path:
    """A file of two rooms of the first version."""
    schema = SchemaTree.load(CHECKOUT / "schemas").version("rooms.Room/1").schema
    path = tmp_path / "rooms.avro"
    with path.open("wb") as file, container.Writer(file, schema) as writer:
        for _ in range(2):
            writer.write(Smallest().of(schema))
    return path


def test_the_records_of_a_file_are_printed(rooms: Path) -> None:
    done = invoke("avro.cat", rooms, "--limit", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["recurrency"] == "UNKNOWN"
    assert json.loads(invoke("avro.cat", rooms, "--schema").stdout)["name"] == "Room"


def test_a_file_is_converted_to_a_version(rooms: Path) -> None:
    done = invoke("avro.convert", rooms, "--to", "rooms.Room/2")
    out = rooms.with_name("rooms.rooms.Room-2.avro")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{out}: 2 records of rooms.Room/2, ")
    assert json.loads(invoke("avro.cat", out, "--limit=1").stdout)["visibility"] == "PUBLIC"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["avro.cat", "README.md"], "avro.cat: README.md: The file begins with"),
        (["avro.cat", "nothing.avro"], "avro.cat: nothing.avro: No such file or directory."),
        (["avro.convert", "README.md", "--to", "rooms.Rom/2"], "Did you mean 'rooms.Room'?"),
        (["avro.convert", "README.md", "--to", "rooms.Room/2"], "avro.convert: README.md: The fi"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_and_by_the_exit_code(
    words: list[str], said: str
) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("invoke"), *words],
        cwd=CHECKOUT,
        check=False,
        text=True,
        capture_output=True,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
