"""A projection keeps what is newest, whatever comes late or again."""

from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from services.chassis.database import writing
from services.chassis.events.projection import keep
from services.items.rows import KnownRoomRow
from tests.services.databases import on_both_databases

pytestmark = on_both_databases

ROOM = UUID(int=1)


def said(version: int, name: str = "A") -> KnownRoomRow:
    return KnownRoomRow(id=ROOM, version=version, name=name, deleted=False)


def test_what_is_new_is_stored(engine: Engine) -> None:
    with Session(engine) as session, writing(session):
        assert keep(session, said(1))
        assert keep(session, said(3, "B"))
        row = session.scalars(select(KnownRoomRow)).one()
        assert (row.id, row.version, row.name, row.deleted) == (ROOM, 3, "B", False)


@pytest.mark.parametrize("version", [1, 2])
def test_what_is_no_news_changes_nothing(engine: Engine, version: int) -> None:
    with Session(engine) as session, writing(session):
        keep(session, said(2))
        assert not keep(session, said(version, "B"))
        assert session.scalars(select(KnownRoomRow.name)).one() == "A"


def test_a_row_that_was_read_before_says_what_is_stored_now(engine: Engine) -> None:
    with Session(engine) as session, writing(session):
        keep(session, said(1))
        row = session.get(KnownRoomRow, ROOM)
        keep(session, said(2, "B"))
        assert row is not None
        assert (row.version, row.name) == (2, "B")
