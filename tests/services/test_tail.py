"""What events.tail shows of a feed, also of one that is away, begins anew or may not be read."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

import services.rooms
from services.chassis.auth.development import DevelopmentIssuer
from services.chassis.auth.service_token import DevelopmentToken, NoToken
from services.chassis.operate.feed import FeedAway, FeedRefused, ReadableFeed
from services.chassis.operate.lines import Paper, line
from services.chassis.operate.places import settings_beside
from services.chassis.operate.tail import Choice, Tail
from services.chassis.settings import AuthSettings, Settings
from tests.services.examples import ROOM_BODY

URL = "http://rooms.test"
EVENT: dict[str, Any] = {
    "position": 7,
    "type": "rooms.RoomChanged",
    "aggregate_id": "018f0000-0000-7000-8000-00000000abcd",
    "occurred_at": "2020-02-03T04:05:06.789Z",
    "data": {"entity_version": 1, "kind": "CREATED", "room": {"name": "Garden room"}},
}


class Wire(httpx2.BaseTransport):
    """Carries requests to the rooms service, unless it is away."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.away = False

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if self.away:
            raise httpx2.ConnectError("refused", request=request)
        path = str(request.url.copy_set_param("wait", "0"))
        kept = {name: request.headers[name] for name in ("accept", "authorization")}
        answer = self.client.get(path, headers=kept)
        why = {"WWW-Authenticate": answer.headers.get("WWW-Authenticate", "")}
        return httpx2.Response(answer.status_code, content=answer.content, headers=why)


@pytest.fixture
def carried(rooms: TestClient) -> Wire:
    return Wire(rooms)


@pytest.fixture
def feed(carried: Wire, tmp_path: Path) -> ReadableFeed:
    token = DevelopmentToken(DevelopmentIssuer.open(tmp_path), "events-tail", "services")
    return ReadableFeed(URL, token, carried)


class Ended(Exception):
    """Nobody else comes."""


def tail(feed: ReadableFeed, said: list[str], pause: Callable[[float], None] | None = None) -> Tail:
    def stop(_seconds: float) -> None:
        raise Ended

    return Tail("rooms", feed, said.append, pause or stop)


def offer(rooms: TestClient, *names: str) -> None:
    for name in names:
        body = ROOM_BODY | {"name": name, "url": f"https://a.example/{name}"}
        assert rooms.post("/v1/rooms", json=body).status_code == 201


def names_of(tail: Tail, **choice: Any) -> list[str]:
    found = []
    with suppress(Ended):
        for event in tail.events(Choice(**choice)):
            found.append(event["data"]["room"]["name"])  # noqa: PERF401 it ends with an error
    return found


@pytest.mark.parametrize("count", [0, 1, 2, 3, 8, 11])
def test_the_head_of_a_feed_is_its_last_position(
    rooms: TestClient, feed: ReadableFeed, count: int
) -> None:
    offer(rooms, *map(str, range(count)))
    assert feed.head() == count


def test_the_head_of_a_feed_with_holes_is_its_last_position() -> None:
    there = [3, 4, 9, 70, 71, 300]

    def answer(request: httpx2.Request) -> httpx2.Response:
        after = int(request.url.params["after"])
        events = [EVENT | {"position": each} for each in there if each > after][:1]
        return httpx2.Response(200, json={"feed": "a", "events": events, "position": after})

    assert ReadableFeed(URL, NoToken(), httpx2.MockTransport(answer)).head() == there[-1]


def test_it_begins_with_the_last_events_and_shows_those_that_come(
    rooms: TestClient, feed: ReadableFeed
) -> None:
    offer(rooms, *"abcdefg")

    def another(_seconds: float) -> None:
        offer(rooms, "later")

    events = tail(feed, [], another).events(Choice())
    assert [event["data"]["room"]["name"] for event in islice(events, 6)] == [*"cdefg", "later"]


def test_it_shows_what_is_after_a_position_of_a_type_and_as_many_as_are_asked_for(
    rooms: TestClient, feed: ReadableFeed
) -> None:
    offer(rooms, *"abcdef")
    assert names_of(tail(feed, []), after=4) == ["e", "f"]
    assert names_of(tail(feed, []), after=0, type="rooms.RoomPainted") == []
    chosen = Choice(after=0, type="rooms.RoomChanged", limit=2)
    assert [event["position"] for event in tail(feed, []).events(chosen)] == [1, 2]


def test_a_service_that_is_away_is_waited_for_and_that_is_said_once(
    rooms: TestClient, feed: ReadableFeed, carried: Wire
) -> None:
    offer(rooms, "a")
    carried.away = True
    pauses: list[float] = []

    def wait(seconds: float) -> None:
        pauses.append(seconds)
        carried.away = len(pauses) < 3

    said: list[str] = []
    assert len(list(tail(feed, said, wait).events(Choice(limit=1)))) == 1
    away, appeared = said
    assert f"rooms is away at {URL} (refused)" in away
    assert "./invoke run rooms starts it, ROOMS_URL says where else it is." in away
    assert appeared == "rooms has appeared."


