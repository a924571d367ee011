"""HTTP/1.1 within bounds: a request's head has a deadline and a size, and requests have a number.

What is refused before it reaches the service is a problem as well (RFC 9457).
"""

import asyncio
import json
from http import HTTPStatus

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from services.chassis.media_types import PROBLEM
from services.chassis.problems import problem
from services.chassis.serving.limits import (
    HEAD_SECONDS,
    LAST_HEAD_SECONDS,
    MAX_HEAD_BYTES,
    MOST_CONNECTIONS,
)


class BoundedProtocol(HttpToolsProtocol):
    """One connection."""

    _head_timer: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _head_has_begun = False
    _is_last = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the base
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._served = self.app
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._head_is_whole()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; a head that outgrows its bound is refused."""
        before = self._head_timer
        super().data_received(data)
        # What came belongs to one head, which is not whole yet.
        if before is not None and self._head_timer is before:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                self._refuse(status, f"The head is larger than {MAX_HEAD_BYTES} bytes.")

    def on_message_begin(self) -> None:
        """Begin a request, the first or the next one."""
        super().on_message_begin()
        self._head_has_begun = True
        if self._head_timer is None:
            self._await_head()

    def on_headers_complete(self) -> None:
        """Let the service answer, unless too many are connected."""
        self._head_is_whole()
        has_room = len(self.connections) <= MOST_CONNECTIONS
        self.app = self._served if has_room else _overloaded
        super().on_headers_complete()
        if self._is_last:
            self.cycle.keep_alive = False

    def shutdown(self) -> None:
        """End the connection after its request, which may be on its way if it is the first."""
        if self.cycle is not None or self._head_timer is None:
            super().shutdown()
            return
        self._is_last = True
        self._head_timer.cancel()
        self._head_timer = self.loop.call_later(LAST_HEAD_SECONDS, self._give_up)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        self._refuse(HTTPStatus.BAD_REQUEST, msg)

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: a wish for another protocol is passed over (RFC 9110, section 7.8)."""

    def _await_head(self) -> None:
        self._head_bytes = 0
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _head_is_whole(self) -> None:
        self._head_has_begun = False
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self) -> None:
        self._head_timer = None
        if self._head_has_begun:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "The head of the request did not end in time.")
        else:
            # A client that asks right now shall not take this for its answer.
            self.transport.close()

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        self._head_is_whole()
        if self.transport.is_closing():
            return
        is_answering = self.cycle is not None and not self.cycle.response_complete
        if not is_answering:
            body = _body(status, detail)
            head = f"HTTP/1.1 {status} {status.phrase}\r\n" + "".join(
                f"{name}: {value}\r\n"
                for name, value in {**_headers(body), "connection": "close"}.items()
            )
            self.transport.write(f"{head}\r\n".encode() + body)
        self.transport.close()


async def _overloaded(_scope: Scope, _receive: Receive, send: Send) -> None:
    status = HTTPStatus.SERVICE_UNAVAILABLE
    body = _body(status, f"More than {MOST_CONNECTIONS} connections are open.")
    headers = {**_headers(body), "retry-after": "1", "connection": "close"}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": int(status), "headers": raw})
    await send({"type": "http.response.body", "body": body})


def _body(status: HTTPStatus, detail: str) -> bytes:
    return json.dumps(problem(status, detail)).encode()


def _headers(body: bytes) -> dict[str, str]:
    return {"content-type": PROBLEM, "content-length": str(len(body))}
