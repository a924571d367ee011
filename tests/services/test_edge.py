"""The outer layer: what it refuses, and what it makes the same for those inside."""

import asyncio
import json
import logging

import pytest
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from services.chassis.edge import Edge
from tests.services.examples import ROOM_BODY

BODY = json.dumps(ROOM_BODY)


async def never(_scope: Scope, _receive: Receive, _send: Send) -> None:
    pytest.fail("the app was called")


def test_a_body_whose_end_does_not_come_is_not_for_the_app(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "services.chassis.edge")
    messages: list[Message] = [
        {"type": "http.disconnect"},
        {"type": "http.request", "body": b'{"name": ', "more_body": True},
    ]

    async def receive() -> Message:
        return messages.pop()

    async def send(message: Message) -> None:
        pytest.fail(f"{message} was sent to nobody")

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/rooms",
        "raw_path": b"/v1/rooms",
        "headers": [(b"content-length", b"100")],
    }
    asyncio.run(Edge(never)(scope, receive, send))
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


def test_the_log_holds_no_byte_of_a_path_that_a_terminal_would_obey(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "services.chassis.edge")
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "//",
        "raw_path": b"//\x9b31m",
        "headers": [],
    }
    asyncio.run(Edge(never)(scope, receive, send))
    assert sent[0]["status"] == 404
    assert "GET //\\x9b31m 404" in caplog.text
