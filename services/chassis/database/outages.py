"""What it means that the database does not do as asked: an outage, or a turn that another took."""

import logging
import sqlite3
import time
from threading import Lock
from typing import Final

from sqlalchemy import URL, Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.chassis.errors import DatabaseAway, TransactionRefused

_log = logging.getLogger(__name__)

# Failures that follow each other faster than this are one outage.
_QUIET_SECONDS = 60.0

# SQLSTATE (PostgreSQL's manual, appendix A), or its first two characters for a whole class.
_REFUSED: Final = frozenset({"40001", "40P01"})
_AWAY: Final = (
    "08",  # connection
    "25006",  # read-only: this is a standby now
    "25P03",  # the transaction idled for too long
    "28",  # the password was changed
    "3D",  # the database was removed
    "53",  # no disk, memory or connection is left
    "55P03",  # a lock was waited for too long
    "57",  # shut down, starting up, or a statement took too long
    "58",  # the system below fails
)
_DUPLICATE: Final = frozenset(
    {"23505", sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE}
)
_SQLITE_AWAY: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)


class Outages:
    """Raises DatabaseAway for one database, and tells the log of an outage once."""

    def __init__(self, url: URL) -> None:
        # Without the query, which may hold a password as well.
        self._shown = str(url.set(query={}))
        self._lock = Lock()
        self._worked = False
        self._lost = False
        self._last = float("-inf")

    def watch(self, engine: Engine) -> None:
        """Look at each error of the engine, and at each connection that works."""
        event.listen(engine, "handle_error", self._translate)
        event.listen(engine, "checkout", self._notice_return)

    def away(self, reason: str, *, lost: bool = False) -> DatabaseAway:
        """Return the error to raise, told to the log if it is the first of its outage.

        `lost` says that there is no connection, so that the next one is the end of the outage.
        """
        # Noted before it is told, as all requests of the moment fail at once, in their threads.
        with self._lock:
            now = time.monotonic()
            # What never worked keeps the service from starting, which says so itself.
            is_first = self._worked and now - self._last > _QUIET_SECONDS
            self._last = now
            self._lost = self._lost or lost
        if is_first:
            _log.error(
                "The database %s does not answer as it should (%s): requests are answered with 503 "
                "until it does.",
                self._shown,
                reason,
            )
        return DatabaseAway(reason)

    def _translate(self, context: ExceptionContext) -> None:
        # A connection that died while it lay in the pool is simply replaced by another.
        if context.is_pre_ping or not isinstance(context.sqlalchemy_exception, DBAPIError):
            return
        error = context.original_exception
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        if getattr(error, "sqlstate", None) in _REFUSED:
            raise TransactionRefused(reason)
        lost = context.is_disconnect or context.connection is None
        if lost or _is_away(error):
            raise self.away(reason, lost=lost)

    def _notice_return(self, *_: object) -> None:
        with self._lock:
            self._worked = True
            is_back = self._lost
            if is_back:
                self._lost, self._last = False, float("-inf")
        if is_back:
            _log.info("The database %s answers again.", self._shown)


def is_duplicate(error: Exception) -> bool:
    """Return whether what was to be stored is there already, by a key or a unique column."""
    cause = error.orig if isinstance(error, IntegrityError) else None
    code = getattr(cause, "sqlite_errorcode", None) or getattr(cause, "sqlstate", None)
    return code in _DUPLICATE


def _is_away(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        # The lower byte of an extended result code is the primary one.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        # Where the disk is full, SQLite ends the whole transaction, savepoints and all ("Response
        # To Errors Within A Transaction"), so that there is none to go back to.
        return code in _SQLITE_AWAY or str(error).startswith("no such savepoint")
    state: str | None = getattr(error, "sqlstate", None)
    return state is not None and state.startswith(_AWAY)
