"""The outer layer: what it refuses, and what it makes the same for those inside."""

import asyncio
import json
import logging

import pytest
from injector import Injector
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.bindings import ChassisModule
from services.chassis.edge import Edge
from services.chassis.health import health_of
from services.chassis.settings import Settings
from tests.services.conftest import ITEMS_MIGRATIONS
from tests.services.examples import ROOM_BODY

BODY = json.dumps(ROOM_BODY)


async def never(_scope: Scope, _receive: Receive, _send: Send) -> None:
    pytest.fail("the app was called")


def edge(settings: Settings, app: ASGIApp = never) -> Edge:
    injector = Injector(ChassisModule(settings))
    health_of(ITEMS_MIGRATIONS)(injector.binder)
    return Edge(app, injector, "/v1/events")


def request(path: bytes = b"/v1/rooms", **changes: object) -> Scope:
    scope = {
        "type": "http",
        "method": "GET",
        "path": path.decode("latin-1"),
        "raw_path": path,
        "query_string": b"",
        "scheme": "http",
        "headers": [],
    }
    return scope | changes


def test_a_body_whose_end_does_not_come_is_not_for_the_app(
    items_settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "services.access")
    messages: list[Message] = [
        {"type": "http.disconnect"},
        {"type": "http.request", "body": b'{"name": ', "more_body": True},
    ]

    async def receive() -> Message:
        return messages.pop()

    async def send(message: Message) -> None:
        pytest.fail(f"{message} was sent to nobody")

    scope = request(method="POST", headers=[(b"content-length", b"100")])
    asyncio.run(edge(items_settings)(scope, receive, send))
    assert messages == []
    assert "POST /v1/rooms aborted" in caplog.text


@pytest.mark.parametrize(
    "content_type",
    [
        "application/JSON",
        "Application/Json; charset=UTF-8",
        "application/json ; charset=utf-8",
        'application/json; profile="https://a.example/b"',
        "application/json;",
    ],
)
def test_json_is_known_however_its_type_is_spelled(rooms: TestClient, content_type: str) -> None:
    headers = {"Content-Type": content_type}
    assert rooms.post("/v1/rooms", content=BODY, headers=headers).status_code == 201
    refused = rooms.post("/v1/rooms", content='{"name": 1}', headers=headers)
    assert refused.status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Content-Type", "")],
        [("Content-Type", "json")],
        [("Content-Type", "application/xml")],
        [("Content-Type", "application/json"), ("Content-Type", "application/json")],
        [("Content-Type", "application/json"), ("Content-Type", "text/plain")],
        [("Content-Type", "application/json"), ("Content-Encoding", "gzip")],
        [("Content-Type", "application/json"), ("Content-Encoding", "identity, br")],
    ],
)
def test_a_body_of_no_clear_type_is_415(rooms: TestClient, headers: list[tuple[str, str]]) -> None:
    answer = rooms.post("/v1/rooms", content=BODY, headers=headers)
    assert answer.status_code == 415
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_identity_encoding_is_none(rooms: TestClient) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "Identity"}
    assert rooms.post("/v1/rooms", content=BODY, headers=headers).status_code == 201


@pytest.mark.parametrize("path", ["//v1/rooms", "/v1//rooms", "/v1/rooms//", "//"])
def test_a_path_with_an_empty_segment_is_404(
    rooms: TestClient, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = rooms.get(f"http://testserver{path}")
    assert answer.status_code == 404
    assert answer.json()["status"] == 404
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("path", ["/v1/rooms/%0A", "/v1/rooms/a%0Ab", "/v1/rooms%0A", "/%0a"])
def test_a_path_with_a_line_break_is_404(rooms: TestClient, path: str) -> None:
    for method in ("GET", "DELETE"):
        answer = rooms.request(method, path)
        assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_the_home_page_is_only_read(rooms: TestClient) -> None:
    assert rooms.get("/", follow_redirects=False).headers["location"] == "about"
    for method, status in (("OPTIONS", 204), ("PUT", 405)):
        answer = rooms.request(method, "/")
        assert (answer.status_code, answer.headers["allow"]) == (status, "GET, HEAD, OPTIONS")


def test_the_log_holds_no_byte_of_a_path_that_a_terminal_would_obey(
    items_settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "services.access")
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(edge(items_settings)(request(b"//\x9b31m"), receive, send))
    assert sent[0]["status"] == 404
    assert "GET //\\x9b31m 404" in caplog.text
