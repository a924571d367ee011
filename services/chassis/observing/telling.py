"""How far the events are that a service tells: numbered, put to its sinks, read by others."""

from collections.abc import Iterable
from datetime import UTC, datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.chassis.events.tables import OutboxRow, SinkCursorRow
from services.chassis.events.telling.readers import READER

_pending = select(func.count()).where(OutboxRow.position.is_(None))
_position = select(func.max(OutboxRow.position))
_sinks = select(SinkCursorRow.sink, SinkCursorRow.position).order_by(SinkCursorRow.sink)


def telling_figures(session: Session) -> list[Metric]:
    """Return the figures of now."""
    pending, position = session.scalars(_pending).one(), session.scalar(_position) or 0
    sinks = [(sink, at) for sink, at in session.execute(_sinks)]
    relayed = [at for sink, at in sinks if not sink.startswith(READER)]
    numbered = GaugeMetricFamily(
        "events_outbox_pending", "Events that have no position in the feed yet.", pending
    )
    unsent = GaugeMetricFamily(
        "events_outbox_oldest_unsent_seconds",
        "How long the oldest event waits that a relay has not put to its sink.",
        _waits(session, min(relayed)) if relayed else 0,
    )
    lags = [(sink, position - at + pending) for sink, at in sinks]
    return [
        numbered,
        GaugeMetricFamily("events_outbox_position", "The last position of the feed.", position),
        _by_sink("events_sink_position", "The last event that a sink or reader has.", sinks),
        _by_sink("events_sink_lag", "Events that a sink or reader has not yet.", lags),
        unsent,
    ]


def _waits(session: Session, position: int) -> float:
    """Return for how many seconds the first event after a position waits; 0 where there is none."""
    numbered = select(OutboxRow.occurred_at).where(OutboxRow.position > position)
    pending = select(OutboxRow.occurred_at).where(OutboxRow.position.is_(None))
    first = session.scalar(numbered.order_by(OutboxRow.position).limit(1))
    first = first or session.scalar(pending.order_by(OutboxRow.id).limit(1))
    return 0 if first is None else max(0.0, (datetime.now(UTC) - first).total_seconds())


def _by_sink(name: str, documentation: str, figures: Iterable[tuple[str, int]]) -> Metric:
    family = GaugeMetricFamily(name, documentation, labels=["sink"])
    for sink, figure in figures:
        family.add_metric([sink], figure)
    return family
