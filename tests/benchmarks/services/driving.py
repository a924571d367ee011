"""Drives ASGI applications by turns, each with the same requests, without a server or a network."""

import asyncio
import gc
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.types import Message, Scope

BATCH: Final = 40
ROUNDS: Final = 15


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked, and the status that a right answer has."""

    method: str
    path: str
    status: int = 200
    body: bytes = b""

    @property
    def scope(self) -> Scope:
        """The request as a server would pass it on."""
        path, _, query = self.path.partition("?")
        headers = [(b"host", b"localhost"), (b"accept", b"*/*"), (b"user-agent", b"bench")]
        if self.body:
            length = str(len(self.body)).encode()
            headers += [(b"content-type", b"application/json"), (b"content-length", length)]
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": headers,
            "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 40000),
            "state": {},
        }


@dataclass(frozen=True, slots=True)
class Cost:
    """What a request takes, in seconds: of the processor, and of the clock."""

    processor: float
    clock: float


async def answer(app: Any, request: Request) -> tuple[int, bytes]:
    """Return status and body of an answer."""
    status, parts = 0, []

    async def receive() -> Message:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)
        parts.append(message.get("body", b""))

    await app(request.scope, receive, send)
    return status, b"".join(parts)


def race(
    apps: Mapping[str, Any], requests: Iterable[Request], rounds: int = ROUNDS
) -> dict[str, Cost]:
    """Return what a request takes of each application: the fastest of some rounds,
    as what else runs on a machine only ever adds.

    In a round each gets a batch of requests, one after the other. An answer that is not right
    raises ValueError.
    """
    return {
        name: Cost(min(each.processor for each in found), min(each.clock for each in found))
        for name, found in turns(apps, requests, rounds).items()
    }


def turns(
    apps: Mapping[str, Any],
    requests: Iterable[Request],
    rounds: int = ROUNDS,
    size: int = BATCH,
) -> dict[str, list[Cost]]:
    """Return what a request took of each application in each of some rounds of batches."""
    source = iter(requests)
    with asyncio.Runner() as runner:
        for app in apps.values():
            runner.run(_batch(app, [next(source) for _ in range(size)]))
        costs: dict[str, list[Cost]] = {name: [] for name in apps}
        for _ in range(rounds):
            for name, app in apps.items():
                batch = [next(source) for _ in range(size)]
                costs[name].append(runner.run(_batch(app, batch)))
    return costs


async def _batch(app: Any, requests: list[Request]) -> Cost:
    gc.collect()
    gc.disable()
    try:
        processor, clock = time.process_time(), time.perf_counter()
        for request in requests:
            status, body = await answer(app, request)
            if status != request.status:
                raise ValueError(f"{request.path}: {status} {json.dumps(body.decode())}")
        count = len(requests)
        return Cost(
            (time.process_time() - processor) / count, (time.perf_counter() - clock) / count
        )
    finally:
        gc.enable()
