"""One id follows a request through threads, events and services."""

import logging
from typing import Any
from uuid import UUID

import httpx2
import pytest
from injector import Injector
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient
from structlog.contextvars import get_contextvars

from registry import wire
from registry.records.rooms.room_changed.v1 import RoomChanged
from services.chassis.correlation import Work, outgoing_headers, work_of, working
from services.chassis.events.declaration import Events, Hears
from services.chassis.events.hearing.feed_source import FeedSource
from services.chassis.events.hearing.inbox import Inbox
from services.chassis.events.tables import OutboxRow
from services.chassis.events.telling.outbox import Outbox
from services.chassis.events.telling.waiting import Waiting
from services.chassis.settings import Settings
from services.chassis.stopping import Stopping
from tests.services.broken import items_that
from tests.services.examples import feed_batch, message, page_of, room, room_changed

TRACE = f"00-{'a' * 32}-{'b' * 16}-01"


@pytest.mark.parametrize("sent", ["abc", "a" * 128, "Root=1-67891233-abcdef", str(UUID(int=1))])
def test_a_sane_id_is_kept_and_answered(rooms: TestClient, sent: str) -> None:
    for path in ("/v1/rooms", "/v1/none", "/health/live"):
        assert rooms.get(path, headers={"X-Request-ID": sent}).headers["x-request-id"] == sent


@pytest.mark.parametrize("sent", [None, "", "a b", "a" * 129, "<script>", "é", 'a"b', "a,b"])
def test_without_a_sane_id_a_request_gets_a_new_one(rooms: TestClient, sent: str | None) -> None:
    headers = [] if sent is None else [(b"x-request-id", sent.encode())]
    answers = [rooms.get("/v1/rooms", headers=headers) for _ in range(2)]
    first, second = (UUID(each.headers["x-request-id"]) for each in answers)
    assert first != second


@pytest.mark.parametrize(
    "traceparent",
    ["", "x", TRACE + "-more", TRACE.upper(), "01" + TRACE[2:], f"00-{'0' * 32}-{'b' * 16}-01"],
)
def test_a_traceparent_of_another_form_is_not_taken(traceparent: str) -> None:
    assert work_of({"traceparent": traceparent}).trace_id is None


def test_a_handler_in_its_thread_knows_the_id_and_hands_it_on(items_settings: Settings) -> None:
    seen: list[dict[str, Any]] = []

    def look() -> None:
        seen.append(get_contextvars() | outgoing_headers())

    headers = {"X-Request-ID": "r-1", "traceparent": TRACE}
    items_that(look, items_settings).get("/v1/items", headers=headers)
    ours = {"request_id", "trace_id", "X-Request-ID", "traceparent"}
    assert {key: seen[0].get(key) for key in ours} == {
        "request_id": "r-1",
        "trace_id": "a" * 32,
        "X-Request-ID": "r-1",
        "traceparent": TRACE,
    }


def test_outside_a_request_nothing_is_handed_on() -> None:
    with working(Work("r-1")):
        assert outgoing_headers() == {"X-Request-ID": "r-1"}
    assert outgoing_headers() == {}


class Token:
    def token(self, *_scopes: str) -> str:
        return "t"

    def forget(self) -> None:
        pytest.fail("the token was good")


def test_a_service_that_reads_a_feed_says_its_id() -> None:
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(200, content=wire.encode(page_of()))

    source = FeedSource("http://rooms.example", Token(), httpx2.MockTransport(answer))
    with working(Work("r-1", TRACE)):
        source.read(0, 0)
    source.close()
    assert asked[0].headers["x-request-id"] == "r-1"
    assert asked[0].headers["traceparent"] == TRACE


def test_an_event_takes_effect_under_its_own_id(items_injector: Injector) -> None:
    seen: list[str] = []

    def effect(_heard: RoomChanged) -> None:
        seen.append(get_contextvars()["request_id"])

    inbox = Inbox(items_injector, "rooms", [Hears("rooms", RoomChanged, effect)])
    messages = [message(position, room_changed(room())) for position in (1, 2)]
    inbox.receive(feed_batch(0, *messages))
    assert seen == [str(each.event_id) for each in messages]


def test_the_line_of_a_request_says_what_programs_look_for(
    rooms: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "services.access")
    answer = rooms.get("/v1/rooms?limit=5")
    (line,) = [each.__dict__ for each in caplog.records if each.name == "services.access"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/v1/rooms", 200)
    assert (line["operation"], line["bytes"]) == ("search", len(answer.content))
    assert 0 < line["duration_ms"] < 60_000
    assert "limit" not in caplog.text


def test_the_work_that_tells_an_event_knows_its_id(engine: Engine) -> None:
    work = Work("r-1")
    with Session(engine) as session, working(work):
        Outbox(Events(), Waiting(Stopping())).append(session, room_changed(room()), "1", 1)
        session.flush()
        stored = session.scalars(select(OutboxRow.event_id)).one()
    assert work.told == [str(stored)]


def test_polls_are_told_only_to_the_curious(
    rooms: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "services.access")
    for path in ("/v1/events", "/health/live", "/health/ready", "/metrics"):
        rooms.get(path)
    levels = {each.levelname for each in caplog.records if each.name == "services.access"}
    assert levels == {"DEBUG"}
