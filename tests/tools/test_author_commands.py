"""The author's commands as they are typed: their words, and how they end."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


def invoke(*words: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("invoke")
    return subprocess.run(
        [program, "--search-root", CHECKOUT, *words], check=False, text=True, capture_output=True
    )


def test_a_version_is_shown_with_all_that_it_refers_to() -> None:
    done = invoke("schemas.show", "rooms.Room/1", "--inline")
    (price,) = [x for x in json.loads(done.stdout)["fields"] if x["name"] == "price"]
    assert (done.returncode, price["type"]["name"]) == (0, "Money")


def test_two_versions_are_compared() -> None:
    done = invoke("schemas.diff", "rooms.Room/1", "rooms.Room/2")
    assert done.returncode == 0
    assert done.stdout.startswith("rooms.Room/1 -> rooms.Room/2\n  monthly_price: added, ")


def test_the_tree_is_bundled_into_a_folder(tmp_path: Path) -> None:
    assert invoke("schemas.bundle", "--to", str(tmp_path / "to")).returncode == 0
    assert "common.Money" not in (tmp_path / "to/common/money/v1.avsc").read_text()
    assert '"amount"' in (tmp_path / "to/rooms/room/v2.avsc").read_text()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["schemas.show", "rooms.Rom/2"], 2, "Did you mean 'rooms.Room'?"),
        (["schemas.diff", "rooms.Room/1", "rooms.Room/99"], 2, "There is no version"),
        (["schemas.bundle", "--to", str(CHECKOUT / "schemas")], 2, "the schemas themselves"),
        (["schemas.accept", "TYPE_MISMATCH", "rooms.Room/2"], 2, "--why"),
        (["schemas.accept", "TYPE_MISMATCH", "rooms.Room/2", "--why", "x"], 1, "needs no waiver"),
        (["new-version", "rooms.Rom"], 2, "Did you mean 'rooms.Room'?"),
        (["new-version", "rooms.Room", "--pins", "newest"], 2, "write keep or latest"),
        (["new-subject", "rooms.Room"], 2, "./invoke new-version rooms.Room"),
        (["new-subject", "probes.Probe", "--owner", " "], 2, "--owner TEAM"),
    ],
)
def test_what_cannot_be_done_is_said_in_words_and_by_the_exit_code(
    words: list[str], code: int, said: str
) -> None:
    done = invoke(*words)
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True)
    assert "Traceback" not in done.stderr
