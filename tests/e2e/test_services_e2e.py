"""The services as a user runs them: processes that speak HTTP."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread
from typing import TypeVar

import httpx2
import pytest

from tests.ports import free_port
from tests.services.examples import ITEM_BODY, ROOM_BODY

T = TypeVar("T")

SECONDS = 60.0


class Running:
    """A run of services, and the lines that it has written so far."""

    def __init__(self, words: list[str], environment: Mapping[str, str], folder: Path) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "services.chassis.run", *words],
            env=os.environ | environment,
            cwd=folder,
            stderr=subprocess.STDOUT,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            self.lines += lines

    def url(self, name: str) -> str:
        """Where a service is, once it says so."""
        found = until(lambda: re.search(rf"The {name} service is at (http\S+)/v1/ui/", self.text))
        return found[1]

    @property
    def text(self) -> str:
        return "".join(self.lines)

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        code = self.process.wait(SECONDS)
        self._reader.join(SECONDS)
        return code


def until(condition: Callable[[], T | None]) -> T:
    deadline = time.monotonic() + SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, f"in vain for {SECONDS} seconds"
        time.sleep(0.05)
    return found


def answers(url: str) -> bool:
    try:
        return httpx2.get(url).is_redirect
    except httpx2.TransportError:
        return False


Run = Callable[..., Running]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Starts services with databases and free ports of their own; ends what is left of them."""
    started: list[Running] = []
    environment = {
        "VAR_DIR": str(tmp_path / "var"),
        "ITEMS_PORT": free_port(),
        "ROOMS_PORT": free_port(),
    }

    def start(*words: str, **more: str) -> Running:
        started.append(Running(list(words), environment | more, tmp_path))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.end(signal.SIGTERM)


def test_an_item_of_a_new_room_is_accepted_once_the_room_was_heard_of(run: Run) -> None:
    rooms, items = run("rooms", "--empty"), run("items", "--empty")
    rooms_url, items_url = rooms.url("rooms"), items.url("items")
    room = httpx2.post(f"{rooms_url}/v1/rooms", json=ROOM_BODY).json()

    def offer(room_id: str) -> httpx2.Response:
        return httpx2.post(f"{items_url}/v1/items", json=ITEM_BODY | {"room_id": room_id})

    until(lambda: offer(room["id"]).status_code == 201)
    assert offer("018f0000-0000-7000-8000-000000000000").status_code == 422
    assert [each.end(signal.SIGTERM) for each in (rooms, items)] == [0, 0]


def test_the_items_service_alone_works_and_follows_rooms_when_it_appears(run: Run) -> None:
    items = run("items")
    url = items.url("items")
    with httpx2.Client(base_url=url) as client:
        assert client.head("/v1/items").content == b""
        # On the same connection, which a body after HEAD would have broken.
        assert len(client.get("/v1/items").json()["items"]) == 3
    until(lambda: "rooms is away" in items.text)
    rooms = run("rooms")
    rooms.url("rooms")
    until(lambda: "Following rooms" in items.text)
    assert items.text.count("rooms is away") == 1
    assert items.end(signal.SIGINT) == 0


def test_a_rooms_service_that_begins_anew_is_followed_from_its_beginning(
    run: Run, tmp_path: Path
) -> None:
    items, rooms = run("items", "--empty"), run("rooms")
    url = items.url("items")
    until(lambda: "Following rooms" in items.text)
    rooms.end(signal.SIGTERM)
    for file in (tmp_path / "var").glob("rooms.sqlite*"):
        file.unlink()
    again = run("rooms", "--empty")
    room = httpx2.post(f"{again.url('rooms')}/v1/rooms", json=ROOM_BODY).json()
    offer = ITEM_BODY | {"room_id": room["id"]}
    until(lambda: httpx2.post(f"{url}/v1/items", json=offer).status_code == 201)


def test_a_service_whose_data_was_removed_stores_nothing_and_says_what_to_do(
    run: Run, tmp_path: Path
) -> None:
    items = run("items")
    url = items.url("items")
    shutil.rmtree(tmp_path / "var")
    assert httpx2.post(f"{url}/v1/items", json=ITEM_BODY).status_code == 503
    assert httpx2.get(f"{url}/v1/items").status_code == 503
    assert items.text.count("start it again") == 1
    assert "Traceback" not in items.text
    assert not (tmp_path / "var").exists()


