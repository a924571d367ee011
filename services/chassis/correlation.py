"""The id that one piece of work has here and in the services it calls.

A request has the id its client sent, or a new one; an event that takes effect has its own. Log
lines carry it, through threads as well, and calls to other services hand it on.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

from structlog.contextvars import bound_contextvars

from services.chassis.entities.uuid7 import uuid7

REQUEST_ID: Final = "X-Request-ID"
TRACEPARENT: Final = "traceparent"

_SANE = re.compile(r"[A-Za-z0-9._~:+/=@-]{1,128}")
# Version 00 of W3C Trace Context, section 3.2; ids of zeros are invalid.
_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(frozen=True, slots=True)
class Work:
    """What is being worked on. `told` collects the ids of the events that it tells."""

    request_id: str
    traceparent: str | None = None
    told: list[str] = field(default_factory=list)

    @property
    def trace_id(self) -> str | None:
        """The trace that this is a part of, in W3C's 32 hexadecimal digits."""
        return self.traceparent and self.traceparent.split("-")[1]


_work: ContextVar[Work | None] = ContextVar("work", default=None)


def work_of(headers: Mapping[str, str]) -> Work:
    """Return the work that a request asks for; what is no sane id in its headers is not taken."""
    sent, traceparent = headers.get(REQUEST_ID, ""), headers.get(TRACEPARENT, "")
    return Work(
        request_id=sent if _SANE.fullmatch(sent) else str(uuid7()),
        traceparent=traceparent if _TRACEPARENT.fullmatch(traceparent) else None,
    )


@contextmanager
def working(work: Work) -> Iterator[None]:
    """Let what happens inside belong to `work`, in the log and in calls to other services."""
    shown = {"request_id": work.request_id}
    if work.trace_id:
        shown["trace_id"] = work.trace_id
    token = _work.set(work)
    try:
        with bound_contextvars(**shown):
            yield
    finally:
        _work.reset(token)


def tell(event_id: object) -> None:
    """Note that the work of now tells an event, so that its log line names it."""
    work = _work.get()
    if work is not None:
        work.told.append(str(event_id))


def request_id() -> str | None:
    """Return the id of the work of now; None where there is none."""
    work = _work.get()
    return None if work is None else work.request_id


def outgoing_headers() -> dict[str, str]:
    """Return the headers by which a call to another service carries on the work of now."""
    work = _work.get()
    if work is None:
        return {}
    headers = {REQUEST_ID: work.request_id}
    return headers | {TRACEPARENT: work.traceparent} if work.traceparent else headers
