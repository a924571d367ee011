"""The layer around everything: bounds bodies, answers HEAD, and writes a line for each request."""

import json
import logging
import time
from http import HTTPStatus
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis import problems

MAX_BODY_BYTES: Final = 1 << 20

_log = logging.getLogger(__name__)


class Edge:
    """Wraps an ASGI application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; what is not HTTP passes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        began = time.perf_counter()
        try:
            await self._answer(scope, receive, answer)
        finally:
            _tell(scope, answer.status, time.perf_counter() - began)

    async def _answer(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        body = await _whole_body(scope, receive)
        if body is None:
            await answer.refuse(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"The body is larger than {MAX_BODY_BYTES} bytes.",
            )
            return
        # To the layers inside HEAD is GET: they check the body, which the server then leaves out.
        inner = {
            **scope,
            "method": "GET" if scope["method"] == "HEAD" else scope["method"],
            "headers": list(scope["headers"]),
        }
        headers = MutableHeaders(scope=inner)
        if body or "transfer-encoding" in headers:
            del headers["transfer-encoding"]
            headers["content-length"] = str(len(body))
        await self._app(inner, _replay(body, receive), answer.send)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    # The path as it was sent: a decoded one could hold a line break.
    path = scope["raw_path"].decode("latin-1")
    # Followers ask for the feed again and again; only the curious want to see that.
    level = logging.DEBUG if path.endswith("/events") else logging.INFO
    _log.log(level, "%s %s %s %d ms", scope["method"], path, status, round(seconds * 1000))


class _Answer:
    """Sends an answer on, and knows its status."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)

    async def refuse(self, status: int, detail: str) -> None:
        body = json.dumps(problems.problem(status, detail)).encode()
        headers = {"content-type": problems.MEDIA_TYPE, "content-length": str(len(body))}
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await self.send({"type": "http.response.start", "status": status, "headers": raw})
        await self.send({"type": "http.response.body", "body": body})


async def _whole_body(scope: Scope, receive: Receive) -> bytes | None:
    """Return the body, None if it is too large. Its length may be unknown before (chunked)."""
    announced = dict(scope["headers"]).get(b"content-length", b"0")
    if int(announced) > MAX_BODY_BYTES:
        return None
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay
