from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from services.chassis.entities.pages import page
from services.chassis.errors import InvalidCursor


class Base(DeclarativeBase):
    pass


class Thing(Base):
    __tablename__ = "things"

    id: Mapped[UUID] = mapped_column(primary_key=True)


@contextmanager
def opened(ids: Iterable[int]) -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(Thing(id=UUID(int=number)) for number in ids)
        yield session
    engine.dispose()


@pytest.fixture
def session() -> Iterator[Session]:
    with opened(range(7)) as made:
        yield made


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


@given(
    st.lists(st.integers(0, 50), unique=True),
    st.integers(1, 10),
    st.sets(st.integers(0, 50)),
)
def test_whatever_is_deleted_meanwhile_each_other_row_is_seen_once_in_order(
    ids: list[int], limit: int, deleted: set[int]
) -> None:
    with opened(ids) as session:
        seen, cursor, left = [], None, sorted(deleted)
        while True:
            found = page(session, select(Thing), Thing.id, limit=limit, cursor=cursor)
            seen += [thing.id.int for thing in found.entities]
            cursor = found.next_cursor
            if cursor is None:
                break
            gone = session.get(Thing, UUID(int=left.pop())) if left else None
            if gone is not None:
                session.delete(gone)
                session.flush()
        assert seen == sorted(set(seen))
        assert set(ids) - deleted <= set(seen) <= set(ids)


@given(st.dictionaries(st.text(), st.text()), st.dictionaries(st.text(), st.text()))
def test_a_cursor_is_of_one_search_alone(one: dict[str, str], other: dict[str, str]) -> None:
    with opened(range(2)) as session:
        first = page(session, select(Thing), Thing.id, limit=1, cursor=None, asked=one)
        cursor = first.next_cursor
        reordered = dict(reversed(one.items()))
        again = page(session, select(Thing), Thing.id, limit=1, cursor=cursor, asked=reordered)
        assert [thing.id.int for thing in again.entities] == [1]
        if one != other:
            with pytest.raises(InvalidCursor):
                page(session, select(Thing), Thing.id, limit=1, cursor=cursor, asked=other)


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
