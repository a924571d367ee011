"""Databases for tests: an SQLite file each, or on PostgreSQL what no other test sees."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

SERVER = os.environ.get("TEST_POSTGRES_URL") or "postgresql://postgres@127.0.0.1:5432/test"

# Returns the URL of the database of the service with a name.
Database: TypeAlias = Callable[[str], str]

# A test with this mark and a fixture that stands on `database` is run on both.
on_both_databases = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of an empty database on the server for tests; its name is this run's own.

    Skips where no server answers, but not in CI.
    """
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL answers at TEST_POSTGRES_URL: {error}")
    name = sql.Identifier(f"test_{uuid4().hex}")
    with server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(name))
        url = make_url(SERVER).set(drivername="postgresql+psycopg", database=name.as_string()[1:-1])
        yield url.render_as_string(hide_password=False)
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
    server.close()


@pytest.fixture
def postgresql(postgresql_server: str) -> str:
    """The URL of a database without any schema of a service."""
    plain = postgresql_server.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True, options="-c lock_timeout=10s") as connection:
        found = connection.execute(
            "SELECT nspname FROM pg_namespace"
            " WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')"
        )
        for (schema,) in found.fetchall():
            drop = sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema))
            connection.execute(drop)
    return postgresql_server


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """The databases of a test's services: SQLite files, or one PostgreSQL for all of them."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return lambda name: f"sqlite:///{tmp_path}/{name}.sqlite"
    url: str = request.getfixturevalue("postgresql")
    return lambda _name: url
