"""Bounds each request, in size and in time; whatever happens inside, the answer is a problem."""

import asyncio
import logging
from asyncio import CancelledError
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from services.chassis.edge.answers import Answer
from services.chassis.edge.bounds import check_head, replay, whole_body
from services.chassis.events.telling.waiting import MOST_SECONDS
from services.chassis.problems import FAILED
from services.chassis.settings import ServingSettings

_log = logging.getLogger(__name__)

_LATE = (
    "The service was too slow. What was asked for may still take effect: look before you send it "
    "again."
)
_RETRY_SECONDS = 5


class Guard:
    """Wraps an ASGI application. `feed` is the path where readers may wait for events."""

    def __init__(self, app: ASGIApp, settings: ServingSettings, feed: str) -> None:
        self._app = app
        self._settings = settings
        self._feed = feed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        answer = Answer(send)
        try:
            check_head(scope)
            seconds = self._settings.request_seconds
            body = await whole_body(scope, receive, self._settings.max_body_bytes, seconds)
            await self._in_time(scope, replay(body, receive), answer)
        except ClientDisconnect:
            return  # half a request is none
        except HTTPException as error:
            await answer.refuse(error.status_code, error.detail, error.headers)
        # A handler that raises SystemExit must not end the service.
        except BaseException as error:
            if _is_cancelled(error):
                answer.close()
                raise
            _log.exception("A request has failed.")
            await answer.refuse(HTTPStatus.INTERNAL_SERVER_ERROR, FAILED)

    async def _in_time(self, scope: Scope, receive: Receive, answer: Answer) -> None:
        """Let the application answer; what it answers later, from a thread, is dropped."""
        waits = MOST_SECONDS if scope["path"] == self._feed else 0
        try:
            async with asyncio.timeout(self._settings.request_seconds + waits):
                await self._app(scope, receive, answer.send)
        except TimeoutError:
            _log.warning("A request took longer than %d s.", self._settings.request_seconds + waits)
            retry = {"Retry-After": str(_RETRY_SECONDS)}
            await answer.refuse(HTTPStatus.SERVICE_UNAVAILABLE, _LATE, retry)


def _is_cancelled(error: BaseException) -> bool:
    """Return whether the server ends this request; a handler may raise the same error."""
    task = asyncio.current_task()
    is_asked = task is not None and task.cancelling() > 0
    return isinstance(error, GeneratorExit) or (isinstance(error, CancelledError) and is_asked)
