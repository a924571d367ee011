"""Follows another service in a thread: what its feed offers goes into the inbox."""

import logging
from threading import Thread

from injector import singleton
from sqlalchemy.exc import SQLAlchemyError

from services.chassis.correlation import Work, working
from services.chassis.entities.uuid7 import uuid7
from services.chassis.errors import DatabaseAway, DatabaseGone
from services.chassis.events.inbox import Inbox
from services.chassis.events.source import FeedSource, SourceAway
from services.chassis.events.waiting import Stopping

_log = logging.getLogger(__name__)

_WAIT_SECONDS = 10.0
_PAUSE_SECONDS = 0.5
_JOIN_SECONDS = 2.0


class Follower:
    """Follows the service `name` until the service here stops."""

    def __init__(self, name: str, source: FeedSource, inbox: Inbox, stopping: Stopping) -> None:
        self.name = name
        self._source = source
        self._inbox = inbox
        self._stopping = stopping
        self._present: bool | None = None
        self._failing = False
        # A daemon, as it may be waiting for the feed: what it does is whole or did not happen.
        self._thread = Thread(target=self._run, name=f"follow-{name}", daemon=True)

    @property
    def state(self) -> str:
        """How it goes, in a word: starting, following, away, failing or stopped."""
        if self._failing:
            return "failing"
        if self._present is None:
            return "starting"
        if not self._thread.is_alive():
            return "stopped"
        return "following" if self._present else "away"

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def join(self) -> None:
        """Wait a moment for the end, once `stopping` is set."""
        self._thread.join(_JOIN_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            # An empty page may have come at once: where too many wait, nobody else does.
            if not self.attempt():
                self._stopping.wait(_PAUSE_SECONDS)
        self._source.close()

    def attempt(self) -> bool:
        """Read one page into the inbox; return whether there were events, so that more may be."""
        try:
            with working(Work(str(uuid7()))):
                found = self.step()
        except SourceAway as error:
            self._tell_away(error)
            return False
        except DatabaseAway as error:
            self._tell_failing(error.reason)
            return False
        except (DatabaseGone, SQLAlchemyError) as error:
            self._tell_failing(str(error).splitlines()[0])
            return False
        self._failing = False
        return found

    def step(self) -> bool:
        """Read one page into the inbox; return whether it had events. Raises SourceAway."""
        after = self._inbox.position()
        # While the other is away it is asked for what it has, to learn at once that it is back.
        page = self._source.read(after, _WAIT_SECONDS if self._present else 0)
        self._tell_present(after)
        self._inbox.receive(page, after)
        return bool(page.events)

    def _tell_present(self, after: int) -> None:
        if not self._present:
            _log.info("Following %s at %s, after event %d.", self.name, self._source.url, after)
        self._present = True

    def _tell_away(self, error: SourceAway) -> None:
        if self._present is not False:
            _log.warning(
                "%s is away at %s and will be followed when it appears (%s).",
                self.name,
                self._source.url,
                error,
            )
        self._present = False

    def _tell_failing(self, reason: str) -> None:
        if not self._failing:
            _log.error("The database fails (%s): %s is followed when it works.", reason, self.name)
        self._failing = True


@singleton
class Following(list[Follower]):
    """The followers of this service, for whoever asks how they are."""
