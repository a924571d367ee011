"""How much a request may hold, and how long it may take."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient
from starlette.types import Message

import services.rooms
from services.chassis.edge.bounds import (
    MAX_HEADER_BYTES,
    MAX_HEADERS,
    MAX_TARGET_BYTES,
    whole_body,
)
from services.chassis.settings import ServingSettings, Settings
from tests.services.broken import items_that


def test_a_target_at_the_limit_is_read_and_one_above_is_414(rooms: TestClient) -> None:
    path = "/v1/rooms?"
    fits = path + "x" * (MAX_TARGET_BYTES - len(path) + 1)
    assert rooms.get(fits).status_code == 400
    answer = rooms.get(fits + "x")
    assert (answer.status_code, answer.json()["status"]) == (414, 414)
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize(
    "headers",
    [
        {f"X-{number}": "1" for number in range(MAX_HEADERS)},
        {"X-Long": "a" * MAX_HEADER_BYTES},
        {"a" * MAX_HEADER_BYTES: "1"},
    ],
    ids=["many", "long", "long name"],
)
def test_headers_above_the_limit_are_431(rooms: TestClient, headers: dict[str, str]) -> None:
    answer = rooms.get("/v1/rooms", headers=headers)
    assert (answer.status_code, answer.json()["status"]) == (431, 431)


def test_many_headers_below_the_limit_are_read(rooms: TestClient) -> None:
    headers = {f"X-{number}": "a" * 100 for number in range(MAX_HEADERS - 10)}
    assert rooms.get("/v1/rooms", headers=headers).status_code == 200


@pytest.mark.parametrize("length", ["-1", "1.5", "x", "", "1" * 5000])
def test_a_content_length_that_is_no_length_is_refused(rooms: TestClient, length: str) -> None:
    headers = {"Content-Length": length, "Content-Type": "application/json"}
    answer = rooms.post("/v1/rooms", content=b"{}", headers=headers)
    assert answer.status_code in {400, 413}


def test_a_body_that_does_not_come_is_408() -> None:
    async def receive() -> Message:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b" ", "more_body": True}

    began = time.monotonic()
    with pytest.raises(HTTPException, match="408"):
        asyncio.run(whole_body({"headers": []}, receive, 1000, 0.2))
    assert time.monotonic() - began < 5


@pytest.fixture
def hurried(items_settings: Settings) -> Callable[[Callable[[], object]], TestClient]:
    settings = replace(items_settings, serving=ServingSettings(request_seconds=1))
    return lambda act: items_that(act, settings)


def test_a_handler_that_is_too_slow_is_503_and_what_it_answers_later_is_dropped(
    hurried: Callable[[Callable[[], object]], TestClient],
) -> None:
    released, ended = Event(), Event()

    def act() -> None:
        released.wait(30)
        ended.set()

    client = hurried(act)
    answer = client.get("/v1/items")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "may still take effect" in answer.json()["detail"]
    assert not ended.is_set()
    released.set()
    assert ended.wait(30)
    assert client.get("/health/live").status_code == 200


def test_who_waits_for_events_is_not_cut_off_by_the_limit_of_other_requests(
    rooms_settings: Settings,
) -> None:
    settings = replace(rooms_settings, serving=ServingSettings(request_seconds=1))
    client = services.rooms.create_app(settings).test_client()
    began = time.monotonic()
    answer = client.get("/v1/events?wait=1.5")
    assert (answer.status_code, answer.json()["events"]) == (200, [])
    assert time.monotonic() - began >= 1.5


def test_twenty_who_wait_leave_room_for_others(rooms: TestClient) -> None:
    with ThreadPoolExecutor(20) as pool:
        waiting = [pool.submit(rooms.get, "/v1/events?wait=3") for _ in range(20)]
        assert rooms.get("/v1/rooms").status_code == 200
        assert not any(each.done() for each in waiting)
        assert {each.result(30).status_code for each in waiting} == {200}
