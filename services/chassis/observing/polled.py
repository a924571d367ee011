"""Looks at something that may be slow or hang, such as a database, however often it is asked."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Polled(Generic[T]):
    """Looks in a thread, once at a time; what was seen stays true for `fresh` seconds."""

    def __init__(self, look: Callable[[], T], *, seconds: float, fresh: float) -> None:
        self._look = look
        self._seconds = seconds
        self._fresh = fresh
        self._lock = Lock()
        self._began = 0.0
        self._seen: Future[T] | None = None

    async def get(self) -> T:
        """Return what `look` returns, or raise what it raises; TimeoutError after `seconds`."""
        seen = asyncio.wrap_future(self._latest())
        async with asyncio.timeout(self._seconds):
            # Another caller may wait for the same.
            return await asyncio.shield(seen)

    def _latest(self) -> Future[T]:
        with self._lock:
            now = time.monotonic()
            is_old = now - self._began > self._fresh
            if self._seen is None or (self._seen.done() and is_old):
                self._began, self._seen = now, Future()
                # A daemon: a database that hangs must not keep the process from ending.
                Thread(target=self._run, args=(self._seen,), daemon=True).start()
            return self._seen

    def _run(self, seen: Future[T]) -> None:
        try:
            seen.set_result(self._look())
        except BaseException as error:  # noqa: BLE001 whoever waits is told
            seen.set_exception(error)
