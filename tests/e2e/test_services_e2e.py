"""The services as a user runs them: processes that speak HTTP."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.e2e.processes import Running, until
from tests.ports import free_port
from tests.services.examples import ITEM_BODY, ROOM_BODY


def answers(url: str) -> bool:
    try:
        return httpx2.get(url).is_redirect
    except httpx2.TransportError:
        return False


def post(url: str, **more: Any) -> httpx2.Response:
    """Send what needs a token; any service of this machine gives one."""
    form = {"grant_type": "client_credentials"}
    granted = httpx2.post(str(httpx2.URL(url).join("/dev/token")), data=form).json()
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    return httpx2.post(url, headers=headers, **more)


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
    room = post(f"{rooms_url}/v1/rooms", json=ROOM_BODY).json()

    def offer(room_id: str) -> httpx2.Response:
        return post(f"{items_url}/v1/items", json=ITEM_BODY | {"room_id": room_id})

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
    room = post(f"{again.url('rooms')}/v1/rooms", json=ROOM_BODY).json()
    offer = ITEM_BODY | {"room_id": room["id"]}
    until(lambda: post(f"{url}/v1/items", json=offer).status_code == 201)


def test_a_service_whose_data_was_removed_stores_nothing_and_says_what_to_do(
    run: Run, tmp_path: Path
) -> None:
    items = run("items")
    url = items.url("items")
    shutil.rmtree(tmp_path / "var")
    assert post(f"{url}/v1/items", json=ITEM_BODY).status_code == 503
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
        post(f"{url}/v1/rooms", json=ROOM_BODY, timeout=5)
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
    table, _, lines = everything.text.partition("\n\n")
    assert all(f"{url}/about" in table for url in urls.values())
    assert {line.split(" | ")[0].strip() for line in lines.splitlines()} == {"items", "rooms"}
    for url in urls.values():
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(url)


def test_a_service_that_ends_by_itself_is_named_and_ends_all(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    everything = run("all", ROOMS_DATABASE_URL=f"sqlite:///{tmp_path}/file/rooms.sqlite")
    assert everything.wait() == 1
    _, _, reason = everything.text.partition("rooms ended with exit code 1")
    assert "rooms.sqlite" in reason


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


def test_in_production_nothing_starts_without_an_issuer_and_a_database(run: Run) -> None:
    refused = run("items", PROFILE="production")
    assert refused.wait() == 1
    assert "AUTH_ISSUER" in refused.text
    assert "DATABASE_URL" in refused.text
    assert "Traceback" not in refused.text


def test_in_production_an_issuer_without_tls_is_refused(run: Run, tmp_path: Path) -> None:
    refused = run(
        "items",
        PROFILE="production",
        AUTH_ISSUER="http://login.example",
        DATABASE_URL=f"sqlite:///{tmp_path}/items.sqlite",
    )
    assert refused.wait() == 1
    (line,) = refused.lines
    assert "AUTH_ISSUER" in line
    assert "https" in line


def test_in_production_a_token_is_asked_for_and_none_is_given(run: Run, tmp_path: Path) -> None:
    rooms = run(
        "rooms",
        PROFILE="production",
        AUTH_ISSUER="https://127.0.0.1:1",  # where nobody answers
        DATABASE_URL=f"sqlite:///{tmp_path}/rooms.sqlite",
    )
    url = rooms.url("rooms")
    refused = httpx2.get(f"{url}/v1/rooms")
    assert (refused.status_code, refused.headers["www-authenticate"]) == (
        401,
        'Bearer realm="services", scope="rooms:read"',
    )
    assert httpx2.post(f"{url}/dev/token").status_code == 404
    headers = {"Authorization": "Bearer eyJhbGciOiJFUzI1NiIsImtpZCI6ImEifQ.e30.AA"}
    unknown = httpx2.get(f"{url}/v1/rooms", headers=headers)
    assert (unknown.status_code, unknown.headers["retry-after"]) == (503, "10")
    assert rooms.text.count("Tokens are verified with the keys that are known") == 1
    assert rooms.end(signal.SIGTERM) == 0


def test_a_token_of_the_terminal_is_believed_by_the_services(run: Run, tmp_path: Path) -> None:
    url = run("rooms", "--empty").url("rooms")
    printed = subprocess.run(
        [Path(sys.executable).with_name("invoke"), "auth.token", "rooms:write"],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"VAR_DIR": str(tmp_path / "var")},
        check=True,
        capture_output=True,
        text=True,
    )
    headers = {"Authorization": f"Bearer {printed.stdout.strip()}"}
    assert httpx2.post(f"{url}/v1/rooms", json=ROOM_BODY, headers=headers).status_code == 201