def test_readers_that_wait_for_events_leave_room_for_others(run: Run) -> None:
    url = run("rooms", "--empty").url("rooms")
    with ThreadPoolExecutor(50) as threads:
        waiting = [
            threads.submit(httpx2.get, f"{url}/v1/events?wait=20", timeout=60) for _ in range(50)
        ]
        until(lambda: sum(reader.done() for reader in waiting) >= 30)
        assert httpx2.get(f"{url}/v1/rooms", timeout=5).status_code == 200
        assert sum(reader.done() for reader in waiting) == 30
        httpx2.post(f"{url}/v1/rooms", json=ROOM_BODY, timeout=5)
        pages = [reader.result().json() for reader in waiting]
    assert sum(len(page["events"]) for page in pages) == 20


def test_two_first_starts_at_once_put_the_samples_in_once(run: Run) -> None:
    both = [run("rooms", ROOMS_PORT="0") for _ in range(2)]
    for rooms in both:
        found = httpx2.get(f"{rooms.url('rooms')}/v1/rooms").json()["rooms"]
        assert len(found) == 2


def test_all_services_run_where_the_folder_has_services_of_its_own(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / "__init__.py").write_text("raise ImportError('not these')\n")
    everything = run("all")
    for name in ("items", "rooms"):
        everything.url(name)


def test_services_end_when_the_command_that_runs_them_is_killed(run: Run) -> None:
    everything = run("all")
    urls = [everything.url(name) for name in ("items", "rooms")]
    everything.end(signal.SIGKILL)
    until(lambda: not any(answers(url) for url in urls))


def test_all_services_run_and_one_signal_ends_all(run: Run) -> None:
    everything = run("all")
    urls = {name: everything.url(name) for name in ("items", "rooms")}
    until(lambda: "Following rooms" in everything.text)
    for name, url in urls.items():
        assert httpx2.get(f"{url}/v1/{name}").status_code == 200
    assert everything.end(signal.SIGINT) == 0
    assert {line.split(" | ")[0] for line in everything.lines} == {"items", "rooms"}
    for url in urls.values():
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(url)


def test_a_service_that_ends_by_itself_is_named_and_ends_all(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    everything = run("all", ROOMS_DATABASE_URL=f"sqlite:///{tmp_path}/file/rooms.sqlite")
    assert everything.wait() == 1
    assert "rooms ended with exit code" in everything.text


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        ("items", r"\./invoke run items --port \d+"),
        ("all", r"ITEMS_PORT=\d+ \./invoke run all"),
    ],
)
def test_a_taken_port_is_one_line_that_says_what_to_do(run: Run, words: str, remedy: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        refused = run(words, ITEMS_PORT=port)
        assert refused.wait() == 1
    (line,) = refused.lines
    assert f"127.0.0.1:{port}" in line
    assert re.search(remedy, line)


def test_one_port_for_two_services_is_one_line(run: Run) -> None:
    port = free_port()
    refused = run("all", ITEMS_PORT=port, ROOMS_PORT=port)
    assert refused.wait() == 1
    (line,) = refused.lines
    assert re.search(r"ROOMS_PORT=\d+ \./invoke run all", line)


def test_a_database_that_cannot_be_used_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "items.sqlite").write_bytes(b"no database at all" * 1000)
    refused = run("items")
    assert refused.wait() == 1
    (line,) = refused.lines
    assert "items.sqlite" in line


def test_settings_that_cannot_be_used_end_the_start(run: Run) -> None:
    refused = run("items", ITEMS_PORT="many", ROOMS_URL="nowhere")
    assert refused.wait() == 1
    assert "ITEMS_PORT" in refused.text
    assert "ROOMS_URL" in refused.text


def test_a_service_that_there_is_not_is_refused_with_those_that_there_are(run: Run) -> None:
    refused = run("cellars")
    assert refused.wait() == 2
    assert "items, rooms, all" in refused.text
