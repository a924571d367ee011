"""The layer around everything: bounds bodies, answers HEAD, and writes a line for each request."""

import json
import logging
import time
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
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
        try:
            body = await _whole_body(scope, receive)
            _check(scope["path"], Headers(scope=scope), body)
        except ClientDisconnect:
            return  # half a request is none
        except HTTPException as error:
            await answer.refuse(error.status_code, error.detail)
            return
        await self._app(_inner(scope, body), _replay(body, receive), answer.send)


def _check(path: str, headers: Headers, body: bytes) -> None:
    """Raise HTTPException for what the layers inside do not agree how to read."""
    if "//" in path:
        raise HTTPException(HTTPStatus.NOT_FOUND, "No path here has an empty segment.")
    if body and len(headers.getlist("content-type")) != 1:
        message = "A body needs one Content-Type, such as application/json."
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, message)
    if body and headers.get("content-encoding", "identity").lower() != "identity":
        message = "The body has a Content-Encoding: send it as it is."
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, message)


def _inner(scope: Scope, body: bytes) -> Scope:
    """Return the request as the layers inside understand it."""
    inner = {
        **scope,
        # They check the body of the answer to GET, which the server leaves out of that to HEAD.
        "method": "GET" if scope["method"] == "HEAD" else scope["method"],
        "headers": list(scope["headers"]),
    }
    headers = MutableHeaders(scope=inner)
    if body or "transfer-encoding" in headers:
        del headers["transfer-encoding"]
        headers["content-length"] = str(len(body))
    if "content-type" in headers:
        headers["content-type"] = _plain(headers["content-type"])
    return inner


def _plain(content_type: str) -> str:
    """Spell a media type as the contract does; those of JSON have no parameters (RFC 8259)."""
    media_type, separator, parameters = content_type.partition(";")
    media_type = media_type.strip().lower()
    return media_type if media_type.endswith("json") else media_type + separator + parameters


def _tell(scope: Scope, status: int, seconds: float) -> None:
    # The path as it was sent: a decoded one could hold a line break.
    path = scope["raw_path"].decode("ascii", "backslashreplace")
    # Followers ask for the feed again and again; only the curious want to see that.
    level = logging.DEBUG if path.endswith("/events") else logging.INFO
    milliseconds = round(seconds * 1000)
    _log.log(level, "%s %s %s %d ms", scope["method"], path, status or "aborted", milliseconds)


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


async def _whole_body(scope: Scope, receive: Receive) -> bytes:
    """Return the body, whose length may be unknown before (chunked).

    Raises HTTPException where it is too large, ClientDisconnect where its end does not come.
    """
    message = f"The body is larger than {MAX_BODY_BYTES} bytes."
    too_large = HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message)
    announced = dict(scope["headers"]).get(b"content-length", b"0")
    if int(announced) > MAX_BODY_BYTES:
        raise too_large
    body = bytearray()
    more = True
    while more:
        part = await receive()
        if part["type"] == "http.disconnect":
            raise ClientDisconnect
        body += part.get("body", b"")
        more = part.get("more_body", False)
        if len(body) > MAX_BODY_BYTES:
            raise too_large
    return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay
