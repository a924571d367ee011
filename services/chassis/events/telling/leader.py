"""Who relays: one among the threads, processes and machines that share a database.

Whoever leads, leads until it leaves or ends, however it ends. On PostgreSQL one that hangs is
deposed after some seconds, and learns it when it goes on.
"""

import fcntl
import os
from contextlib import closing, suppress
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Connection, Engine, func, literal, select, text
from sqlalchemy.exc import SQLAlchemyError

from services.chassis.errors import DatabaseAway

_DEPOSED_AFTER = "10s"
_lock = select(
    func.pg_try_advisory_lock(
        func.hashtextextended(literal("relay of ").concat(func.current_schema()), 0)
    )
)


class Leader(Protocol):
    """The right to lead."""

    def leads(self) -> bool:
        """Return whether it is ours, by taking it where nobody has it.

        Raises what the database raises; then, or on False, it is not ours any more.
        """

    def leave(self) -> None:
        """Give it back, if it is ours."""


def leader_of(engine: Engine) -> Leader:
    """Return the right to relay what the database tells."""
    if engine.dialect.name == "postgresql":
        return _SessionLeader(engine)
    return _FileLeader(Path(f"{engine.url.database}.relay"))


class _SessionLeader:
    """A lock of a session of PostgreSQL, which ends it if nothing is asked for some seconds."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._session: Connection | None = None
        self._leads = False

    def leads(self) -> bool:
        try:
            if self._session is None:
                self._session = self._connect()
            if self._leads:
                self._session.execute(text("SELECT 1"))
            else:
                self._leads = bool(self._session.scalar(_lock))
        except BaseException as error:
            was_leading, self._leads = self._leads, False
            self.leave()
            # The session may have been ended because this one hung; the next call tells more.
            if not (was_leading and isinstance(error, DatabaseAway)):
                raise
        return self._leads

    def leave(self) -> None:
        was_leading, self._leads = self._leads, False
        if self._session is None:
            return
        session, self._session = self._session, None
        with suppress(DatabaseAway, SQLAlchemyError), closing(session):
            if was_leading:
                # The server takes a moment to notice that a session has ended.
                session.execute(select(func.pg_advisory_unlock_all()))

    def _connect(self) -> Connection:
        session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        # Out of the pool, where nobody else gets it, and where closing it ends it.
        session.detach()
        session.execute(text(f"SET idle_session_timeout = '{_DEPOSED_AFTER}'"))
        return session


class _FileLeader:
    """A lock of a file beside an SQLite database; the kernel gives it back."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def leads(self) -> bool:
        if self._file is not None and os.fstat(self._file.fileno()).st_nlink == 0:
            self.leave()  # It was removed, and another may have made a new one.
        if self._file is None:
            self._file = self._take()
        return self._file is not None

    def leave(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _take(self) -> IO[bytes] | None:
        file = self._path.open("ab")
        try:
            # flock, not lockf: threads of one process exclude each other, too.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return None
        return file
