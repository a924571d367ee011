"""Events between services as a user runs them, by feeds and by RabbitMQ, with what people type."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pika
import pytest

from services.chassis.events.rabbit.topology import queue_of
from tests.e2e.processes import Running, until
from tests.ports import free_port
from tests.services.brokers import rabbitmq, virtual_host
from tests.services.examples import ITEM_BODY, ROOM_BODY
from tests.services.proxy import Proxy, proxied

__all__ = ["rabbitmq", "virtual_host"]

CHECKOUT = Path(__file__).parents[2]
INVOKE = [str(Path(sys.executable).with_name("invoke")), "--search-root", str(CHECKOUT)]
SECONDS = 60


class Typed:
    """A command that runs on, and the lines that it has printed so far."""

    def __init__(self, words: str, environment: Mapping[str, str]) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [*INVOKE, *words.split()],
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            self.lines += lines

    def shows(self, *words: str) -> bool:
        return any(all(word in line for word in words) for line in self.lines)

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.wait()

    def wait(self) -> int:
        code = self.process.wait(SECONDS)
        self._reader.join(SECONDS)
        return code


class System:
    """All services as one console runs them, and what a person does with them."""

    def __init__(self, folder: Path, **more: str) -> None:
        self.environment = {
            "VAR_DIR": str(folder / "var"),
            "ITEMS_PORT": free_port(),
            "ROOMS_PORT": free_port(),
            **more,
        }
        self._running = Running(["all", "--empty"], self.environment, folder)
        self._urls = {name: self._running.url(name) for name in ("items", "rooms")}
        self._client = httpx2.Client(timeout=SECONDS, trust_env=False)
        until(lambda: self.text.count("Following ") == 2)

    @property
    def text(self) -> str:
        return self._running.text

    def end(self) -> None:
        self._client.close()
        assert self._running.end(signal.SIGTERM) == 0

    def ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """Ask the service that the path is about."""
        url = self._urls[path.split("/")[2]]
        form = {"grant_type": "client_credentials"}
        token = self._client.post(f"{url}/dev/token", data=form).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        return self._client.request(method, url + path, headers=headers, **more)

    def offer_room(self, name: str) -> str:
        body = ROOM_BODY | {"name": name, "url": f"https://a.example/{name}"}
        answer = self.ask("POST", "/v1/rooms", json=body)
        assert answer.status_code == 201
        identity: str = answer.json()["id"]
        return identity

    def offer_item(self, room_id: str) -> str:
        """Offer an item with a room, once the room is known."""
        body = ITEM_BODY | {"room_id": room_id}

        def offered() -> str | None:
            answer = self.ask("POST", "/v1/items", json=body)
            assert answer.status_code in {201, 422}
            return answer.json()["id"] if answer.status_code == 201 else None

        return until(offered)

    def count(self, room_id: str) -> int | None:
        """How many items a room has; None where there is no such room."""
        answer = self.ask("GET", f"/v1/rooms/{room_id}/items")
        return answer.json()["count"] if answer.status_code == 200 else None

    def is_in_a_room(self, item_id: str) -> bool:
        return self.ask("GET", f"/v1/items/{item_id}").json()["room_id"] is not None

    def typed(self, words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*INVOKE, *words.split()],
            env=os.environ | self.environment,
            capture_output=True,
            check=False,
            text=True,
            timeout=SECONDS,
        )


Start = Callable[..., System]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as stack:

        def started(**more: str) -> System:
            system = System(tmp_path, **more)
            stack.callback(system.end)
            return system

        yield started


def play(system: System, name: str) -> None:
    """A room comes, an item comes into it, and the room goes."""
    room = system.offer_room(name)
    item = system.offer_item(room)
    until(lambda: system.count(room) == 1)
    system.ask("DELETE", f"/v1/rooms/{room}")
    assert system.count(room) is None
    until(lambda: not system.is_in_a_room(item))


def test_a_room_goes_round_by_the_feeds_and_is_seen_by_whoever_may(
    start: Start, tmp_path: Path
) -> None:
    system = start()
    tail = Typed("events.tail rooms", system.environment)
    try:
        play(system, "first")
        until(lambda: tail.shows("rooms.RoomChanged", "DELETED", '"name":"first"'))
        assert tail.shows("rooms.RoomChanged", "CREATED", '"name":"first"')
    finally:
        assert tail.end() == 0
    stranger = system.environment | {"VAR_DIR": str(tmp_path / "another")}
    refused = Typed("events.tail rooms", stranger)
    assert refused.wait() == 1
    assert refused.shows("events.tail: rooms refuses to be read", "401", "set VAR_DIR")


@pytest.fixture
def proxy(rabbitmq: str) -> Iterator[Proxy]:
    """What the services take for the broker."""
    port = urlsplit(rabbitmq).port or 5672
    with proxied(int(free_port()), port) as proxy:
        yield proxy


@pytest.fixture
def by_broker(start: Start, rabbitmq: str, proxy: Proxy) -> System:
    parts = urlsplit(rabbitmq)
    address = parts.netloc.rpartition("@")[0] + f"@127.0.0.1:{proxy.port}"
    return start(EVENTS_URL=parts._replace(netloc=address).geturl())


def test_rooms_that_come_while_the_broker_is_away_are_all_heard_of_when_it_is_back(
    by_broker: System, proxy: Proxy
) -> None:
    play(by_broker, "before")
    proxy.end()
    until(lambda: "rabbitmq is away" in by_broker.text)
    rooms = [by_broker.offer_room(f"meanwhile-{number}") for number in range(5)]
    proxy.start()
    for each in rooms:
        by_broker.offer_item(each)
    until(lambda: all(by_broker.count(room) == 1 for room in rooms))
    said = by_broker.typed("events.lag").stdout
    assert re.search(r"rooms +  to rabbitmq +7 +0", said)
    assert "Traceback" not in by_broker.text


def test_poison_holds_up_nobody_until_people_drop_it_and_have_what_was_heard_made_anew(
    by_broker: System, rabbitmq: str
) -> None:
    with pika.BlockingConnection(pika.URLParameters(rabbitmq)) as connection:
        properties = pika.BasicProperties(type="rooms.RoomChanged", delivery_mode=2)
        queue = queue_of("items", "rooms")
        connection.channel().basic_publish("", queue, b"poison", properties)
    play(by_broker, "after")
    listed = by_broker.typed("dead-letters.list --service items").stdout
    (found,) = re.findall(r"^items +(\d+) .* NotFramed ", listed, re.MULTILINE)
    shown = by_broker.typed(f"dead-letters.show items {found}").stdout
    assert "70 6f 69 73 6f 6e" in shown
    assert by_broker.typed(f"dead-letters.drop items {found}").returncode == 0
    assert "no dead letters" in by_broker.typed("dead-letters.list").stdout

    room = by_broker.offer_room("kept")
    by_broker.offer_item(room)
    done = by_broker.typed("events.replay --consumer items --from-position 1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "known_rooms" in done.stdout
    by_broker.offer_item(room)
    until(lambda: by_broker.count(room) == 2)
