"""Puts what a service tells to its sink, in order, again and again until it is safe there.

A script has the relay of a service by `injector.get(Relay)`, where `settings.events.url` is set;
`start` lets it run until `Stopping` is set, `attempt` takes one step.
"""

import logging
from contextlib import suppress
from threading import Thread
from typing import Final

from injector import inject, singleton
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.chassis.errors import DatabaseAway, DatabaseGone
from services.chassis.events.telling.backlog import Backlog, Batch
from services.chassis.events.telling.leader import leader_of
from services.chassis.events.telling.sink import Sink, SinkAway
from services.chassis.events.telling.waiting import Waiting
from services.chassis.events.telling.watching import Watcher
from services.chassis.stopping import Stopping

_log = logging.getLogger(__name__)

_STAND_BY_SECONDS = 0.5
_LOOK_SECONDS = 0.25
_FIRST_PAUSE_SECONDS = 0.1
_LAST_PAUSE_SECONDS = 2.0
_JOIN_SECONDS = 2.0

WELL: Final = frozenset({"leading", "standing by"})
"""The states of a relay that nothing is wrong with."""


class Relay:
    """Reads the outbox for the sink, while no other relay of the same database does."""

    @inject
    def __init__(
        self, engine: Engine, sink: Sink, waiting: Waiting, watcher: Watcher, stopping: Stopping
    ) -> None:
        self.sink = sink
        self._leader = leader_of(engine)
        self._backlog = Backlog(engine, sink.name)
        self._waiting = waiting
        self._watcher = watcher
        self._stopping = stopping
        self._sent: Batch | None = None
        self._on_the_way: Batch | None = None
        self._state = self._said = "starting"
        self._pause = _FIRST_PAUSE_SECONDS
        # A daemon, as the sink may keep it: what is not confirmed is put again.
        self._thread = Thread(target=self._run, name=f"relay-{sink.name}", daemon=True)

    @property
    def state(self) -> str:
        """How it goes, in a word: starting, leading, blocked, away, failing, stopped, standing by.

        `away` and `blocked` are said of the sink, `failing` of the database.
        """
        return "blocked" if self._state == "leading" and self.sink.is_blocked else self._state

    def start(self) -> None:
        """Begin to relay."""
        self._watcher.start()
        self._thread.start()

    def join(self) -> None:
        """Wait a moment for the end, once `stopping` is set."""
        self._thread.join(_JOIN_SECONDS)
        if self._thread.is_alive():
            self.sink.close()  # which ends the wait for it
            self._thread.join(_JOIN_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            told = self._waiting.told
            seconds = self.attempt()
            if self._state == "leading":
                self._waiting.wait(told, seconds)
            else:
                self._stopping.wait(seconds)
        if self._sent is not None:
            # What is safe need not be put again after the next start.
            with suppress(DatabaseAway, DatabaseGone, SQLAlchemyError):
                self._backlog.next(self._sent)
        self.leave()
        self._state = "stopped"

    def attempt(self) -> float:
        """Take one step, if this is the leader; return for how long there is nothing to do."""
        try:
            if not self._leader.leads():
                self._sent = self._on_the_way = None
                self._state = "standing by"
                return _STAND_BY_SECONDS
            return self._lead()
        except SinkAway as error:
            self._tell("away", "%s is away at %s (%s): events are kept for it.", error)
        except DatabaseAway as error:
            self._tell(
                "failing", "Nothing goes to %s at %s: the database fails (%s).", error.reason
            )
        except (DatabaseGone, SQLAlchemyError, OSError) as error:
            self._tell("failing", "Nothing goes to %s at %s: the database fails (%s).", error)
        except Exception as error:  # noqa: BLE001 nothing may end it for good
            self._tell("failing", "Nothing goes to %s at %s: %s", repr(error), traceback=True)
        self.leave()
        pause, self._pause = self._pause, min(self._pause * 2, _LAST_PAUSE_SECONDS)
        return pause

    def _lead(self) -> float:
        # What follows is read while the sink is busy with what is on the way.
        batch = self._backlog.next(self._sent, self._on_the_way)
        self._sent = None
        if self._on_the_way is not None:
            self.sink.flush()
            self._sent, self._on_the_way = self._on_the_way, None
            self._pause = _FIRST_PAUSE_SECONDS
        # Not before: one that is opened anew knows nothing of what was on the way.
        self.sink.open()
        if self._said != "leading":
            _log.info(
                "Events go to %s at %s, after position %d.",
                self.sink.name,
                self.sink.where,
                batch.after,
            )
        self._state = self._said = "leading"
        if batch.events:
            self.sink.put(batch.events)
            self._on_the_way = batch
        return _LOOK_SECONDS if self._sent is None and self._on_the_way is None else 0

    def leave(self) -> None:
        """Let another lead; `attempt` leads again where none does."""
        # Another process, maybe on another machine, is to try as well.
        self._sent = self._on_the_way = None
        self._state = "standing by" if self._state == "leading" else self._state
        self._leader.leave()
        self.sink.close()

    def _tell(self, state: str, line: str, why: object, *, traceback: bool = False) -> None:
        # The end of the service ends the wait for a sink, which is nobody's fault.
        if self._said != state and not self._stopping.is_set():
            said = str(why).splitlines()[0]
            _log.warning(line, self.sink.name, self.sink.where, said, exc_info=traceback)
        self._state = self._said = state


@singleton
class Relaying(list[Relay]):
    """The relays of this process, for whoever asks how they are."""
