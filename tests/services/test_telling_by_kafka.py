"""A service that tells by Kafka: all of its outbox, and what it says of that."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

import services.rooms
from registry import wire
from registry.records.rooms.room_changed.v2 import RoomChanged
from services.chassis import settings as settings_module
from services.chassis.bindings import injector_of
from services.chassis.database import writing
from services.chassis.errors import SettingsError
from services.chassis.events.hearing import sources
from services.chassis.events.kafka.sink import KafkaSink
from services.chassis.events.tables import SinkCursorRow
from services.chassis.events.telling.relay import Relay
from services.chassis.events.telling.sink import Sink
from services.chassis.events.telling.waiting import Waiting
from services.chassis.events.telling.watching import Watcher
from services.chassis.schemas import tree
from services.chassis.settings import Broker, EventsSettings, Settings
from services.chassis.stopping import Stopping
from services.rooms.bindings import configure
from tests.services.databases import on_both_databases
from tests.services.examples import ROOM_BODY
from tests.services.kafkas import Kafka, kafka
from tests.services.test_kafka_sink import TYPE, header
from tests.services.test_relay import tell
from tests.services.tokens import ALL_SCOPES, bearer

__all__ = ["kafka"]

URL = "kafka://broker.example:9092"


def until(is_so: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline, "twenty seconds in vain"
        time.sleep(0.01)


def cursors(engine: Engine) -> dict[str, int]:
    with Session(engine) as session:
        return dict(session.execute(select(SinkCursorRow.sink, SinkCursorRow.position)).all())


@pytest.fixture
def relay(engine: Engine, kafka: Kafka) -> Iterator[Relay]:
    stopping = Stopping()
    waiting = Waiting(stopping)
    watcher = Watcher(engine, waiting, stopping)
    relay = Relay(engine, KafkaSink(kafka.url, "rooms", tree()), waiting, watcher, stopping)
    relay.start()
    yield relay
    stopping.set()
    relay.join()
    assert relay.state == "stopped"


@on_both_databases
def test_all_that_is_told_is_in_the_topic_and_the_cursor_at_its_end(
    engine: Engine, relay: Relay, kafka: Kafka
) -> None:
    tell(engine, 1200)
    found = kafka.taken(TYPE, 1200)
    assert sorted(int(header(each, "position")) for each in found) == list(range(1, 1201))
    until(lambda: cursors(engine) == {"kafka": 1200})
    assert relay.state == "leading"
    with Session(engine) as session, writing(session):
        session.execute(update(SinkCursorRow).values(position=1195))
    assert len(kafka.taken(TYPE, 1205)) == 1205
    until(lambda: cursors(engine) == {"kafka": 1200})


def test_what_is_told_while_the_cluster_is_away_is_there_when_it_is_back(
    engine: Engine, relay: Relay, kafka: Kafka
) -> None:
    until(lambda: relay.state == "leading")
    kafka.goes()
    tell(engine, 5)
    kafka.refuse(29)  # the topic's authorization fails once more, when it is back
    kafka.comes()
    found = kafka.taken(TYPE, 5)
    assert {int(header(each, "position")) for each in found} == {1, 2, 3, 4, 5}
    until(lambda: cursors(engine) == {"kafka": 5})


def test_a_room_that_is_posted_is_in_the_topic_and_kafka_a_part_of_the_health(
    rooms_settings: Settings, kafka: Kafka
) -> None:
    settings = replace(rooms_settings, events=EventsSettings(url=kafka.url))
    with services.rooms.create_app(settings).test_client(
        headers=bearer(settings.var, *ALL_SCOPES)
    ) as client:
        room = client.post("/v1/rooms", json=ROOM_BODY).json()
        (message,) = kafka.taken(TYPE, 1)
        assert message.key() == room["id"].encode()
        value = message.value()
        assert isinstance(value, bytes)
        assert str(wire.decode(value, RoomChanged, schemas=tree()).room.id) == room["id"]
        until(lambda: _state(client) == "leading")
        servers = client.get("/v1/asyncapi.json").json()["servers"]
        assert list(servers) == ["feed"]


def _state(client: TestClient) -> str:
    parts: list[dict[str, Any]] = client.get("/health/ready").json()["parts"]
    (found,) = [each for each in parts if each["name"] == "kafka"]
    return str(found["state"])


def test_with_kafka_others_are_heard_by_their_feeds(
    rooms_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "RabbitSource", None)
    settings = replace(rooms_settings, events=EventsSettings(url=URL))
    injector = injector_of(settings, configure)
    assert isinstance(injector.get(Sink), KafkaSink)  # type: ignore[type-abstract]  # a port
    assert len(sources.followers_of(injector)) == 1


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("kafka://one:9092,two:9092/?client.rack=a", Broker.KAFKA),
        ("kafka://one", Broker.KAFKA),
        ("kafka://[::1]:9092", Broker.KAFKA),
        ("amqp://one", Broker.RABBITMQ),
    ],
)
def test_the_url_says_which_broker_it_is_of(url: str, broker: Broker) -> None:
    events = Settings.read("rooms", {"rooms": 0}, {"EVENTS_URL": url}).events
    assert (events.url, events.broker) == (url, broker)


@pytest.mark.parametrize(
    "url",
    ["kafka://", "kafka://a:x", "kafka://a:9092,", "kafka://me:s3cr@a:9092", "kafka://a/topic"],
)
def test_a_url_of_no_cluster_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(SettingsError, match=r"EVENTS_URL: .*kafka://") as caught:
        Settings.read("rooms", {"rooms": 0}, {"EVENTS_URL": url})
    assert "s3cr" not in str(caught.value)


def test_without_the_extra_the_settings_say_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings_module, "find_spec", lambda _name: None)
    with pytest.raises(SettingsError, match=r"requirements/kafka\.lock"):
        Settings.read("rooms", {"rooms": 0}, {"EVENTS_URL": URL})
    assert Settings.read("rooms", {"rooms": 0}, {"EVENTS_URL": "amqp://a"}).events.url


def test_nothing_of_kafka_is_loaded_where_the_settings_do_not_name_it() -> None:
    program = (
        "import sys, services.chassis.run, services.chassis.bindings;"
        "sys.exit(any('kafka' in each for each in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0
