"""What a service keeps of another's entities, made of nothing but the events it has heard."""

from functools import cache
from typing import Any, cast

from sqlalchemy import Table, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql.dml import ReturningInsert


class ProjectionRow:
    """What is known of an entity of another service. Tables derive from it.

    `version` is the entity's, as the last event that took effect says it.
    """

    id: Mapped[Any] = mapped_column(primary_key=True)
    version: Mapped[int]


def keep(session: Session, row: ProjectionRow) -> bool:
    """Store what an event says of an entity, and return True; False if that is no news.

    It is none where the row that is stored has this version, or a newer one.
    """
    mapper = inspect(type(row))
    named = {mapper.get_property_by_column(each).key: each.key for each in mapper.columns}
    values = {column: getattr(row, name) for name, column in named.items()}
    table = cast("Table", mapper.local_table)
    kept = session.scalar(_upsert(table, session.get_bind().dialect.name), values)
    # The session may have read it before.
    before = session.identity_map.get(mapper.identity_key_from_primary_key((row.id,)))
    if before is not None:
        session.expire(before)
    return kept is not None


@cache
def _upsert(table: Table, dialect: str) -> ReturningInsert[int]:
    """Return one statement for what would be three: it is run for each event."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    made = insert(table)
    changed = {each.name: made.excluded[each.name] for each in table.c if not each.primary_key}
    return made.on_conflict_do_update(
        index_elements=table.primary_key.columns,
        set_=changed,
        where=table.c.version < made.excluded.version,
    ).returning(table.c.version)
