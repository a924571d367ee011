"""Keyset pages: a cursor says after which entity the next page begins."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.chassis.errors import InvalidCursor

T = TypeVar("T")
U = TypeVar("U")

_CHECK_BYTES = 4


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some entities and the cursor of those after them; None on the last page."""

    entities: list[T]
    next_cursor: str | None = None

    def map(self, function: Callable[[T], U]) -> "Page[U]":
        """Return the page with `function` applied to each entity."""
        return Page([function(each) for each in self.entities], self.next_cursor)


def page(
    session: Session,
    rows: Select[T],
    key: InstrumentedAttribute[UUID],
    *,
    limit: int,
    cursor: str | None,
) -> Page[T]:
    """Read at most `limit` rows in the order of `key`, those after the cursor.

    Raises InvalidCursor where no page gave the cursor.
    """
    rows = rows.order_by(key).limit(limit + 1)
    if cursor is not None:
        rows = rows.where(key > _identity(cursor))
    found = list(session.scalars(rows))
    if len(found) <= limit:
        return Page(found)
    return Page(found[:limit], _cursor(getattr(found[limit - 1], key.key)))


def _cursor(identity: UUID) -> str:
    return urlsafe_b64encode(identity.bytes + _check(identity.bytes)).decode()


def _identity(cursor: str) -> UUID:
    try:
        data = urlsafe_b64decode(cursor.encode("ascii"))
        identity = UUID(bytes=data[:-_CHECK_BYTES])
    except (NotBase64, ValueError):
        raise InvalidCursor from None
    if _cursor(identity) != cursor:
        raise InvalidCursor
    return identity


def _check(data: bytes) -> bytes:
    return blake2b(data, digest_size=_CHECK_BYTES, person=b"page cursor").digest()
