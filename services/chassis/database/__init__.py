"""The database of a service: SQLite by default, PostgreSQL for more than one machine.

What the driver says of a database that cannot answer becomes DatabaseAway here, so that the rest of
a service knows neither the driver nor which of the two it is.
"""

from services.chassis.database.opening import open_database
from services.chassis.database.outages import is_duplicate
from services.chassis.database.transactions import (
    exclusively,
    for_writing,
    is_exclusive,
    transact,
    writing,
)

__all__ = [
    "exclusively",
    "for_writing",
    "is_duplicate",
    "is_exclusive",
    "open_database",
    "transact",
    "writing",
]
