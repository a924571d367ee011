"""Opens the database that a URL names."""

from sqlalchemy import Engine, make_url

from services.chassis.database.postgresql import open_postgresql
from services.chassis.database.sqlite import open_sqlite


def open_database(url: str, schema: str = "public") -> Engine:
    """Return an engine; nothing is connected yet.

    `schema` is where the tables are, in PostgreSQL; an SQLite file has no such thing. The file, if
    it is missing, and its folder are made by the first connection. Where the database cannot
    answer, DatabaseAway is raised in place of the driver's error; DatabaseGone once an SQLite file
    was removed.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return open_sqlite(parsed)
    return open_postgresql(parsed, schema)
