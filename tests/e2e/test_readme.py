"""The README is true: its commands are run as they stand, in a fresh clone."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import httpx2
import pytest

from registry import SchemaTree
from registry.naming import schema_path
from registry.usage import usages
from tests.ports import free_port
from tools import generate
from tools.affected import sources

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
STORY = ROOT / "tests/golden/schemas"
README = (ROOT / "README.md").read_text(encoding="utf-8")
UPGRADES = (ROOT / "docs/upgrades.md").read_text(encoding="utf-8")
SECONDS = 300.0  # the first command installs the environment
TIME = re.compile(r"\(\d+\.\d+ s\)")


def blocks(text: str) -> list[tuple[str, str]]:
    """The fenced blocks: (language, content)."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def steps(console: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output that the README shows of it."""
    parts = re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]
    return [(command, shown) for command, _, shown in (part.partition("\n") for part in parts)]


def copy(folder: Path) -> Path:
    """The files as they stand here."""
    listed = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True).stdout
    folder.mkdir()
    for name in names.decode().split("\0"):
        if name and (ROOT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
            target.chmod((ROOT / name).stat().st_mode)
    return folder


def generated(folder: Path) -> None:
    assert generate.main(folder / "schemas", folder / "registry/records", check=False) == 0


def clone(folder: Path) -> Path:
    """A repository whose schemas are those that README's story begins with, committed on main."""
    copy(folder)
    shutil.rmtree(folder / "schemas")
    shutil.copytree(STORY, folder / "schemas")
    generated(folder)
    who = ["-c", "user.name=Reader", "-c", "user.email=reader@example.org"]
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], [*who, "commit", "-qm", "Start"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder


def until(condition: Callable[[], T | None]) -> T:
    deadline = time.monotonic() + SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, f"in vain for {SECONDS} seconds"
        time.sleep(0.1)
    return found


class Reader:
    """Someone who types what the README says, on ports that are free here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = {"9090": free_port(), "9091": free_port()}
        kept = {key: each for key, each in os.environ.items() if key != "VIRTUAL_ENV"}
        self.environment = kept | {
            "ITEMS_PORT": self.ports["9090"],
            "ROOMS_PORT": self.ports["9091"],
        }

    def here(self, text: str) -> str:
        for port, free in self.ports.items():
            text = text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{free}")
        return text

    def types(self, command: str) -> str:
        done = subprocess.run(
            ["sh", "-c", self.here(command)],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    @contextmanager
    def runs(self, command: str) -> Iterator[None]:
        process = subprocess.Popen(
            shlex.split(command), cwd=self.folder, env=self.environment, start_new_session=True
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(60)

    def gets(self, url: str) -> httpx2.Response:
        def answer() -> httpx2.Response | None:
            try:
                return httpx2.get(self.here(url))
            except httpx2.TransportError:
                return None

        return until(answer)

    def applies(self, diff: str) -> None:
        subprocess.run(["git", "apply"], cwd=self.folder, input=diff, text=True, check=True)


def test_the_refusal_that_opens_the_readme_is_the_golden_one() -> None:
    golden = (ROOT / "tests/golden/add_a_required_field.txt").read_text(encoding="utf-8")
    assert blocks(README)[0] == ("", golden.split("\n\n")[0] + "\n")


def test_the_readme_has_at_most_150_lines() -> None:
    assert len(README.splitlines()) <= 150


def test_the_files_that_the_readme_links_exist() -> None:
    for target in re.findall(r"\]\(((?!http)[^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def versions_after_the_story() -> list[str]:
    """The versions that services use and README's story does not know."""
    used = usages(SchemaTree.load(ROOT / "schemas"), sources(ROOT / "services"))
    return sorted(used.keys() - {str(each) for each in SchemaTree.load(STORY).versions})


@pytest.mark.timeout(300)
def test_a_stranger_follows_the_readme_word_by_word(tmp_path: Path) -> None:
    if later := versions_after_the_story():
        pytest.skip(
            f"services use {', '.join(later)}, and README tells of the schemas before that. "
            "Tell it anew from a new copy of schemas/ in tests/golden/schemas/."
        )
    reader = Reader(clone(tmp_path / "a fresh clone"))
    consoles = [content for language, content in blocks(README) if language == "console"]
    two_commands, *walk, use, told = [steps(each) for each in consoles]
    assert [command for command, _ in two_commands] == ["./invoke run items", "./invoke test"]
    with reader.runs(two_commands[0][0]):
        assert len(reader.gets("http://127.0.0.1:9090/v1/items").json()["items"]) == 3
        assert "swagger-ui" in reader.gets("http://127.0.0.1:9090/v1/ui/").text

    (diff,) = [content for language, content in blocks(README) if language == "diff"]
    for number, commands in enumerate(walk):
        for command, shown in commands:
            printed = reader.types(command)
            if shown:
                assert TIME.sub("", printed) == TIME.sub("", shown)
        if number == 0:
            reader.applies(diff)

    (move, _), (run, _) = use
    reader.types(move)
    with reader.runs(run):
        reader.gets("http://127.0.0.1:9091/v1/rooms")
        (create, _), (events, _) = told
        room = json.loads(reader.types(create))
        (event,) = json.loads(reader.types(events))["events"]
        assert event["dataschema"] == "rooms.RoomChanged/3"
        assert event["data"]["room"]["floor"] == 4
        reader.gets("http://127.0.0.1:9090/v1/items")
        until(lambda: accepts_an_item_for(reader, room["id"]))


def accepts_an_item_for(reader: Reader, room_id: str) -> bool:
    """Whether items, which reads an older version, has heard of the room."""
    item = {
        "name": "Lamp",
        "description": "It shines.",
        "price": {"amount": "5.00", "currency": "EUR"},
        "room_id": room_id,
    }
    token = reader.types("./invoke auth.token items:write").strip()
    headers = {"Authorization": f"Bearer {token}"}
    url = reader.here("http://127.0.0.1:9090/v1/items")
    answer = httpx2.post(url, json=item, headers=headers)
    return answer.status_code == 201


def run_in(folder: Path, program: str) -> str:
    words = [sys.executable, "-c", program]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_step_of_the_page_on_upgrades_runs_as_it_stands(tmp_path: Path) -> None:
    folder = copy(tmp_path / "copy")
    for number, text in enumerate((text for kind, text in blocks(UPGRADES) if kind == "json"), 1):
        file = folder / "schemas" / schema_path("shop.Order", number)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    generated(folder)
    program = (
        "from uuid import UUID; from registry.records.shop.order import v1, v2; "
        "print(v2.Order.upgrade(v1.Order(id=UUID(int=7), price='9.50')).to_json().decode())"
    )
    (refusal,) = [text for kind, text in blocks(UPGRADES) if kind == "text"]
    told = run_in(folder, f"try:\n exec({program!r})\nexcept Exception as e:\n print(e)")
    assert told == " ".join(refusal.split())

    (step,) = [text for kind, text in blocks(UPGRADES) if kind == "python"]
    file = folder / "registry/upgrades/shop/order.py"
    file.parent.mkdir()
    file.write_text(step, encoding="utf-8")
    made = json.loads(run_in(folder, program))
    assert made == {"id": str(UUID(int=7)), "price": {"amount": "9.50", "currency": "EUR"}}
