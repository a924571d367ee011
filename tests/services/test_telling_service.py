"""A service that tells by RabbitMQ: what it says of that, to those who operate it."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pika
import pytest
from starlette.testclient import TestClient

import services.rooms
from registry import wire
from registry.records.rooms.room_changed.v2 import RoomChanged
from services.chassis.events.rabbit.message import message_of
from services.chassis.events.rabbit.topology import declare_queue
from services.chassis.settings import EventsSettings, Settings
from tests.ports import free_port
from tests.services.brokers import taken
from tests.services.databases import on_both_databases
from tests.services.examples import ROOM_BODY
from tests.services.proxy import Proxy, proxied
from tests.services.tokens import ALL_SCOPES, bearer

QUEUE = "items.rooms"
TYPE = "rooms.RoomChanged"


@pytest.fixture
def proxy(rabbitmq: str) -> Iterator[Proxy]:
    with proxied(int(free_port()), pika.URLParameters(rabbitmq).port) as proxy:
        yield proxy


@pytest.fixture
def client(rooms_settings: Settings, rabbitmq: str, proxy: Proxy) -> Iterator[TestClient]:
    """The rooms service, with a relay to the broker behind the proxy."""
    url = rabbitmq.replace(f":{pika.URLParameters(rabbitmq).port}/", f":{proxy.port}/")
    settings = replace(rooms_settings, events=EventsSettings(url=url))
    app = services.rooms.create_app(settings)
    with app.test_client(headers=bearer(settings.var, *ALL_SCOPES)) as client:
        yield client


def state(client: TestClient) -> str:
    parts: list[dict[str, Any]] = client.get("/health/ready").json()["parts"]
    (found,) = [each for each in parts if each["name"] == "rabbitmq"]
    assert found["ok"] == (found["state"] in {"leading", "standing by"})
    assert not found["required"]
    return str(found["state"])


def figures(client: TestClient) -> dict[str, float]:
    lines = client.get("/metrics").text.splitlines()
    return {
        name: float(value)
        for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    }


def until(client: TestClient, expected: str) -> None:
    deadline = time.monotonic() + 20
    while (found := state(client)) != expected:
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


@on_both_databases
def test_a_room_that_is_posted_is_in_the_queue(client: TestClient, rabbitmq: str) -> None:
    with pika.BlockingConnection(pika.URLParameters(rabbitmq)) as connection:
        declare_queue(connection.channel(), QUEUE, [TYPE])
    room = client.post("/v1/rooms", json=ROOM_BODY).json()
    ((properties, body),) = taken(rabbitmq, QUEUE, 1)
    message = message_of(properties, body)
    assert (message.type, message.position, message.aggregate_id) == (TYPE, 1, room["id"])
    assert str(wire.decode(message.data, RoomChanged).room.id) == room["id"]
    until(client, "leading")


def test_a_broker_that_is_away_is_told_within_seconds_and_its_return_too(
    client: TestClient, proxy: Proxy
) -> None:
    until(client, "leading")
    proxy.end()
    until(client, "away")
    assert client.get("/health/ready").status_code == 200
    assert client.post("/v1/rooms", json=ROOM_BODY).status_code == 201
    found = figures(client)
    assert found['events_sink_lag{sink="rabbitmq"}'] == 1
    assert found["events_outbox_oldest_unsent_seconds"] > 0
    proxy.start()
    until(client, "leading")


def test_figures_say_where_the_sink_is_and_what_nobody_hears(client: TestClient) -> None:
    client.post("/v1/rooms", json=ROOM_BODY)
    deadline = time.monotonic() + 20
    while (found := figures(client)).get('events_sink_position{sink="rabbitmq"}') != 1:
        assert time.monotonic() < deadline, found
        time.sleep(0.2)
    assert found['events_sink_lag{sink="rabbitmq"}'] == 0
    assert found["events_outbox_oldest_unsent_seconds"] == 0
    assert found[f'events_unrouted_total{{type="{TYPE}"}}'] == 1
