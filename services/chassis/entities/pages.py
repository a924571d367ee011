"""Keyset pages: a cursor says after which entity the next page of a search begins."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.chassis.errors import InvalidCursor

T = TypeVar("T")

_CHECK_BYTES = 8
_ALL: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some entities and the cursor of those after them; None on the last page."""

    entities: list[T]
    next_cursor: str | None = None


def page(
    session: Session,
    rows: Select[T],
    key: InstrumentedAttribute[UUID],
    *,
    limit: int,
    cursor: str | None,
    asked: Mapping[str, Any] = _ALL,
) -> Page[T]:
    """Read at most `limit` rows in the order of `key`, those after the cursor.

    `asked` are the filters of `rows` by name. Raises InvalidCursor where no page of a search with
    the same filters gave the cursor.
    """
    rows = rows.order_by(key).limit(limit + 1)
    if cursor is not None:
        rows = rows.where(key > _identity(cursor, asked))
    found = list(session.scalars(rows))
    if len(found) <= limit:
        return Page(found)
    return Page(found[:limit], _cursor(getattr(found[limit - 1], key.key), asked))


def _cursor(identity: UUID, asked: Mapping[str, Any]) -> str:
    return urlsafe_b64encode(identity.bytes + _check(identity.bytes, asked)).decode()


def _identity(cursor: str, asked: Mapping[str, Any]) -> UUID:
    try:
        data = urlsafe_b64decode(cursor.encode("ascii"))
        identity = UUID(bytes=data[:-_CHECK_BYTES])
    except (NotBase64, ValueError):
        raise InvalidCursor from None
    if _cursor(identity, asked) != cursor:
        raise InvalidCursor
    return identity


def _check(data: bytes, asked: Mapping[str, Any]) -> bytes:
    """Return what only this search gives with the data."""
    search = json.dumps(asked, sort_keys=True, default=str).encode()
    return blake2b(data + search, digest_size=_CHECK_BYTES, person=b"page cursor").digest()
