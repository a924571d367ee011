"""What is done to a system. Each leaves it able to go on once it is healed."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, insert, select, text
from sqlalchemy.orm import Session

from services.chassis.database import for_writing, writing
from services.chassis.events.tables import InboxCursorRow, InboxRow, SinkCursorRow
from tests.faults.chaos.effects import EffectRow
from tests.faults.chaos.hostile import publish_again, publish_bad_events, tell_bad_events
from tests.faults.chaos.programs import Program
from tests.faults.chaos.queues import delete_queue
from tests.faults.chaos.system import System, until

_DOWN_SECONDS = 1.5
_FULL_SECONDS = 4.0
_FROZEN_SECONDS = 4.0
# PostgreSQL takes the lead from a relay that is silent for 10 s, and its locks from a transaction
# that idles for 30 s.
_DEPOSED_SECONDS = 12.0
_IDLE_SECONDS = 33.0
LONG_SECONDS = 2 * _DEPOSED_SECONDS + _IDLE_SECONDS
_ARRIVE_SECONDS = 15.0
_BACK = 700


class NotNow(Exception):
    """A fault cannot be had now: it would harm what is not to be judged."""


@dataclass(kw_only=True)
class Chaos:
    """The faults for one system. `hostile` holds the events that cannot take effect, by hearer.

    `is_long` says that there is time for those that wait for something to time out.
    """

    system: System
    random: Random
    is_long: bool
    hostile: dict[UUID, str] = field(default_factory=dict)
    _published: set[UUID] = field(default_factory=set)

    def kinds(self) -> list[Callable[[], None]]:
        """Return all faults that this system can have."""
        kinds = [
            self.kill_a_teller,
            self.kill_a_hearer,
            self.kill_a_writer,
            self.kill_all,
            self.crash_database,
            self.set_cursor_back,
            self.tell_bad_events,
            self.stop_the_leader,
            self.stop_a_hearer,
            self.kill_in_transaction,
        ]
        if any(disk.can_be_full for disk in self.system.disks.values()):
            kinds.append(self.fill_disk)
        else:
            print("  no disk is filled: that takes root, who may mount one", flush=True)
        if self.system.broker:
            kinds += [
                self.kill_broker,
                self.freeze_broker,
                self.publish_bad_events,
                self.publish_again,
                self.delete_queue,
            ]
        return kinds

    def kill_a_teller(self) -> None:
        """SIGKILL for a rooms service: its feed, its sequencer, its relay, its followers."""
        self._replace(*self.system.services["rooms"])

    def kill_a_hearer(self) -> None:
        """SIGKILL for an items service."""
        self._replace(*self.system.services["items"])

    def kill_a_writer(self) -> None:
        """SIGKILL for a writer, wherever its transaction is."""
        self._replace(*self.system.writers)

    def kill_all(self) -> None:
        """SIGKILL for everything but the servers, which starts anew at once: two relays, too."""
        self.system.kill(*self.system.programs)
        for program in self.system.programs:
            program.start()

    def crash_database(self) -> None:
        """End PostgreSQL as a crash does; an SQLite file's crash is that of all who have it."""
        cluster = self.system.cluster
        if cluster is None:
            self.kill_all()
            return
        if self.random.random() < 0.5:
            os.kill(_backend(self.system.engines["items"]), signal.SIGKILL)
        else:
            cluster.stop()
            time.sleep(_DOWN_SECONDS)
            cluster.start()

    def kill_in_transaction(self) -> None:
        """SIGKILL for who holds the database's write lock, with rows that nobody may ever see."""
        engine = self.system.engines["items"]
        child = os.fork()
        if child == 0:
            _hold(engine)
        time.sleep(_DOWN_SECONDS)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

    def set_cursor_back(self) -> None:
        """Set a cursor back, and leave the inbox as it is: what was sent comes again."""
        relayed = self.system.broker is not None
        row: Any = SinkCursorRow if relayed else InboxCursorRow
        engine = self.system.engines["rooms" if relayed else "items"]
        with Session(engine) as session, writing(session):
            for each in session.scalars(select(row).with_for_update()):
                each.position = max(each.position - self.random.randrange(1, _BACK), 0)

    def tell_bad_events(self) -> None:
        """Put poison and unknown schemas into the outbox."""
        told = tell_bad_events(self.system.engines["rooms"], self.random)
        self.hostile |= dict.fromkeys(told, "items")

    def publish_bad_events(self) -> None:
        """Put poison and unknown schemas into the queue."""
        published = publish_bad_events(self._broker_url, self.random)
        self.hostile |= dict.fromkeys(published, "items")
        self._published |= set(published)

    def publish_again(self) -> None:
        """Deliver events once more that were delivered before."""
        publish_again(self._broker_url, self.system.engines["rooms"], self.random)

    def stop_the_leader(self) -> None:
        """Let each rooms service stand still in its turn: one of them leads, or takes over."""
        for program in self.system.services["rooms"]:
            program.stop()
            time.sleep(_DEPOSED_SECONDS if self.is_long else _FROZEN_SECONDS)
            program.go_on()

    def stop_a_hearer(self) -> None:
        """Let an items service stand still, in whatever it holds."""
        program = self.random.choice(self.system.services["items"])
        program.stop()
        time.sleep(_IDLE_SECONDS if self.is_long else _FROZEN_SECONDS)
        program.go_on()

    def fill_disk(self) -> None:
        """Leave no room on a disk for some seconds."""
        name = self.random.choice(sorted(self.system.disks))
        disk = self.system.disks[name]
        deadline = time.monotonic() + _FULL_SECONDS
        while time.monotonic() < deadline:
            disk.fill()
            time.sleep(0.2)
        disk.free()

    def kill_broker(self) -> None:
        """SIGKILL for the broker."""
        if self.system.broker:
            self.system.broker.kill()
            time.sleep(_DOWN_SECONDS)
            self.system.broker.start()

    def freeze_broker(self) -> None:
        """Let the broker stand still, with its connections open."""
        if self.system.broker:
            self.system.broker.signal(signal.SIGSTOP)
            time.sleep(_FROZEN_SECONDS)
            self.system.broker.signal(signal.SIGCONT)

    def delete_queue(self) -> None:
        """Remove a consumer's queue with all that is in it, but for what no feed has.

        Raises NotNow where the consumer has not come so far yet.
        """
        try:
            until(self._has_heard_published, _ARRIVE_SECONDS)
        except TimeoutError:
            raise NotNow from None
        delete_queue(self._broker_url, "items.rooms")

    def _has_heard_published(self) -> bool:
        with Session(self.system.engines["items"]) as session:
            return self._published <= set(session.scalars(select(InboxRow.event_id)))

    @property
    def _broker_url(self) -> str:
        if self.system.broker is None:
            raise LookupError("There is no broker here.")
        return self.system.broker.url

    def _replace(self, *programs: Program) -> None:
        program = self.random.choice(programs)
        self.system.kill(program)
        program.start()


def _hold(engine: Engine) -> None:
    """Never return, in a transaction that never ends."""
    # The connections of before are the parent's.
    engine.dispose(close=False)
    try:
        with for_writing(engine).connect() as connection:
            row = {"entity": UUID(int=0), "version": 1}
            connection.execute(insert(EffectRow), [row])
            time.sleep(60)
    finally:
        os._exit(1)


def _backend(engine: Engine) -> int:
    """Return the process id of the server's that works for a service, or for us."""
    with engine.connect() as connection:
        services = "SELECT pid FROM pg_stat_activity WHERE application_name IN ('rooms', 'items')"
        return int(connection.scalars(text(services)).first() or 0)
