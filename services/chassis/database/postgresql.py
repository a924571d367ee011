"""PostgreSQL: a schema for each service, and a bound on everything that can wait."""

from typing import Any, Final

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Function,
    QueuePool,
    create_engine,
    func,
    inspect,
    select,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.schema import CreateSchema

from services.chassis.database.outages import Outages

# Of a process. Its other threads wait for their turn, or for events, and hold no connection.
POOL_SIZE: Final = 10
POOL_OVERFLOW: Final = 10
_POOL_SECONDS = 5.0
# Before a firewall forgets a connection that is idle.
_RECYCLE_SECONDS = 1800

_CONNECT: Final = {
    "connect_timeout": 5,
    "client_encoding": "utf8",
    # A server that has vanished is noticed within half a minute, not after hours.
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
_SESSION: Final = {
    "timezone": "UTC",
    "statement_timeout": "10s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
}
_SCHEMA = "service_schema"


def open_postgresql(url: URL, schema: str) -> Engine:
    """Return an engine whose connections see the tables of one schema only."""
    outages = Outages(url)
    engine = create_engine(
        url,
        connect_args=_connect_arguments(url, schema),
        poolclass=_pool_of(outages),
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_timeout=_POOL_SECONDS,
        pool_pre_ping=True,
        pool_recycle=_RECYCLE_SECONDS,
        pool_use_lifo=True,
        isolation_level="READ COMMITTED",
        # Values of requests have no place in a log.
        hide_parameters=True,
        execution_options={_SCHEMA: schema},
    )
    outages.watch(engine)
    return engine


def make_schema(connection: Connection) -> None:
    """Make the engine's schema, if it is missing."""
    schema = connection.get_execution_options()[_SCHEMA]
    # Looked for first, as "if not exists" needs the right to create one even where there is one.
    if not inspect(connection).has_schema(schema):
        connection.execute(CreateSchema(schema))


def lock(connection: Connection, purpose: str) -> None:
    """Hold the advisory lock of this schema for `purpose` until the transaction ends."""
    connection.execute(select(func.pg_advisory_xact_lock(_key(connection, purpose))))


def try_lock(connection: Connection, purpose: str) -> bool:
    """Take the lock of `lock` if nobody has it; return whether it is ours."""
    return bool(
        connection.scalar(select(func.pg_try_advisory_xact_lock(_key(connection, purpose))))
    )


def _key(connection: Connection, purpose: str) -> Function[int]:
    key = purpose + " of " + connection.get_execution_options()[_SCHEMA]
    return func.hashtextextended(key, 0)


def take_time(connection: Connection, lock_timeout: str) -> None:
    """Let the statements of this transaction run on, each waiting `lock_timeout` for a lock."""
    for name, value in (
        ("statement_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),
        ("lock_timeout", lock_timeout),
    ):
        connection.execute(select(func.set_config(name, value, True)))  # noqa: FBT003 SQL's is_local


def _connect_arguments(url: URL, schema: str) -> dict[str, Any]:
    """Return what the URL does not say itself: its own query wins, but not over the schema."""
    arguments: dict[str, Any] = {**_CONNECT, "application_name": schema}
    arguments = {key: value for key, value in arguments.items() if key not in url.query}
    options = [f"-c {name}={value}" for name, value in _SESSION.items()]
    options.append(str(url.query.get("options", "")))
    options.append(f'-c search_path="{schema}"')
    return {**arguments, "options": " ".join(options)}


def _pool_of(outages: Outages) -> type[QueuePool]:
    class BoundedPool(QueuePool):
        """Raises DatabaseAway where no connection becomes free in time."""

        # It names the logger, so that lines of the pool are as quiet as others of SQLAlchemy.
        __module__ = QueuePool.__module__

        def connect(self) -> PoolProxiedConnection:
            try:
                return super().connect()
            except PoolTimeoutError as error:
                reason = f"all {POOL_SIZE + POOL_OVERFLOW} connections are in use"
                raise outages.away(reason) from error

    return BoundedPool
