"""A follower of a real feed, without a network between them."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from injector import Injector
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

import services.rooms
from registry import wire
from registry.records.events.page.v1 import Page
from services.chassis.auth.development import DevelopmentIssuer
from services.chassis.auth.service_token import DevelopmentToken, ServiceToken
from services.chassis.events.declaration import Events
from services.chassis.events.hearing import feed_source
from services.chassis.events.hearing.feed_source import FeedSource
from services.chassis.events.hearing.follower import WELL, Follower
from services.chassis.events.hearing.inbox import Inbox
from services.chassis.events.hearing.source import SourceAway
from services.chassis.settings import Settings
from services.chassis.stopping import Stopping
from services.items.rows import KnownRoomRow
from tests.services import examples
from tests.services.examples import FEED, ROOM_BODY, envelope

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
    caplog.set_level(logging.INFO, "services.chassis.events.hearing.follower")
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


def test_one_whose_turn_has_not_come_stands_by_and_is_well(follower: Follower) -> None:
    follower.stand_by()
    assert follower.state == "standing by"
    assert follower.state in WELL


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


def test_a_page_with_events_and_the_end_of_catching_up_are_reasons_to_ask_again_at_once(
    rooms: TestClient, follower: Follower
) -> None:
    rooms.post("/v1/rooms", json=ROOM_BODY)
    assert [follower.attempt() for _ in range(4)] == [True, True, False, False]


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


@pytest.mark.parametrize(
    ("positions", "last"), [([2, 1], 1), ([1, 1], 1), ([0], 0), ([1, 2], 3), ([], 5)]
)
def test_a_page_that_does_not_follow_what_was_asked_for_is_not_taken(
    token: ServiceToken, positions: list[int], last: int
) -> None:
    changed = examples.room_changed(examples.room())
    page = Page(feed=FEED, events=[envelope(each, changed) for each in positions], position=last)
    answer = httpx2.Response(200, content=wire.encode(page))
    source = FeedSource(URL, token, httpx2.MockTransport(lambda _request: answer))
    with pytest.raises(SourceAway, match="does not follow event 0"):
        source.read(after=0, wait=0)


def test_of_an_answer_without_end_no_more_is_read_than_a_page_may_be(token: ServiceToken) -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while read < 1 << 30:
            read += 1 << 20
            yield bytes(1 << 20)

    answer = httpx2.Response(200, content=endless())
    source = FeedSource(URL, token, httpx2.MockTransport(lambda _request: answer))
    with pytest.raises(SourceAway, match="more than 16777216 bytes"):
        source.read(after=0, wait=0)
    assert read <= 18 << 20


def test_an_answer_that_trickles_is_not_waited_for_without_end(
    token: ServiceToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_source, "_PAGE_SECONDS", 0)
    answer = httpx2.Response(200, content=iter([b"a", b"b"]))
    source = FeedSource(URL, token, httpx2.MockTransport(lambda _request: answer))
    with pytest.raises(SourceAway, match="takes more than 0 seconds"):
        source.read(after=0, wait=0)
