"""Runs the Flask app (WSGI, PEP 3333) under Connexion (ASGI 3), one thread for each request.

The body is there before the thread starts and the answer is whole when it ends, so that they meet
twice, however long the answer is.
"""

import asyncio
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import lru_cache
from io import BytesIO
from typing import Any, Final, TypeAlias

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

Environ: TypeAlias = dict[str, Any]
WSGIApp: TypeAlias = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_STATUS_DIGITS: Final = 3


class ThreadedWSGI:
    """An ASGI application that calls a WSGI one in its own threads.

    What the WSGI application raises is raised here. A request that is cancelled leaves its thread,
    which ends what it has begun. The bound of a body is of who calls.
    """

    def __init__(self, app: WSGIApp, threads: int) -> None:
        self.app = app
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an HTTP request; refuse a websocket. Raises ClientDisconnect."""
        if scope["type"] != "http":
            await send({"type": "websocket.close"})
            return
        environ = environ_of(scope, await _whole_body(receive))
        loop, context = asyncio.get_running_loop(), copy_context()
        messages = await loop.run_in_executor(self._threads, context.run, _call, self.app, environ)
        for message in messages:
            await send(message)


def environ_of(scope: Scope, body: bytes) -> Environ:
    """Return the environment of a request.

    Headers whose name has an underscore are left out: they would pass for those with a hyphen.
    """
    root, path = scope.get("root_path", ""), scope["path"]
    if path == root or path.startswith(f"{root}/"):
        path = path[len(root) :]
    server = scope.get("server") or ("localhost", 80)
    environ: Environ = {
        "asgi.scope": scope,
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": _octets(root),
        "PATH_INFO": _octets(path),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.get("client"):
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = map(str, scope["client"])
    _add_headers(environ, scope["headers"], len(body))
    return environ


def _add_headers(environ: Environ, headers: Iterable[tuple[bytes, bytes]], length: int) -> None:
    for name, value in headers:
        key = _key(name)
        text = value.decode("latin-1")
        if key in environ:
            environ[key] += ("; " if key == "HTTP_COOKIE" else ",") + text
        elif key:
            environ[key] = text
    # The body is whole, whatever was announced.
    if environ.pop("HTTP_TRANSFER_ENCODING", None) or length or "CONTENT_LENGTH" in environ:
        environ["CONTENT_LENGTH"] = str(length)


@lru_cache(256)
def _key(header: bytes) -> str:
    """Return where the environment has a header; nowhere is an empty string."""
    if b"_" in header:
        return ""
    name = header.decode("latin-1").upper().replace("-", "_")
    return name if name in {"CONTENT_LENGTH", "CONTENT_TYPE"} else f"HTTP_{name}"


def _octets(text: str) -> str:
    """Spell a text as WSGI does: a character for each octet of its UTF-8."""
    return text if text.isascii() else text.encode().decode("latin-1")


def _call(app: WSGIApp, environ: Environ) -> list[Message]:
    """Return the answer of an application to a request."""
    started: list[Any] = []
    parts: list[bytes] = []

    def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> Any:
        # Nothing is sent before the end: a second start, because of an error, counts.
        started[:] = [status, headers]
        return parts.append

    answer = app(environ, start)
    try:
        parts.extend(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    status, headers = started
    raw = [(name.lower().encode("latin-1"), each.encode("latin-1")) for name, each in headers]
    return [
        {"type": "http.response.start", "status": int(status[:_STATUS_DIGITS]), "headers": raw},
        {"type": "http.response.body", "body": b"".join(parts)},
    ]


async def _whole_body(receive: Receive) -> bytes:
    message = await receive()
    parts = [message]
    while message.get("more_body"):
        message = await receive()
        parts.append(message)
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    return b"".join(each.get("body", b"") for each in parts)
