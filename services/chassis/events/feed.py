"""The feed: what a service tells, in the order of positions, for whoever asks."""

import time
from threading import Event as Flag

from injector import inject
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from registry.records.events.page.v1 import Event, Page
from services.chassis.events.sequencer import Sequencer
from services.chassis.events.tables import OutboxRow

_POLL_SECONDS = 0.05
_CHUNK = 50
# Far below what a reader of one datum accepts, whatever the events' sizes.
_PAGE_BYTES = 4 << 20
_EVENT = (
    OutboxRow.position,
    OutboxRow.event_id.label("id"),
    OutboxRow.type,
    OutboxRow.aggregate_id,
    OutboxRow.aggregate_version,
    OutboxRow.dataschema,
    OutboxRow.occurred_at,
    OutboxRow.data,
)


class Stopping(Flag):
    """Is set when the service begins to stop, so that nobody keeps it waiting."""


class Feed:
    """Reads the outbox for others."""

    @inject
    def __init__(self, engine: Engine, sequencer: Sequencer, stopping: Stopping) -> None:
        self._engine = engine
        self._sequencer = sequencer
        self._stopping = stopping

    def read(self, after: int, limit: int, wait: float) -> Page:
        """Return at most `limit` events after a position.

        Where there is none yet, wait for one, `wait` seconds at most.
        """
        deadline = time.monotonic() + wait
        while True:
            page = self._read(after, limit)
            if page.events or time.monotonic() >= deadline or self._stopping.wait(_POLL_SECONDS):
                return page

    def _read(self, after: int, limit: int) -> Page:
        self._sequencer.run()
        rows = select(*_EVENT).where(OutboxRow.position > after).order_by(OutboxRow.position)
        page = Page(events=[], position=after)
        size = 0
        with Session(self._engine) as session:
            for row in session.execute(rows.limit(limit)).yield_per(_CHUNK).mappings():
                page.events.append(Event(**row))
                page.position = row["position"]
                size += len(row["data"])
                if size >= _PAGE_BYTES:
                    break
        return page
