"""The bounds of a connection, over real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from services.chassis.serving import protocol
from services.chassis.serving.protocol import BoundedProtocol

SECONDS = 20.0
REQUEST = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"


async def application(_scope: Scope, _receive: Receive, send: Send) -> None:
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


class Connection(NamedTuple):
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    state: ServerState


@asynccontextmanager
async def connection() -> AsyncIterator[Connection]:
    config = uvicorn.Config(application, log_config=None, http=BoundedProtocol, ws="none")
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: BoundedProtocol(config, state, {}), "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        try:
            yield Connection(reader, writer, state)
        finally:
            writer.close()


def answer_to(*parts: bytes, pause: float = 0) -> tuple[int, dict[str, object]]:
    """Send the parts and return the status and the problem that come before the end."""

    async def talk() -> bytes:
        async with connection() as (reader, writer, _):
            for part in parts:
                writer.write(part)
                await asyncio.sleep(pause)
            return await asyncio.wait_for(reader.read(), SECONDS)

    head, _, body = asyncio.run(talk()).partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    return int(head.split()[1]), json.loads(body)


def test_what_is_no_http_is_a_problem() -> None:
    status, problem = answer_to(b"HELO there\r\n\r\n")
    assert (status, problem["status"]) == (400, 400)


def test_a_head_that_goes_on_and_on_is_refused() -> None:
    line = b"x-filler: " + b"x" * 1000 + b"\r\n"
    status, problem = answer_to(REQUEST[:-2], *[line] * 65, pause=0.001)
    assert (status, problem["title"]) == (431, "Request Header Fields Too Large")


@pytest.mark.parametrize("part", [REQUEST[:10], REQUEST[:-2]])
def test_a_head_that_does_not_come_is_refused(part: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.05)
    status, _ = answer_to(part)
    assert status == 408


def test_a_connection_that_asks_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.05)

    async def wait() -> bytes:
        async with connection() as (reader, _, _):
            return await asyncio.wait_for(reader.read(), SECONDS)

    assert asyncio.run(wait()) == b""


def test_a_request_on_its_way_when_the_service_stops_is_answered() -> None:
    async def talk() -> bytes:
        async with connection() as (reader, writer, state):
            while not state.connections:  # noqa: ASYNC110 it tells nobody
                await asyncio.sleep(0)
            for each in list(state.connections):
                each.shutdown()
            writer.write(REQUEST)
            return await asyncio.wait_for(reader.read(), SECONDS)

    answer = asyncio.run(talk())
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"connection: close" in answer


def test_a_wish_for_another_protocol_is_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    wish = REQUEST[:-2] + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n"

    async def talk() -> bytes:
        async with connection() as (reader, writer, _):
            writer.write(wish)
            return await asyncio.wait_for(reader.readuntil(b"ok"), SECONDS)

    assert asyncio.run(talk()).startswith(b"HTTP/1.1 200")
    assert caplog.text == ""


def test_a_connection_too_many_is_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "MOST_CONNECTIONS", 0)
    status, problem = answer_to(REQUEST)
    assert (status, problem["title"]) == (503, "Service Unavailable")


def test_requests_follow_each_other_and_the_deadline_is_for_each_head(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.5)

    async def talk() -> bytes:
        async with connection() as (reader, writer, _):
            for _ in range(4):
                writer.write(REQUEST + REQUEST)
                await asyncio.sleep(0.3)
            writer.write(REQUEST[:-2])
            return await asyncio.wait_for(reader.read(), SECONDS)

    answers = asyncio.run(talk())
    assert answers.count(b"HTTP/1.1 200") == 8
    assert answers.count(b"HTTP/1.1 408") == 1
