"""Databases for one run: files of SQLite, or databases of the PostgreSQL server."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tests.benchmarks.events.missing import say
from tests.services.databases import SERVER

SQLITE: Final = "SQLite"
POSTGRESQL: Final = "PostgreSQL"
# Returns the URL of a database with a name, the same for the same one.
Store: TypeAlias = Callable[[str], str]


@contextmanager
def stores() -> Iterator[Mapping[str, Store]]:
    """Give where services may keep things, by the name of the database; those that are there."""
    with TemporaryDirectory() as folder, ExitStack() as ending:
        found: dict[str, Store] = {SQLITE: lambda name: f"sqlite:///{Path(folder)}/{name}.sqlite"}
        try:
            server = psycopg.connect(SERVER, autocommit=True, connect_timeout=5)
        except psycopg.OperationalError as error:
            say(f"PostgreSQL: none answers at TEST_POSTGRES_URL: {error}")
        else:
            ending.enter_context(server)
            found[POSTGRESQL] = cache(partial(_made, server, ending))
        yield found


def _made(server: psycopg.Connection, ending: ExitStack, name: str) -> str:
    unique = f"bench_{name}_{uuid4().hex}"
    database = sql.Identifier(unique)
    server.execute(sql.SQL("CREATE DATABASE {}").format(database))
    ending.callback(server.execute, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))
    url = make_url(SERVER).set(drivername="postgresql+psycopg", database=unique)
    return url.render_as_string(hide_password=False)
