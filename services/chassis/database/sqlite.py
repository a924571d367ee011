"""SQLite: one writer at a time and readers beside it, in a file that stays the same one."""

import logging
from collections.abc import Mapping
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event

from services.chassis.database.outages import Outages
from services.chassis.errors import DatabaseGone

_log = logging.getLogger(__name__)

# The option of a transaction that writes.
WRITES: Final[Mapping[str, bool]] = {"writes": True}

_BUSY_MILLISECONDS = 10_000
# As many as a service has threads: a connection is an open file and no more.
_CONNECTIONS = 40


def open_sqlite(url: URL) -> Engine:
    """Return an engine whose writers take turns, and that stays with the file it has found."""
    engine = create_engine(url, pool_size=_CONNECTIONS, max_overflow=0, hide_parameters=True)
    Outages(url).watch(engine)
    _prepare(engine, _File(Path(url.database or "")))
    return engine


def writes(connection: Connection) -> bool:
    """Return whether the connection's transaction is one that writes."""
    return bool(connection.get_execution_options().get("writes"))


def _prepare(engine: Engine, file: "_File") -> None:
    @event.listens_for(engine, "do_connect")
    def before_connect(
        _dialect: object, _record: object, where: list[Any], options: dict[str, Any]
    ) -> None:
        file.find()
        if file.is_known:
            # Removed just now, it is not to be made anew, maybe under the number that it had.
            where[0], options["uri"] = file.uri, True

    @event.listens_for(engine, "connect")
    def configure(connection: SQLiteConnection, _record: object) -> None:
        # The driver would begin transactions by itself, and later than we need them.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        connection.execute("PRAGMA journal_mode = WAL")
        file.remember()

    @event.listens_for(engine, "checkout")
    def before_use(*_: object) -> None:
        file.find()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and then writes cannot wait for the lock; SQLite fails it.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes(connection) else "BEGIN")


class _File:
    """The file of an SQLite database.

    Where it is removed, open connections go on writing to what nobody can read any more, and a new
    connection makes a file without tables: neither may happen.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._first: tuple[int, int] | None = None
        self._told = False

    @property
    def is_known(self) -> bool:
        """Whether there was a file before."""
        return self._first is not None

    @property
    def uri(self) -> str:
        """How SQLite opens the file, and makes none ("Uniform Resource Identifiers", mode)."""
        return f"{self._path.absolute().as_uri()}?mode=rw"

    def remember(self) -> None:
        """Take the file that is there now for the database, if it is the first."""
        self._first = self._first or self._identity()

    def find(self) -> None:
        """Make the folder of a new file; raise DatabaseGone if the first file is not there now."""
        if self._first is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        elif self._identity() != self._first:
            self._tell_gone()
            raise DatabaseGone

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _tell_gone(self) -> None:
        if not self._told:
            _log.error(
                "The database %s was removed, and nothing can be stored: end this service and "
                "start it again, which makes a new database.",
                self._path,
            )
        self._told = True
