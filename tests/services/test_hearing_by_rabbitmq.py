"""Rooms tells by RabbitMQ and items hears it, whatever happens to the broker between."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx2
import pika
import pytest
from injector import Injector
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

import services.rooms
from services.chassis.auth.development import DevelopmentIssuer
from services.chassis.auth.service_token import DevelopmentToken
from services.chassis.events.declaration import Events
from services.chassis.events.hearing.feed_source import FeedSource
from services.chassis.events.hearing.follower import Follower
from services.chassis.events.hearing.inbox import Inbox
from services.chassis.events.rabbit.source import RabbitSource
from services.chassis.events.rabbit.topology import EXCHANGE
from services.chassis.events.tables import DeadLetterRow
from services.chassis.settings import EventsSettings, Settings
from services.chassis.stopping import Stopping
from services.items.rows import KnownRoomRow
from tests.services.brokers import break_connections
from tests.services.databases import on_both_databases
from tests.services.examples import ROOM_BODY

pytestmark = on_both_databases

URL, QUEUE, TYPE = "http://rooms.test", "items.rooms", "rooms.RoomChanged"


class Carrying(httpx2.BaseTransport):
    """Carries requests to the rooms service, without waiting there."""

    def __init__(self, client: TestClient) -> None:
        self._client = client

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        path = str(request.url.copy_set_param("wait", "0"))
        kept = {name: request.headers[name] for name in ("accept", "authorization")}
        answer = self._client.get(path, headers=kept)
        return httpx2.Response(answer.status_code, content=answer.content)


@pytest.fixture
def telling(
    rooms_settings: Settings, rabbitmq: str, authorization: dict[str, str]
) -> Iterator[TestClient]:
    """The rooms service with its relay."""
    settings = replace(rooms_settings, events=EventsSettings(url=rabbitmq))
    with services.rooms.create_app(settings).test_client(headers=authorization) as client:
        yield client


@pytest.fixture
def follower(
    telling: TestClient, rabbitmq: str, items_injector: Injector, items_settings: Settings
) -> Iterator[Follower]:
    """That of the items service, in its thread."""
    stopping = Stopping()
    issuer = DevelopmentIssuer.open(items_settings.var)
    feed = FeedSource(URL, DevelopmentToken(issuer, "items", "services"), Carrying(telling))
    inbox = Inbox(items_injector, "rooms", items_injector.get(Events).hears)
    queue = RabbitSource(rabbitmq, QUEUE, inbox.types, inbox.fall_behind, stopping)
    following = Follower("rooms", feed, inbox, stopping, queue)
    following.start()
    yield following
    stopping.set()
    until(lambda: following.state == "stopped")


def until(seen: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not seen():
        assert time.monotonic() < deadline, "thirty seconds in vain"
        time.sleep(0.02)


def post(telling: TestClient, number: int) -> str:
    body = ROOM_BODY | {"url": f"https://a.example/{number}"}
    return str(telling.post("/v1/rooms", json=body).raise_for_status().json()["id"])


def knows(engine: Engine, rooms: list[str]) -> Callable[[], bool]:
    def look() -> bool:
        with Session(engine) as session:
            return {str(each) for each in session.scalars(select(KnownRoomRow.id))} == set(rooms)

    return look


def test_a_room_of_before_and_one_of_after_the_first_start_become_known(
    telling: TestClient, follower: Follower, engine: Engine
) -> None:
    rooms = [post(telling, 1)]
    until(knows(engine, rooms))
    until(lambda: follower.state == "following")
    rooms.append(post(telling, 2))
    until(knows(engine, rooms))


def test_rooms_told_while_connections_break_and_the_queue_is_lost_become_known(
    telling: TestClient, follower: Follower, engine: Engine, rabbitmq: str
) -> None:
    rooms = [post(telling, 1)]
    until(knows(engine, rooms))
    break_connections(rabbitmq)
    rooms.append(post(telling, 2))
    until(knows(engine, rooms))
    until(lambda: follower.state == "following")
    with pika.BlockingConnection(pika.URLParameters(rabbitmq)) as connection:
        connection.channel().queue_delete(QUEUE)
        rooms.append(post(telling, 3))
    until(knows(engine, rooms))


def test_poison_becomes_a_dead_letter_and_the_next_room_is_known(
    telling: TestClient, follower: Follower, engine: Engine, rabbitmq: str
) -> None:
    until(lambda: follower.state == "following")
    with pika.BlockingConnection(pika.URLParameters(rabbitmq)) as connection:
        hostile = pika.BasicProperties(headers={"position": -1, "feed": 7, "subject": "\0" * 300})
        connection.channel().basic_publish(EXCHANGE, TYPE, b"poison", hostile)
    rooms = [post(telling, 1)]
    until(knows(engine, rooms))
    with Session(engine) as session:
        (letter,) = session.scalars(select(DeadLetterRow)).all()
    assert (letter.type, letter.reason, letter.data) == (TYPE, "NotFramed", b"poison")
