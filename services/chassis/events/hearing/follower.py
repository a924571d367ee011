"""Follows another service in a thread: what it tells goes into the inbox."""

import logging
import time
from threading import Thread
from typing import Final

from injector import singleton
from sqlalchemy.exc import SQLAlchemyError

from services.chassis.correlation import Work, working
from services.chassis.entities.uuid7 import uuid7
from services.chassis.errors import DatabaseAway, DatabaseGone, RegistryAway
from services.chassis.events.hearing.inbox import Inbox
from services.chassis.events.hearing.source import Source, SourceAway
from services.chassis.stopping import Stopping

_log = logging.getLogger(__name__)

_WAIT_SECONDS = 10.0
_PAUSE_SECONDS = 0.5
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 2.0
_JOIN_SECONDS = 2.0

WELL: Final = frozenset({"following", "standing by"})
"""The states of a follower that nothing is wrong with."""


class Follower:
    """Follows the service `name` until the service here stops.

    By its feed; or by its queue, where there is one, and the feed for what the queue has missed.
    """

    def __init__(
        self,
        name: str,
        feed: Source,
        inbox: Inbox,
        stopping: Stopping,
        queue: Source | None = None,
    ) -> None:
        self.name = name
        self._feed = self._source = feed
        self._queue = queue
        self._inbox = inbox
        self._stopping = stopping
        self._state = "starting"
        self._pause = 0.0
        # A daemon, as it may be waiting for the feed: what it does is whole or did not happen.
        self._thread = Thread(target=self._run, name=f"follow-{name}", daemon=True)

    @property
    def state(self) -> str:
        """How it goes, in a word.

        It is standing by, starting, catching up, following, away, failing or stopped.
        """
        has_run = self._thread.ident is not None
        return "stopped" if has_run and not self._thread.is_alive() else self._state

    def stand_by(self) -> None:
        """Let another process follow, until `start`."""
        self._state = "standing by"

    def start(self) -> None:
        """Begin to follow."""
        self._state = "starting"
        self._thread.start()

    def join(self) -> None:
        """Wait a moment for the end, once `stopping` is set."""
        self._thread.join(_JOIN_SECONDS)

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                began = time.monotonic()
                # An empty page may have come at once: where too many wait, nobody else does.
                if not self.attempt() and time.monotonic() - began < _WAIT_SECONDS:
                    self._stopping.wait(self._pause or _PAUSE_SECONDS)
        finally:
            self._close()

    def attempt(self) -> bool:
        """Let one batch take effect; return whether there was one, so that more may come."""
        try:
            with working(Work(str(uuid7()))):
                found = self.step()
        except SourceAway as error:
            self._tell_away(error)
        except DatabaseAway as error:
            self._tell_failing("The database fails", error.reason)
        except RegistryAway as error:
            self._tell_failing("The registry of schemas is away", error.reason)
        except (DatabaseGone, SQLAlchemyError) as error:
            self._tell_failing("The database fails", str(error).splitlines()[0])
        except Exception as error:  # noqa: BLE001 whatever it is, it is tried again
            self._tell_failing("The service fails", repr(error), error)
        else:
            self._pause = 0.0
            return found
        longer = max(2 * self._pause, _FIRST_PAUSE_SECONDS)
        self._pause = min(longer, _LONGEST_PAUSE_SECONDS)
        return False

    def step(self) -> bool:
        """Let one batch take effect; return whether more may be there. Raises SourceAway."""
        self._source = self._queue or self._feed
        # What is told from now on comes by the queue, while what was told before is read.
        self._source.open()
        cursor = self._inbox.cursor()
        if cursor.behind:
            self._source = self._feed
        # While the other is away it is asked for what it has, to learn at once that it is back.
        wait = _WAIT_SECONDS if self._state == "following" and not cursor.behind else 0
        batch = self._source.read(cursor.position, wait)
        received = self._inbox.receive(batch)
        if received:
            self._source.settle(batch)
        is_behind = cursor.behind and bool(batch.messages)
        self._tell_present(cursor.position, is_behind=is_behind)
        # What has come while this was behind is not to wait for the pause of one that is idle.
        return received and (bool(batch.messages) or cursor.behind)

    def _close(self) -> None:
        for each in (self._queue, self._feed):
            if each is not None:
                each.close()

    def _tell_present(self, position: int, *, is_behind: bool) -> None:
        state = "catching up" if is_behind else "following"
        if state != self._state:
            doing = "Catching up with" if is_behind else "Following"
            # Once it has caught up it goes on with the queue, where there is one.
            source = self._feed if is_behind else self._queue or self._feed
            _log.info("%s %s at %s, after event %d.", doing, self.name, source.name, position)
        self._state = state

    def _tell_away(self, error: SourceAway) -> None:
        if self._state != "away":
            _log.warning(
                "%s is away at %s and will be followed when it appears (%s).",
                self.name,
                self._source.name,
                error,
            )
        self._state = "away"

    def _tell_failing(self, what: str, reason: str, error: Exception | None = None) -> None:
        if self._state != "failing":
            _log.error(
                "%s (%s): %s is followed when it works.", what, reason, self.name, exc_info=error
            )
        self._state = "failing"


@singleton
class Following(list[Follower]):
    """The followers of this service, for whoever asks how they are."""
