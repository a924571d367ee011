"""The database of a service: SQLite by default, with one writer at a time and readers beside it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

from services.chassis.errors import DatabaseGone

_log = logging.getLogger(__name__)

_BUSY_MILLISECONDS = 30_000
_WRITES = {"writes": True}


def open_database(url: str) -> Engine:
    """Return an engine; the first connection makes an SQLite file that is missing, and its folder.

    Raises DatabaseGone, when a connection is asked for, once that file was removed.
    """
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    return engine


@contextmanager
def writing(session: Session) -> Iterator[None]:
    """Run one transaction that writes: at the end all of it is committed, or nothing of it.

    What the session has read before is forgotten, so that the transaction sees today's rows. Inside
    another such block it is a part of that one's transaction, which may fail alone.
    """
    if _is_writing(session):
        with session.begin_nested():
            yield
        return
    session.rollback()
    with session.begin():
        session.connection(execution_options=_WRITES)
        yield


def for_writing(engine: Engine) -> Engine:
    """Return the engine whose transactions all write."""
    return engine.execution_options(**_WRITES)


def _is_writing(session: Session) -> bool:
    return session.in_transaction() and _writes(session.connection())


def _writes(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("writes"))


def _prepare_sqlite(engine: Engine) -> None:
    file = _File(Path(engine.url.database or ""))

    @event.listens_for(engine, "do_connect")
    def before_connect(*_: object) -> None:
        file.find()

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
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes(connection) else "BEGIN")


class _File:
    """The file of an SQLite database.

    Where it is removed, open connections go on writing to what nobody can read any more, and a new
    connection makes a file without tables: neither may happen.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._first: tuple[int, int] | None = None
        self._told = False

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
