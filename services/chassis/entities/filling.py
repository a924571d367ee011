"""Fills new columns of rows that exist, from their records; migrations call it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from registry import wire
from registry.record import Record
from services.chassis.schemas import tree

_BATCH: Final = 1000


def fill(
    connection: Connection,
    table: str,
    record_type: type[Record],
    columns: Callable[[Any], Mapping[str, Any]],
) -> None:
    """Set columns of each row to what a function makes of its record. Raises WireError."""
    names = [sa.column("id", sa.Uuid), sa.column("record", sa.LargeBinary)]
    identity = names[0]
    rows = sa.select(*names).select_from(sa.table(table)).order_by(identity).limit(_BATCH)
    found = connection.execute(rows).all()
    while found:
        for row in found:
            values = columns(wire.decode(row.record, record_type, schemas=tree()))
            connection.execute(_setting(table, values, row.id))
        found = connection.execute(rows.where(identity > found[-1].id)).all()


def _setting(table: str, values: Mapping[str, Any], identity: object) -> sa.Update:
    key = sa.column("id", sa.Uuid)
    return (
        sa.update(sa.table(table, key, *map(sa.column, values)))
        .where(key == identity)
        .values(values)
    )
