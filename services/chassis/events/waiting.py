"""Readers of the feed that wait for an event, each in a thread of the server."""

import time
from collections.abc import Callable
from threading import BoundedSemaphore, Condition
from threading import Event as Flag
from typing import Final

from injector import inject, singleton

from registry.records.events.page.v1 import Page

MOST_WAITING: Final = 20
MOST_SECONDS: Final = 30.0
# For what other processes tell, and for the end of the service.
_LOOK_SECONDS = 0.25


class Stopping(Flag):
    """Is set when the service begins to stop, so that nobody keeps it waiting."""


@singleton
class Waiting:
    """Lets readers wait until something is told; those above MOST_WAITING do not wait."""

    @inject
    def __init__(self, stopping: Stopping) -> None:
        self._stopping = stopping
        self._places = BoundedSemaphore(MOST_WAITING)
        self._changed = Condition()
        self._told = 0

    def tell(self) -> None:
        """Wake those who wait: there may be an event."""
        with self._changed:
            self._told += 1
            self._changed.notify_all()

    def for_events(self, read: Callable[[], Page], seconds: float) -> Page:
        """Return what `read` gives, at once or when it has events or `seconds` are over."""
        deadline = time.monotonic() + min(seconds, MOST_SECONDS)
        told, page = self._told, read()
        if page.events or not self._places.acquire(blocking=False):
            return page
        try:
            while not page.events and self._goes_on(deadline):
                self._wait(told)
                told, page = self._told, read()
        finally:
            self._places.release()
        return page

    def _goes_on(self, deadline: float) -> bool:
        return time.monotonic() < deadline and not self._stopping.is_set()

    def _wait(self, told: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._told != told, _LOOK_SECONDS)
