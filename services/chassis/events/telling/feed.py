"""The feed: what a service tells, in the order of positions, for whoever asks."""

from injector import inject
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from registry.records.events.page.v1 import Event, Page
from services.chassis.events.tables import FeedRow, OutboxRow
from services.chassis.events.telling.sequencer import Sequencer
from services.chassis.events.telling.waiting import Waiting

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


class Feed:
    """Reads the outbox for others."""

    @inject
    def __init__(self, engine: Engine, sequencer: Sequencer, waiting: Waiting) -> None:
        self._engine = engine
        self._sequencer = sequencer
        self._waiting = waiting

    def read(self, after: int, limit: int, wait: float) -> Page:
        """Return at most `limit` events after a position.

        Where there is none yet, wait for one, `wait` seconds at most; not at all where too many
        wait already.
        """
        return self._waiting.for_events(lambda: self._read(after, limit), wait)

    def _read(self, after: int, limit: int) -> Page:
        self._sequencer.run()
        rows = select(*_EVENT).where(OutboxRow.position > after).order_by(OutboxRow.position)
        size = 0
        with Session(self._engine) as session:
            page = Page(feed=session.scalars(select(FeedRow.id)).one(), events=[], position=after)
            for row in session.execute(rows.limit(limit)).yield_per(_CHUNK).mappings():
                page.events.append(Event(**row))
                page.position = row["position"]
                size += len(row["data"])
                if size >= _PAGE_BYTES:
                    break
        return page
