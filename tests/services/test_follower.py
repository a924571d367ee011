"""A follower of a real feed, without a network between them."""

import logging
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from injector import Injector
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

import services.rooms
from services.chassis.auth.development import DevelopmentIssuer
from services.chassis.auth.service_token import DevelopmentToken, ServiceToken
from services.chassis.events.declaration import Events
from services.chassis.events.follower import Follower
from services.chassis.events.inbox import Inbox
from services.chassis.events.source import FeedSource, SourceAway
from services.chassis.events.waiting import Stopping
from services.chassis.settings import Settings
from services.items.rows import KnownRoomRow
from tests.services.examples import ROOM_BODY

URL = "http://rooms.test"


class Rooms(httpx2.BaseTransport):
    """Carries requests to the rooms service, unless it is away."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.away = False
        self.waits: list[str] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if self.away:
            raise httpx2.ConnectError("refused", request=request)
        wait = request.url.params["wait"]
        self.waits.append(wait)
        # The test need not wait for an event that does not come.
        path = str(request.url.copy_set_param("wait", "0"))
        kept = {name: request.headers[name] for name in ("accept", "authorization")}
        answer = self.client.get(path, headers=kept)
        return httpx2.Response(answer.status_code, content=answer.content)


@pytest.fixture
def transport(rooms: TestClient) -> Rooms:
    return Rooms(rooms)


@pytest.fixture
def token(items_settings: Settings) -> ServiceToken:
    return DevelopmentToken(DevelopmentIssuer.open(items_settings.var), "items", "services")


@pytest.fixture
def follower(transport: Rooms, token: ServiceToken, items_injector: Injector) -> Follower:
    inbox = Inbox(items_injector, "rooms", items_injector.get(Events).hears)
    return Follower("rooms", FeedSource(URL, token, transport), inbox, Stopping())


def known(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [str(identity) for identity in session.scalars(select(KnownRoomRow.id))]


def test_a_room_of_one_service_becomes_known_to_the_other(
    rooms: TestClient, follower: Follower, engine: Engine
) -> None:
    room = rooms.post("/v1/rooms", json=ROOM_BODY).json()
    follower.step()
    assert known(engine) == [room["id"]]


def test_a_service_that_is_away_is_told_once_and_once_when_it_appears(
    transport: Rooms, follower: Follower, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "services.chassis.events.follower")
    transport.away = True
    for _ in range(3):
        follower.attempt()
    assert [
        line for line in caplog.messages if "is away" in line and URL in line
    ] == caplog.messages
    assert len(caplog.messages) == 1
    transport.away = False
    for _ in range(3):
        follower.attempt()
    assert len(caplog.messages) == 2
    assert caplog.messages[1] == f"Following rooms at {URL}, after event 0."


def test_it_waits_for_events_only_while_the_service_is_there(
    transport: Rooms, follower: Follower
) -> None:
    follower.step()
    follower.step()
    assert [float(wait) for wait in transport.waits] == [0, 10]


def test_a_service_that_begins_anew_is_followed_from_its_beginning(
    rooms: TestClient,
    transport: Rooms,
    follower: Follower,
    engine: Engine,
    tmp_path: Path,
    rooms_settings: Settings,
) -> None:
    old = rooms.post("/v1/rooms", json=ROOM_BODY).json()
    follower.step()
    url = f"sqlite:///{tmp_path}/anew.sqlite"
    app = services.rooms.create_app(replace(rooms_settings, database_url=url))
    with app.test_client() as transport.client:
        transport.client.headers.update(rooms.headers)
        new = transport.client.post("/v1/rooms", json=ROOM_BODY).json()
        follower.step()
        follower.step()
    assert set(known(engine)) == {old["id"], new["id"]}


def test_only_a_page_with_events_is_a_reason_to_ask_again_at_once(
    rooms: TestClient, follower: Follower
) -> None:
    rooms.post("/v1/rooms", json=ROOM_BODY)
    assert follower.attempt()
    assert not follower.attempt()


def test_a_database_that_fails_is_told_once_and_followed_with_when_it_works(
    rooms: TestClient, follower: Follower, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    rooms.post("/v1/rooms", json=ROOM_BODY)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE inbox_cursor RENAME TO elsewhere"))
    assert [follower.attempt() for _ in range(3)] == [False] * 3
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO inbox_cursor"))
    assert follower.attempt()
    (line,) = [each for each in caplog.messages if "database fails" in each]
    assert "\n" not in line


@pytest.mark.parametrize(
    "answer",
    [httpx2.Response(500), httpx2.Response(200, content=b"<html>"), httpx2.Response(404)],
)
def test_what_is_no_page_of_events_means_that_the_service_is_away(
    token: ServiceToken, answer: httpx2.Response
) -> None:
    source = FeedSource(URL, token, httpx2.MockTransport(lambda _request: answer))
    with pytest.raises(SourceAway):
        source.read(after=0, wait=0)
