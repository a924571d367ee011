"""Requests that may be sent again: of those with one Idempotency-Key, one takes effect.

As the IETF's draft "The Idempotency-Key HTTP Header Field" has it. An answer is kept in the
transaction of what it tells, so that there is never one without the other. What has failed has left
nothing behind, and is tried anew.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from flask import Response, request
from injector import inject
from sqlalchemy import LargeBinary, String, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from services.chassis.auth.caller import Caller
from services.chassis.database import writing
from services.chassis.entities.columns import Instant
from services.chassis.errors import KeyReused

_KEPT: Final = timedelta(hours=24)
_FORGOTTEN_AT_ONCE: Final = 100


class IdempotencyBase(DeclarativeBase):
    """Collects the tables of idempotency, which every service has."""


class KeptAnswerRow(IdempotencyBase):
    """The answer to a request; `id` is the digest of its caller, operation and key."""

    __tablename__ = "kept_answer"

    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    request: Mapped[bytes] = mapped_column(LargeBinary(32))
    """The digest of the body."""
    status: Mapped[int]
    headers: Mapped[str] = mapped_column(String)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = mapped_column(Instant, index=True)


class Idempotency:
    """Runs what a request asks for once, however often it is sent."""

    @inject
    def __init__(self, session: Session, caller: Caller) -> None:
        self._session = session
        self._caller = caller

    def __call__(self, act: Callable[[], Response]) -> Response:
        """Return the answer of `act`, which runs in one transaction.

        Where a request with the same key has been answered, return that answer. One that is under
        way is waited for. Raises KeyReused, and what `act` raises.
        """
        key = request.headers.get("Idempotency-Key")
        with writing(self._session):
            if key is None:
                return act()
            self._forget_old()
            row = _row(self._caller, key)
            if not self._claim(row):
                return self._replayed(row)
            answer = act()
            row.status, row.body = answer.status_code, answer.get_data()
            row.headers = json.dumps([*answer.headers])
        return answer

    def _claim(self, row: KeptAnswerRow) -> bool:
        """Keep the row, if no other has its id; a database may wait for one that is under way."""
        try:
            with writing(self._session):
                self._session.add(row)
        except IntegrityError:
            return False
        return True

    def _replayed(self, row: KeptAnswerRow) -> Response:
        kept = self._session.get_one(KeptAnswerRow, row.id)
        if kept.request != row.request:
            raise KeyReused
        answer = Response(kept.body, kept.status, json.loads(kept.headers))
        answer.headers["Idempotency-Replayed"] = "true"
        return answer

    def _forget_old(self) -> None:
        old = select(KeptAnswerRow.id).where(KeptAnswerRow.kept_at < datetime.now(UTC) - _KEPT)
        some = old.limit(_FORGOTTEN_AT_ONCE).with_for_update(skip_locked=True)
        self._session.execute(delete(KeptAnswerRow).where(KeptAnswerRow.id.in_(some)))


def _row(caller: Caller, key: str) -> KeptAnswerRow:
    """Return the row of the request of now, without an answer yet."""
    asked = [caller.subject or "", request.method, request.path, key]
    return KeptAnswerRow(
        id=sha256(json.dumps(asked).encode()).digest(),
        request=sha256(request.get_data()).digest(),
        status=0,
        headers="",
        body=b"",
        kept_at=datetime.now(UTC),
    )
