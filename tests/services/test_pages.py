from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from services.chassis.errors import InvalidCursor
from services.chassis.pages import page


class Base(DeclarativeBase):
    pass


class Thing(Base):
    __tablename__ = "things"

    id: Mapped[UUID] = mapped_column(primary_key=True)


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        opened.add_all(Thing(id=UUID(int=number)) for number in range(7))
        yield opened
    engine.dispose()


def numbers(session: Session, limit: int) -> list[list[int]]:
    pages, cursor = [], None
    while True:
        found = page(session, select(Thing), Thing.id, limit=limit, cursor=cursor)
        pages.append([thing.id.int for thing in found.entities])
        cursor = found.next_cursor
        if cursor is None:
            return pages


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (3, [[0, 1, 2], [3, 4, 5], [6]]),
        (7, [[0, 1, 2, 3, 4, 5, 6]]),
        (100, [[0, 1, 2, 3, 4, 5, 6]]),
    ],
)
def test_pages_hold_each_row_once_in_the_order_of_the_key(
    session: Session, limit: int, expected: list[list[int]]
) -> None:
    assert numbers(session, limit) == expected


def test_a_row_that_comes_between_two_pages_moves_no_other(session: Session) -> None:
    first = page(session, select(Thing), Thing.id, limit=3, cursor=None)
    session.add(Thing(id=UUID(int=100)))
    second = page(session, select(Thing), Thing.id, limit=3, cursor=first.next_cursor)
    assert [thing.id.int for thing in second.entities] == [3, 4, 5]


def test_a_cursor_with_any_character_changed_is_refused(session: Session) -> None:
    cursor = page(session, select(Thing), Thing.id, limit=3, cursor=None).next_cursor or ""
    for place, character in enumerate(cursor):
        other = "A" if character != "A" else "B"
        changed = cursor[:place] + other + cursor[place + 1 :]
        with pytest.raises(InvalidCursor):
            page(session, select(Thing), Thing.id, limit=3, cursor=changed)


@pytest.mark.parametrize("cursor", ["", "abc", "é", "=" * 8, "A" * 100, "A" * 28])
def test_what_no_page_gave_is_refused_as_a_cursor(session: Session, cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        page(session, select(Thing), Thing.id, limit=3, cursor=cursor)
