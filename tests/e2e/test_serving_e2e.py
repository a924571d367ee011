"""How services start, take edits, and end: processes as a user and an orchestrator see them."""

import contextlib
import os
import re
import shutil
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from tests.e2e.processes import Running, until
from tests.ports import free_port

CHECKOUT = Path(__file__).parents[2]
PROFILES = ["local", "production"]

Run = Callable[..., Running]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Starts services of their own data and ports; ends what is left of them."""
    started: list[Running] = []
    (tmp_path / "tmp").mkdir()
    environment = {
        "VAR_DIR": str(tmp_path / "var"),
        "TMPDIR": str(tmp_path / "tmp"),
        "ITEMS_PORT": free_port(),
        "ROOMS_PORT": free_port(),
        "REQUEST_SECONDS": "120",  # slow requests wait for the test, however slow the machine is
    }

    def start(*words: str, **more: str) -> Running:
        started.append(Running(list(words), environment | more, tmp_path))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.end(signal.SIGTERM)


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    """What the environment says in production; whoever asks may read."""
    return {
        "PROFILE": "production",
        "AUTH_ISSUER": "https://login.example",
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite",
        "OPEN_READS": "yes",
    }


@pytest.fixture
def environment(request: pytest.FixtureRequest, production: dict[str, str]) -> dict[str, str]:
    return production if request.param == "production" else {}


class SlowRequest:
    """A request that a service has begun to read, and that ends when the test lets it."""

    def __init__(self, url: str) -> None:
        self._host, self._port = url.removeprefix("http://").split(":")
        self._socket = socket.create_connection((self._host, int(self._port)), timeout=30)
        head = f"GET /v1/rooms HTTP/1.1\r\nHost: {self._host}\r\nTransfer-Encoding: chunked\r\n"
        # The service says that it waits for the body, so it has begun.
        self._socket.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
        assert b"100 Continue" in self._socket.recv(100)

    def finish(self) -> bytes:
        """Return the first line of the answer, nothing where none comes."""
        with self._socket, contextlib.suppress(ConnectionError):
            self._socket.sendall(b"0\r\n\r\n")
            return self._socket.recv(100).split(b"\r\n")[0]
        return b""


def refuses(url: str) -> bool:
    try:
        httpx2.get(f"{url}/v1/rooms")
    except httpx2.ConnectError:
        return True
    except httpx2.TransportError:
        return False
    return False


def workers_of(service: Running) -> set[int]:
    pid = service.process.pid
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return {int(each) for each in listed.split()}


def exists(pid: int) -> bool:
    """Whether a process runs, and is no corpse that waits for its parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    ("environment", "stop"),
    [("local", signal.SIGTERM), ("production", signal.SIGINT)],
    indirect=["environment"],
)
def test_what_is_in_flight_is_answered_while_new_connections_are_refused(
    run: Run, environment: dict[str, str], stop: signal.Signals
) -> None:
    rooms = run("rooms", **environment)
    url = rooms.url("rooms")
    slow = SlowRequest(url)
    rooms.process.send_signal(stop)
    until(lambda: refuses(url))
    assert slow.finish() == b"HTTP/1.1 200 OK"
    assert rooms.wait() == 0
    assert "Traceback" not in rooms.text


@pytest.mark.parametrize("environment", PROFILES, indirect=True)
def test_a_second_ctrl_c_ends_at_once(run: Run, environment: dict[str, str]) -> None:
    rooms = run("rooms", SHUTDOWN_SECONDS="50", **environment)
    url = rooms.url("rooms")
    slow = SlowRequest(url)
    rooms.process.send_signal(signal.SIGINT)
    until(lambda: refuses(url))
    began = time.monotonic()
    rooms.end(signal.SIGINT)
    assert time.monotonic() - began < 20
    assert slow.finish() != b"HTTP/1.1 200 OK"


def test_a_request_that_does_not_end_is_abandoned(run: Run) -> None:
    rooms = run("rooms", SHUTDOWN_SECONDS="1")
    slow = SlowRequest(rooms.url("rooms"))
    rooms.end(signal.SIGTERM)
    assert slow.finish() != b"HTTP/1.1 200 OK"


