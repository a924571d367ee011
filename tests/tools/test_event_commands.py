"""`events` and `dead-letters` as they are typed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
PROGRAMS = {
    "./invoke": [str(CHECKOUT / "invoke")],
    "invoke": [str(Path(sys.executable).with_name("invoke")), "--search-root", str(CHECKOUT)],
}
# Each of the group, in a place where nothing has run yet.
COMMANDS = {
    "events.lag": 0,
    "events.replay --consumer items --from-position 1": 1,
    "dead-letters.list": 0,
    "dead-letters.show items 1": 1,
    "dead-letters.replay items 1": 1,
    "dead-letters.drop items 1": 1,
}


def typed(folder: Path, words: str, program: str = "invoke") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAMS[program], *words.split()],
        check=False,
        text=True,
        capture_output=True,
        cwd=folder,
        env=os.environ | {"VAR_DIR": str(folder / "var")},
        timeout=60,
    )


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_says_where_nothing_is_yet_and_makes_nothing(
    tmp_path: Path, command: str, program: str
) -> None:
    done = typed(tmp_path, command, program)
    assert done.returncode == COMMANDS[command]
    name = command.split(maxsplit=1)[0]
    assert f"{tmp_path}/var/items.sqlite is not there yet: ./invoke run items makes" in done.stderr
    assert {line.split(":")[0] for line in done.stderr.splitlines()} == {name}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("events.tail cellars", "events.tail: There is no service 'cellars'. There are: items,"),
        ("events.tail rooms --after soon", "events.tail: --after soon: not a number."),
        ("events.tail rooms --limit all", "events.tail: --limit all: not a number."),
        ("events.tail rooms --after 1 --since-start", "events.tail: --after or --since-start,"),
        ("events.replay", "events.replay: who hears again?"),
        ("events.replay --consumer items", "events.replay: from where?"),
        ("events.replay --consumer items --from-position -1", "events.replay: --from-position -1"),
        ("dead-letters.list --service cellars", "dead-letters.list: There is no service 'cellars'"),
        ("dead-letters.list --limit all", "dead-letters.list: --limit all: not a number."),
        ("dead-letters.show items first", "dead-letters.show: 'first' is no id"),
        ("dead-letters.drop items all", "dead-letters.drop: To drop all of items for good,"),
    ],
)
def test_wrong_words_are_one_line_that_helps(tmp_path: Path, words: str, said: str) -> None:
    done = typed(tmp_path, words)
    assert done.returncode == 2
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
