"""The database of a service: SQLite by default, with one writer at a time and readers beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

_BUSY_MILLISECONDS = 30_000
_WRITES = {"writes": True}


def open_database(url: str) -> Engine:
    """Return an engine; the folder of an SQLite file is made if it is missing."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    return engine


@contextmanager
def writing(session: Session) -> Iterator[None]:
    """Run one transaction that writes: at the end all of it is committed, or nothing of it.

    What the session has read before is forgotten, so that the transaction sees today's rows.
    """
    session.rollback()
    with session.begin():
        session.connection(execution_options=_WRITES)
        yield


def for_writing(engine: Engine) -> Engine:
    """Return the engine whose transactions all write."""
    return engine.execution_options(**_WRITES)


def _prepare_sqlite(engine: Engine) -> None:
    if engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)

    @event.listens_for(engine, "connect")
    def configure(connection: SQLiteConnection, _record: object) -> None:
        # The driver would begin transactions by itself, and later than we need them.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        connection.execute("PRAGMA journal_mode = WAL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and then writes cannot wait for the lock; SQLite fails it.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
