"""What the parts of a request cost that are off where frameworks are compared."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from unittest.mock import patch

from flask import Response
from starlette.types import ASGIApp, Receive, Scope, Send

import services.rooms
from services.chassis.entities import answers
from services.chassis.observing.metrics import Metrics
from services.chassis.settings import Settings
from tests.benchmarks.codec.turns import amount
from tests.benchmarks.services.driving import ROUNDS, Cost, Request, race
from tests.benchmarks.table import Row
from tests.services.examples import ROOM_BODY
from tests.services.tokens import bearer

_ROUTE: Final = "/v1/rooms"
# The differences are small beside what else makes a machine slower or faster.
_ROUNDS: Final = 3 * ROUNDS


class _NoFigures(Metrics):
    """Counts nothing."""

    def begin(self) -> None:
        pass

    def end(self) -> None:
        pass

    def observe(self, *_: object) -> None:
        pass


class _Untagged:
    """A service that finds out nothing about entity tags."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with patch.object(answers, "tagged", lambda answer, _tag: _as_it_is(answer)):
            await self._app(scope, receive, send)


class Shown:
    """A service whose clients all show a token."""

    def __init__(self, app: ASGIApp, authorization: str) -> None:
        self._app = app
        self._header = (b"authorization", authorization.encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, "headers": [*scope["headers"], self._header]}, receive, send)


def measure(rounds: int = _ROUNDS) -> Iterator[Row]:
    """Yield a row for each part: GET one of the rooms service, with it and without."""
    with TemporaryDirectory() as folder, ExitStack() as ending:
        logging.disable(logging.INFO)
        ending.callback(logging.disable, logging.NOTSET)
        var = Path(folder)
        url = f"sqlite:///{var}/rooms.sqlite"
        settings = Settings(name="rooms", port=0, database_url=url, var=var, empty=True)
        app = services.rooms.create_app(settings)
        silent = services.rooms.create_app(
            settings, lambda binder: binder.bind(Metrics, to=_NoFigures)
        )
        token = bearer(var, "rooms:read", "rooms:write")
        place = app.test_client(headers=token).post(_ROUTE, json=ROOM_BODY).headers["location"]
        apps = {
            "all": app,
            "a bearer token": Shown(app, token["Authorization"]),
            "figures": silent,
            "an ETag": _Untagged(app),
        }
        costs = race(apps, repeat(Request("GET", place)), rounds)
        whole = costs.pop("all")
        yield _row("a bearer token", costs.pop("a bearer token"), whole)
        for part, without in costs.items():
            yield _row(part, whole, without)


def _row(part: str, dear: Cost, cheap: Cost) -> Row:
    return Row(
        what=f"a room, cost of {part}",
        ours=f"with: {amount(dear.processor)}",
        peer=f"without: {amount(cheap.processor)}",
        ratio=cheap.processor / dear.processor,
    )


def _as_it_is(answer: Response) -> Response:
    answer.headers["ETag"] = '"0"'  # which the contract promises
    return answer
