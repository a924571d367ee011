"""Reads and writes entities of one kind; each change and its event are one transaction."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.chassis.database import writing
from services.chassis.entities.changes import Change
from services.chassis.entities.conditions import ALWAYS, Condition
from services.chassis.entities.filters import Filter
from services.chassis.entities.pages import Page, page
from services.chassis.entities.patching import patched
from services.chassis.entities.rows import EntityRow
from services.chassis.errors import AlreadyExists, NoSuchEntity

Row = TypeVar("Row", bound=EntityRow)
Tell: TypeAlias = Callable[[Session, Any, int, Change], None]
"""Puts the event of a change, given by the record and its version, into the transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[Row]):
    """What there is to know of a kind of entities. `name` is a word such as "room"."""

    name: str
    row: type[Row]
    filters: Mapping[str, Filter] = field(default_factory=dict)
    """What narrows a search, by query parameter."""
    unique: tuple[str, ...] = ()
    """Fields, with columns of their names, in which no two entities have the same."""


class Entities(Generic[Row]):
    """The entities of a kind; the provider of a service derives from it."""

    def __init__(self, kind: Kind[Row], session: Session, tell: Tell) -> None:
        self._kind = kind
        self._session = session
        self._tell = tell

    def search(self, *, limit: int, cursor: str | None = None, **asked: Any) -> Page[Row]:
        """Return a page of those that fit all filters, the oldest first. Raises InvalidCursor."""
        row, filters = self._kind.row, self._kind.filters
        found = select(row).where(*(filters[name](value) for name, value in asked.items()))
        return page(self._session, found, row.id, limit=limit, cursor=cursor, asked=asked)

    def get(self, identity: UUID) -> Row:
        """Return one. Raises NoSuchEntity."""
        return self._found(self._session.get(self._kind.row, identity), identity)

    def store(self, record: Any) -> Row:
        """Store a new one, and tell of it. Raises AlreadyExists, and what `check` raises."""
        row = self._kind.row()
        row.id, row.version = record.id, 1
        row.keep(record)
        with self._unique(record), writing(self._session):
            self.check(record)
            self._session.add(row)
            self._tell(self._session, record, row.version, Change.CREATED)
        return row

    def change(
        self, identity: UUID, change: Callable[[Any], Any], condition: Condition = ALWAYS
    ) -> Row:
        """Put what a function makes of the record in its place; tell of it, if it is another.

        Raises NoSuchEntity, PreconditionFailed, AlreadyExists, and what `check` raises.
        """
        with writing(self._session):
            row = self._locked(identity, condition)
            record = change(row.record)
            if record == row.record:
                return row
            with self._unique(record), writing(self._session):
                self.check(record)
                row.keep(record)
                row.version += 1
                self._tell(self._session, record, row.version, Change.UPDATED)
        return row

    def patch(self, identity: UUID, patch: Mapping[str, Any], condition: Condition = ALWAYS) -> Row:
        """Change one by a merge patch, and tell of it, if it is another then.

        Raises InvalidBody, and what `change` raises.
        """
        return self.change(identity, lambda record: patched(record, patch), condition)

    def check(self, record: Any) -> None:
        """Raise a ServiceError where a record may not be stored, in the transaction that does so.

        A service overrides it, to look at what is in other tables.
        """

    def delete(self, identity: UUID, condition: Condition = ALWAYS) -> None:
        """Delete one, and tell of it. Raises NoSuchEntity, PreconditionFailed."""
        with writing(self._session):
            row = self._locked(identity, condition)
            self._session.delete(row)
            self._tell(self._session, row.record, row.version + 1, Change.DELETED)

    def _locked(self, identity: UUID, condition: Condition) -> Row:
        """Return the row as it is today, which nobody else changes before the transaction ends."""
        row = self._session.get(
            self._kind.row, identity, with_for_update=True, populate_existing=True
        )
        found = self._found(row, identity)
        condition.check(found.version)
        return found

    def _found(self, row: Row | None, identity: UUID) -> Row:
        if row is None:
            raise NoSuchEntity(self._kind.name, identity)
        return row

    @contextmanager
    def _unique(self, record: Any) -> Iterator[None]:
        """Say which other entity has what must be unique, where the database refuses a record."""
        try:
            yield
        except IntegrityError:
            for name in self._kind.unique:
                self._check_free(name, getattr(record, name), record.id)
            raise

    def _check_free(self, name: str, value: str, identity: UUID) -> None:
        row = self._kind.row
        others = select(row.id).where(getattr(row, name) == value, row.id != identity)
        other = self._session.scalar(others)
        if other is not None:
            raise AlreadyExists(self._kind.name, name, value, other)
