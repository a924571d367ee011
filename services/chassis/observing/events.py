"""How far the events of a service are: those it tells, and those it hears."""

from collections.abc import Iterable

from injector import inject
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from sqlalchemy import Engine, Row, func, select
from sqlalchemy.orm import Session

from services.chassis.events.tables import DeadLetterRow, InboxCursorRow, OutboxRow

_pending = select(func.count()).where(OutboxRow.position.is_(None))
_position = select(func.coalesce(func.max(OutboxRow.position), 0))
_heard = select(InboxCursorRow.source, InboxCursorRow.position)
_dead = select(DeadLetterRow.source, func.count()).group_by(DeadLetterRow.source)


class EventFigures:
    """Reads the figures from the database."""

    @inject
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self) -> list[Metric]:
        """Return the figures of now. Raises what the database raises."""
        with Session(self._engine) as session:
            pending, position = session.scalars(_pending).one(), session.scalars(_position).one()
            heard, dead = session.execute(_heard).all(), session.execute(_dead).all()
        waiting = "Events that have no position in the feed yet."
        return [
            GaugeMetricFamily("events_outbox_pending", waiting, pending),
            GaugeMetricFamily("events_outbox_position", "The last position of the feed.", position),
            _by_source("events_inbox_position", "The last event received.", heard),
            _by_source("events_dead_letters", "Events that had no effect.", dead),
        ]


def _by_source(name: str, documentation: str, rows: Iterable[Row[str, int]]) -> Metric:
    family = GaugeMetricFamily(name, documentation, labels=["source"])
    for source, figure in rows:
        family.add_metric([source], figure)
    return family