def test_of_several_workers_one_follows_and_one_that_dies_is_replaced(
    run: Run, tmp_path: Path, production: dict[str, str]
) -> None:
    items = run("items", WORKERS="2", **production)
    url = items.url("items")
    first = until(lambda: found if len(found := workers_of(items)) == 2 else None)
    until(lambda: "rooms is away" in items.text)
    assert httpx2.get(f"{url}/v1/items").json()["items"] == [], "samples are for developers"
    assert items.text.count("rooms is away") == 1
    for each in first:
        os.kill(each, signal.SIGKILL)
    until(lambda: len(workers_of(items) - first) == 2)
    until(lambda: items.text.count("rooms is away") == 2)
    assert httpx2.get(f"{url}/v1/items", timeout=30).status_code == 200
    assert items.end(signal.SIGTERM) == 0
    assert items.text.count("rooms is away") == 2
    assert not any((tmp_path / "tmp").iterdir()), "the folder of the metrics goes as well"


def test_workers_end_when_their_master_is_killed(run: Run, production: dict[str, str]) -> None:
    rooms = run("rooms", **production)
    url = rooms.url("rooms")
    assert httpx2.get(f"{url}/v1/rooms").status_code == 200
    workers = until(lambda: found if len(found := workers_of(rooms)) == 2 else None)
    rooms.end(signal.SIGKILL)
    until(lambda: not any(exists(each) for each in workers))


def test_production_without_issuer_and_database_is_refused_with_both_reasons(run: Run) -> None:
    refused = run("items", "--production")
    assert refused.wait() == 1
    assert "AUTH_ISSUER" in refused.text
    assert "DATABASE_URL" in refused.text


def test_services_find_each_other_by_one_setting(run: Run) -> None:
    items = run("items", SERVICES_URL="http://{name}.localhost:{port}", ROOMS_PORT="1")
    until(lambda: "rooms is away at http://rooms.localhost:1 " in items.text)


class Project:
    """A copy of what services stand on, whose files a test may edit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("services", "registry", "schemas"):
            # With the bytecode, which is half of the time that a start takes.
            shutil.copytree(CHECKOUT / name, folder / name)

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.folder / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def title(url: str, name: str) -> str:
    """The title in the contract, None while nobody answers."""
    document = httpx2.get(f"{url}/v1/openapi.json", timeout=30).json()
    assert name in str(document["paths"])
    found: str = document["info"]["title"]
    return found


def test_an_edit_starts_a_service_anew_and_a_broken_one_waits_for_the_next(
    run: Run, project: Project
) -> None:
    rooms = run("rooms", "--reload", PYTHONPATH=str(project.folder))
    url = rooms.url("rooms")
    before = title(url, "/rooms")
    contract = "services/rooms/openapi.yaml"
    project.edit(contract, f"title: {before}", "title: Halls")
    until(lambda: title(url, "/rooms") == "Halls")

    provider = "services/rooms/api.py"
    project.edit(provider, "def search(", "def search((")
    until(lambda: "SyntaxError" in rooms.text and "edit it on" in rooms.text)
    # The port is held, and who asks meanwhile is answered once the service is there again.
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as client:
        client.sendall(b"GET /v1/rooms HTTP/1.0\r\n\r\n")
        project.edit(provider, "def search((", "def search(")
        client.settimeout(30)
        assert client.recv(100).startswith(b"HTTP/1.1 200 OK")
    assert rooms.end(signal.SIGINT) == 0


def test_an_edit_of_one_service_starts_no_other_anew(run: Run, project: Project) -> None:
    everything = run("all", "--reload", PYTHONPATH=str(project.folder))
    urls = {name: everything.url(name) for name in ("items", "rooms")}
    project.edit("services/items/openapi.yaml", "title: ", "title: Other ")
    until(lambda: "Other" in title(urls["items"], "/items"))
    project.edit("registry/limits.py", '"""', '"""')
    until(lambda: everything.text.count("The rooms service is at") == 2)
    (line,) = [each for each in everything.lines if "Starting anew: items." in each]
    assert not line.startswith("{"), "it stands among lines for people"
    assert everything.end(signal.SIGTERM) == 0


def test_a_service_that_cannot_be_imported_ends_the_first_start_with_its_error(
    run: Run, project: Project
) -> None:
    project.edit("services/rooms/api.py", "def search(", "def search((")
    everything = run("all", "--reload", PYTHONPATH=str(project.folder))
    assert everything.wait() == 1
    reason = everything.text.partition("rooms ended with exit code 1")[2]
    assert re.search(r"services/rooms/api\.py", reason)
    assert "SyntaxError" in reason
