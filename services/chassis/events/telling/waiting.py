"""Readers of the feed that wait for an event, each in a thread of the server."""

import time
from collections.abc import Callable
from threading import BoundedSemaphore, Condition
from typing import Final

from injector import inject, singleton

from registry.records.events.page.v1 import Page
from services.chassis.stopping import Stopping

MOST_WAITING: Final = 20
MOST_SECONDS: Final = 30.0
# For the end of the service, and for what nobody was woken by.
_LOOK_SECONDS = 0.25


@singleton
class Waiting:
    """Lets readers wait until something is told; those above MOST_WAITING do not wait."""

    @inject
    def __init__(self, stopping: Stopping) -> None:
        self._stopping = stopping
        self._places = BoundedSemaphore(MOST_WAITING)
        self._changed = Condition()
        self._told = 0
        self._when_told: Callable[[], None] | None = None

    def tell(self) -> None:
        """Wake those who wait, here and in other processes: there is an event, of this one."""
        self.wake()
        if self._when_told is not None:
            self._when_told()

    def wake(self) -> None:
        """Wake those who wait here: there may be an event."""
        with self._changed:
            self._told += 1
            self._changed.notify_all()

    def when_told(self, call: Callable[[], None]) -> None:
        """Have `call` called after each event of this process, in place of what was before."""
        self._when_told = call

    @property
    def told(self) -> int:
        """What `wait` compares with: it is another number after each `tell`."""
        return self._told

    def wait(self, told: int, seconds: float) -> None:
        """Wait until something was told since `told` was read, `seconds` at most."""
        with self._changed:
            self._changed.wait_for(lambda: self._told != told, seconds)

    def for_events(self, read: Callable[[], Page], seconds: float) -> Page:
        """Return what `read` gives, at once or when it has events or `seconds` are over."""
        deadline = time.monotonic() + min(seconds, MOST_SECONDS)
        told, page = self.told, read()
        if page.events or not self._places.acquire(blocking=False):
            return page
        try:
            while not page.events and self._goes_on(deadline):
                self.wait(told, _LOOK_SECONDS)
                told, page = self.told, read()
        finally:
            self._places.release()
        return page

    def _goes_on(self, deadline: float) -> bool:
        return time.monotonic() < deadline and not self._stopping.is_set()
