"""Wakes those who wait for events when another process tells one.

On PostgreSQL the processes notify each other (LISTEN, NOTIFY), each from a thread of its own: a
NOTIFY in the transaction of the change would let commits wait for each other, and one after it
would let the request wait. On SQLite the thread looks at the file, every 20 ms. Where neither
works, those who wait look themselves, a few times in a second.
"""

import logging
import select
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from sqlite3 import Connection as SQLiteConnection
from threading import Lock, Thread
from typing import Any, Self, cast

import psycopg
from injector import inject, singleton
from psycopg import sql
from sqlalchemy import Engine

from services.chassis.events.telling.waiting import Waiting
from services.chassis.stopping import Stopping

_log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.02
_RETRY_SECONDS = 1.0
# How often the end of the service is looked for, where nothing is heard.
_PATIENCE_SECONDS = 0.5
# Between two notifications, so that a burst of events is one.
_QUIET_SECONDS = 0.005


@singleton
class Watcher:
    """Watches the database in a thread, until the service stops."""

    @inject
    def __init__(self, engine: Engine, waiting: Waiting, stopping: Stopping) -> None:
        self._engine = engine
        self._waiting = waiting
        self._stopping = stopping
        self._lock = Lock()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin, unless it has begun."""
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="watch-outbox", daemon=True)
                self._thread.start()

    def join(self) -> None:
        """Wait a moment for the end, once `stopping` is set."""
        if self._thread is not None:
            self._thread.join(2 * _PATIENCE_SECONDS)

    def _run(self) -> None:
        is_shared = self._engine.dialect.name == "postgresql"
        while not self._stopping.is_set():
            try:
                if is_shared:
                    self._listen()
                else:
                    self._look()
            except Exception as error:  # noqa: BLE001 whatever it is, it is tried again
                _log.debug("Nothing wakes those who wait for events: %s.", error)
            self._stopping.wait(_RETRY_SECONDS)

    def _look(self) -> None:
        with self._connection() as connection:
            seen = _version(connection), _newest(connection)
            while not self._stopping.wait(_LOOK_SECONDS):
                version = _version(connection)
                if version == seen[0]:
                    continue
                newest = _newest(connection)
                if newest != seen[1]:
                    self._waiting.wake()
                seen = version, newest

    def _listen(self) -> None:
        with self._connection() as connection, _Bell() as bell:
            connection.autocommit = True
            channel = _channel(connection)
            connection.execute(sql.SQL("LISTEN {}").format(channel))
            notify = sql.SQL("NOTIFY {}").format(channel)
            self._waiting.when_told(bell.ring)
            self._waiting.wake()
            # Not select(), which knows no file above the thousandth.
            poll = select.poll()
            for each in (connection.fileno(), bell):
                poll.register(each, select.POLLIN)
            while not self._stopping.wait(_QUIET_SECONDS):
                poll.poll(_PATIENCE_SECONDS * 1000)
                if bell.has_rung():
                    connection.execute(notify)
                heard = [each.pid for each in connection.notifies(timeout=0)]
                if any(pid != connection.info.backend_pid for pid in heard):
                    self._waiting.wake()

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        pooled = self._engine.raw_connection()
        # Nobody else is to get what listens, and what is lost is to be closed and no more.
        pooled.detach()
        with closing(cast("Any", pooled.dbapi_connection)) as connection:
            yield connection


class _Bell:
    """What one thread rings, and another waits for beside a connection."""

    def __init__(self) -> None:
        self._far, self._near = socket.socketpair()
        self._far.setblocking(False)  # noqa: FBT003 positional only
        self._near.setblocking(False)  # noqa: FBT003 positional only

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._far.close()
        self._near.close()

    def fileno(self) -> int:
        return self._near.fileno()

    def ring(self) -> None:
        # One that is full has rung often enough, and one that is closed is of no use any more.
        with suppress(OSError):
            self._far.send(b"!")

    def has_rung(self) -> bool:
        try:
            return bool(self._near.recv(4096))
        except BlockingIOError:
            return False


def _version(connection: SQLiteConnection) -> int:
    """Return a number that changes with each commit of another connection."""
    found: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return found


def _newest(connection: SQLiteConnection) -> int:
    # The commits of those who read the outbox are no events.
    found: int = connection.execute("SELECT coalesce(max(id), 0) FROM outbox").fetchone()[0]
    return found


def _channel(connection: "psycopg.Connection[tuple[str]]") -> sql.Identifier:
    """Return the channel of this service, which is named after its schema."""
    ((schema,),) = connection.execute("SELECT current_schema()").fetchall()
    # Longer names are no names of channels (PostgreSQL's NAMEDATALEN).
    return sql.Identifier(f"outbox of {schema}"[:63])