def test_a_feed_that_begins_anew_is_shown_from_its_beginning(
    rooms: TestClient, feed: ReadableFeed, carried: Wire, rooms_settings: Settings, tmp_path: Path
) -> None:
    offer(rooms, "old")
    said: list[str] = []
    anew = replace(rooms_settings, database_url=f"sqlite:///{tmp_path}/anew.sqlite")
    with services.rooms.create_app(anew).test_client(headers=rooms.headers) as begun:
        events = tail(feed, said, lambda _: None).events(Choice())
        assert next(events)["data"]["room"]["name"] == "old"
        offer(begun, "new")
        carried.client = begun
        assert next(events)["data"]["room"]["name"] == "new"
    assert said == ["rooms has a new feed, which is read from its beginning."]


def test_a_feed_that_may_not_be_read_is_refused_with_the_scope_that_it_needs(
    rooms_settings: Settings, tmp_path: Path
) -> None:
    closed = replace(rooms_settings, auth=AuthSettings(open_reads=False))
    app = services.rooms.create_app(closed)
    with app.test_client() as client:
        other = DevelopmentIssuer.open(tmp_path / "other")
        stranger = DevelopmentToken(other, "events-tail", "services")
        with pytest.raises(FeedRefused, match=r"401.*invalid_token"):
            ReadableFeed(URL, stranger, Wire(client)).read(0)


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(500),
        httpx2.Response(200, content=b"<html>"),
        httpx2.Response(200, json={"feed": "a", "events": [], "position": "1"}),
        httpx2.Response(200, json={"feed": "a", "events": [{}], "position": 1}),
        httpx2.Response(200, json=[]),
    ],
)
def test_what_answers_with_no_page_of_events_is_away(answer: httpx2.Response) -> None:
    feed = ReadableFeed(URL, NoToken(), httpx2.MockTransport(lambda _: answer))
    with pytest.raises(FeedAway):
        feed.read(0)


def test_a_line_has_time_position_type_kind_entity_and_what_it_is_about() -> None:
    shown = line(EVENT, Paper())
    for word in ("2020-02-03", "7", "rooms.RoomChanged", "CREATED", EVENT["aggregate_id"]):
        assert word in shown
    assert shown.endswith('{"room":{"name":"Garden room"},"entity_version":1}')


@pytest.mark.parametrize("width", [1, 20, 60, 80, 119, 120, 200])
def test_a_line_is_no_wider_than_the_terminal(width: int) -> None:
    wide = EVENT | {"data": {"room": {"name": "é" * 300}}}
    shown = line(wide, Paper(width))
    assert len(shown) <= width
    assert shown.endswith("…")


def test_a_line_does_nothing_to_a_terminal_and_is_one_line() -> None:
    bad = "\x1b[2J\n\x9b31m\u202eé"
    shown = line(EVENT | {"type": bad, "data": {"kind": bad, "room": {"name": bad}}}, Paper())
    assert shown.isprintable()
    assert "é" in shown


def test_what_a_stranger_answers_does_nothing_to_a_terminal() -> None:
    page = {"feed": "a", "events": [EVENT], "position": 7}
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        if len(asked) == 1:
            raise httpx2.ConnectError("\x1b[2J\nrefused", request=request)
        return httpx2.Response(200, json=page)

    said: list[str] = []
    feed = ReadableFeed(URL, NoToken(), httpx2.MockTransport(answer))
    assert next(tail(feed, said, lambda _: None).events(Choice(after=0))) == EVENT
    assert all(each.isprintable() for each in said)


def test_an_event_whose_datum_nobody_knows_has_a_line_too() -> None:
    assert "tells no more" in line(EVENT | {"data": None}, Paper())
    assert line(EVENT | {"data": {"kind": 1}, "occurred_at": "late"}, Paper()).startswith("late")


def test_colours_are_for_terminals_only() -> None:
    assert "\033[" in line(EVENT, Paper(colours=True))
    assert "\033[" not in line(EVENT, Paper())


def test_the_document_of_an_event_is_the_one_of_the_feed(
    rooms: TestClient, feed: ReadableFeed
) -> None:
    offer(rooms, "a")
    told = rooms.get("/v1/events").json()["events"]
    assert json.loads(json.dumps(list(feed.read(0).events))) == told


def test_in_production_it_needs_an_issuer_and_no_database() -> None:
    environment = {"PROFILE": "production", "AUTH_ISSUER": "https://login.example"}
    settings = settings_beside("rooms", "events-tail", environment | {"ROOMS_URL": "http://a:1"})
    assert settings.urls["rooms"] == "http://a:1"
    assert settings.auth.client_id == "events-tail"
