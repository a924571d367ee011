"""Gives each request its id, a line in the log and its place in the figures."""

import logging
import time
from collections.abc import Container, Mapping
from http import HTTPStatus
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.auth.caller import caller_of
from services.chassis.correlation import REQUEST_ID, Work, work_of, working
from services.chassis.observing.metrics import UNROUTED, Metrics

_log = logging.getLogger("services.access")


class Observed:
    """Wraps an ASGI application. Paths that are polled are `quiet`: DEBUG lines, no figures."""

    def __init__(self, app: ASGIApp, metrics: Metrics, quiet: Container[str]) -> None:
        self._app = app
        self._metrics = metrics
        self._quiet = quiet

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        # The layers inside work on copies of the scope, and share this.
        scope["extensions"] = {**(scope.get("extensions") or {})}
        work = work_of(Headers(scope=scope))
        answer = _Answer(send, work)
        began = time.perf_counter()
        is_quiet = scope["path"] in self._quiet
        self._metrics.begin()
        with working(work):
            try:
                await self._app(scope, receive, answer.send)
            finally:
                seconds = time.perf_counter() - began
                self._metrics.end()
                if not is_quiet:
                    self._metrics.observe(scope["method"], operation(scope), answer.status, seconds)
                _tell(scope, answer, seconds, is_quiet=is_quiet)


class _Answer:
    """Sends an answer on with the id of its request."""

    def __init__(self, send: Send, work: Work) -> None:
        self._send = send
        self.work = work
        self.status = 0
        self.bytes = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)[REQUEST_ID] = self.work.request_id
        self.bytes += len(message.get("body", b""))
        await self._send(message)


def operation(scope: Scope) -> str:
    """Return the operationId that Connexion's router has found."""
    routed: Mapping[str, Any] = scope.get("extensions", {}).get("connexion_routing", {})
    return routed.get("operation_id") or UNROUTED


def _tell(scope: Scope, answer: _Answer, seconds: float, *, is_quiet: bool) -> None:
    facts: dict[str, object] = {
        "method": scope["method"],
        # As it was sent: a decoded one could hold a line break.
        "path": scope["raw_path"].decode("ascii", "backslashreplace"),
        "status": answer.status or "aborted",
        "duration_ms": round(seconds * 1000, 1),
        "operation": operation(scope),
        "bytes": answer.bytes,
    }
    caller = caller_of(scope).subject
    if caller is not None:
        facts["subject"] = caller
    if answer.work.told:
        facts["events"] = answer.work.told
    # Pages and their parts are no operations: only the curious want to see that all is well.
    is_page = facts["operation"] == UNROUTED and 0 < answer.status < HTTPStatus.BAD_REQUEST
    _log.log(_level(answer.status, is_quiet=is_quiet or is_page), _LINE, facts, extra=facts)


# The same facts stand beside the sentence, for programs.
_LINE = "%(method)s %(path)s %(status)s %(duration_ms)s ms"


def _level(status: int, *, is_quiet: bool) -> int:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return logging.WARNING
    return logging.DEBUG if is_quiet else logging.INFO
