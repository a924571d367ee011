"""Transactions that write.

On SQLite they take turns. On PostgreSQL they run beside each other as READ COMMITTED, so one that
changes what it has read locks it by reading it `with_for_update`, or holds a lock by `exclusively`.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeAlias, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from services.chassis.database.postgresql import lock, try_lock
from services.chassis.database.sqlite import WRITES, writes
from services.chassis.errors import TransactionRefused

T = TypeVar("T")
Sessions: TypeAlias = Callable[[], AbstractContextManager[Session]]

_ATTEMPTS = 4


@contextmanager
def writing(session: Session) -> Iterator[None]:
    """Run one transaction that writes: at the end all of it is committed, or nothing of it.

    What the session has read before is forgotten, so that the transaction sees today's rows. Inside
    another such block it is a part of that one's transaction, which may fail alone. Raises
    TransactionRefused where another transaction was in its way and it may be run again.
    """
    if _is_writing(session):
        with session.begin_nested():
            yield
        return
    session.rollback()
    with session.begin():
        session.connection(execution_options=WRITES)
        yield


def transact(open_session: Sessions, work: Callable[[Session], T]) -> T:
    """Run `work` in a transaction that writes, and again, a few times, where that was refused.

    Each time it has a new session, and may do nothing besides what it does there. Raises
    TransactionRefused.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return _attempt(open_session, work)
        except TransactionRefused:
            continue
    return _attempt(open_session, work)


def exclusively(connection: Connection, purpose: str) -> None:
    """Wait until no other transaction of this service does `purpose`; they wait until this ends.

    `connection` is of a transaction that writes, and what it reads afterwards is of after the wait.
    """
    # The write lock of SQLite has seen to it already.
    if connection.dialect.name == "postgresql":
        lock(connection, purpose)


def is_exclusive(connection: Connection, purpose: str) -> bool:
    """Return whether no other transaction does `purpose` now, as `exclusively` but without a wait.

    If so, others wait until this transaction ends.
    """
    return connection.dialect.name != "postgresql" or try_lock(connection, purpose)


def for_writing(engine: Engine) -> Engine:
    """Return the engine whose transactions all write."""
    return engine.execution_options(**WRITES)


def _attempt(open_session: Sessions, work: Callable[[Session], T]) -> T:
    with open_session() as session, writing(session):
        return work(session)


def _is_writing(session: Session) -> bool:
    return session.in_transaction() and writes(session.connection())
