"""An answer on its way out."""

import json
from collections.abc import Mapping

from starlette.types import Message, Send

from services.chassis.media_types import PROBLEM
from services.chassis.problems import problem


class Answer:
    """Holds an answer back until it is whole, so that a failure in its midst becomes a problem.

    After `close` nothing more is sent.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = bytearray()
        self._is_closed = False

    async def send(self, message: Message) -> None:
        """Take a part of the answer; with the last one, send it."""
        if self._is_closed:
            return
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body" and self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                self.close()
                await self._send(self._start)
                await self._send({"type": "http.response.body", "body": bytes(self._body)})

    def close(self) -> None:
        """Drop what a thread that nobody waits for may still answer."""
        self._is_closed = True

    async def refuse(
        self, status: int, detail: str, headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer with a problem, unless an answer was sent."""
        if self._is_closed:
            return
        self.close()
        body = json.dumps(problem(status, detail)).encode()
        head = {"content-type": PROBLEM, "content-length": str(len(body)), **(headers or {})}
        raw = [(name.lower().encode(), value.encode()) for name, value in head.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})
        await self._send({"type": "http.response.body", "body": body})
