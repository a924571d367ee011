"""Whatever a handler raises, the answer is a problem that tells nothing of the inside."""

import asyncio
import concurrent.futures
import logging
from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError, ProgrammingError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.edge.guard import Guard
from services.chassis.settings import ServingSettings, Settings
from tests.services.broken import items_that, raising

SECRET = "SELECT hidden FROM /srv/private"


class Silent(Exception):
    def __str__(self) -> str:
        raise RuntimeError(SECRET)


class Odd(BaseException):
    pass


class Chained(Exception):
    pass


def chained() -> Exception:
    error = Chained(SECRET)
    error.__cause__ = Silent()
    return error


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError(SECRET),
        KeyError(SECRET),
        Silent(),
        Odd(SECRET),
        chained(),
        SystemExit(SECRET),
        KeyboardInterrupt(SECRET),
        MemoryError(SECRET),
        RecursionError(SECRET),
        UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, SECRET),
        ExceptionGroup(SECRET, [ValueError(SECRET)]),
        HTTPException(500, SECRET),
        asyncio.CancelledError(SECRET),
        concurrent.futures.CancelledError(SECRET),
        TimeoutError(SECRET),
        ProgrammingError(SECRET, {"password": SECRET}, Exception(SECRET)),
        OperationalError(SECRET, {"password": SECRET}, Exception(SECRET)),
    ],
    ids=lambda error: f"{type(error).__module__}.{type(error).__name__}",
)
def test_what_a_handler_raises_is_a_problem_and_stays_inside(
    items_settings: Settings, error: BaseException
) -> None:
    answer = items_that(raising(error), items_settings).get("/v1/items")
    assert answer.status_code in {500, 503}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.text + str(answer.headers)
    for word in ("hidden", "/srv", "Traceback", ".py", "Error", "SELECT"):
        assert word not in told.replace("Internal Server Error", ""), told


def test_a_handler_that_raises_stop_iteration_is_answered_in_time(items_settings: Settings) -> None:
    settings = replace(items_settings, serving=ServingSettings(request_seconds=1))
    answer = items_that(raising(StopIteration(SECRET)), settings).get("/v1/items")
    assert answer.status_code in {500, 503}
    assert "hidden" not in answer.text


def test_a_failure_after_the_answer_has_begun_is_a_whole_problem(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def breaks(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half of", "more_body": True})
        raise Odd(SECRET)

    sent = asyncio.run(guarded(breaks))
    assert [each.get("status") for each in sent] == [500, None]
    assert b"half" not in sent[1]["body"]
    assert SECRET in caplog.text


def test_a_request_that_is_cancelled_is_not_answered(caplog: pytest.LogCaptureFixture) -> None:
    async def hangs(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.sleep(60)

    async def cancel() -> None:
        task = asyncio.create_task(guarded(hangs))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    caplog.set_level(logging.WARNING)
    asyncio.run(cancel())
    assert not caplog.records


async def guarded(app: ASGIApp) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "path": "/", "raw_path": b"/", "query_string": b"", "headers": []}
    await Guard(app, ServingSettings(), "/v1/events")(scope, receive, send)
    return sent
