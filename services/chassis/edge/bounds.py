"""How much a request may hold, and how long its body may take to come."""

import asyncio
from http import HTTPStatus
from typing import Final, NoReturn

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope

MAX_HEADERS: Final = 100
MAX_HEADER_BYTES: Final = 32 << 10
MAX_TARGET_BYTES: Final = 8 << 10
# What of a body was not read would be taken for the next request.
_CLOSE: Final = {"Connection": "close"}


def check_head(scope: Scope) -> None:
    """Raise HTTPException for a target (414) or headers (431) that are too large."""
    if len(scope["raw_path"]) + len(scope["query_string"]) > MAX_TARGET_BYTES:
        message = f"The path and query are longer than {MAX_TARGET_BYTES} bytes."
        raise HTTPException(HTTPStatus.REQUEST_URI_TOO_LONG, message, _CLOSE)
    headers = scope["headers"]
    size = sum(len(name) + len(value) for name, value in headers)
    if len(headers) > MAX_HEADERS or size > MAX_HEADER_BYTES:
        message = f"There are more than {MAX_HEADERS} headers or {MAX_HEADER_BYTES} bytes of them."
        raise HTTPException(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, message, _CLOSE)


async def whole_body(scope: Scope, receive: Receive, most: int, seconds: float) -> bytes:
    """Return the body, whose length may be unknown before (chunked); `most` bytes of it.

    Raises HTTPException where it is too large (413) or is not there after `seconds` (408), and
    ClientDisconnect where its end does not come.
    """
    announced = dict(scope["headers"]).get(b"content-length", b"0")
    if not announced.isdigit():
        raise HTTPException(HTTPStatus.BAD_REQUEST, "Content-Length is no number.", _CLOSE)
    if len(announced) > len(str(most)) or int(announced) > most:
        _too_large(most)
    try:
        async with asyncio.timeout(seconds):
            return await _read(receive, most)
    except TimeoutError:
        message = f"The body was not there after {seconds:g} seconds."
        raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, message, _CLOSE) from None


async def _read(receive: Receive, most: int) -> bytes:
    body = bytearray()
    more = True
    while more:
        part = await receive()
        if part["type"] == "http.disconnect":
            raise ClientDisconnect
        body += part.get("body", b"")
        more = part.get("more_body", False)
        if len(body) > most:
            _too_large(most)
    return bytes(body)


def _too_large(most: int) -> NoReturn:
    message = f"The body is larger than {most} bytes."
    raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message, _CLOSE)


def replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body, then what comes after it."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return pending.pop() if pending else await receive()

    return again
