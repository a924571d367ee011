"""How far the other services have been heard, and what became of their events."""

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.chassis.events.tables import DeadLetterRow, InboxCursorRow

_dead = select(DeadLetterRow.source, func.count()).group_by(DeadLetterRow.source)
_OUTCOMES = ("applied", "duplicate", "dead")


def hearing_figures(session: Session) -> list[Metric]:
    """Return the figures of now, by source. Raises what the database raises."""
    position = GaugeMetricFamily(
        "events_inbox_position", "The last event received.", labels=["source"]
    )
    lag = GaugeMetricFamily(
        "events_inbox_lag_seconds",
        "How old the last event was when it took effect.",
        labels=["source"],
    )
    received = CounterMetricFamily(
        "events_received", "Events by what became of them.", labels=["source", "outcome"]
    )
    for row in session.scalars(select(InboxCursorRow)):
        position.add_metric([row.source], row.position)
        lag.add_metric([row.source], row.lag_milliseconds / 1000)
        for outcome in _OUTCOMES:
            received.add_metric([row.source, outcome], getattr(row, outcome))
    dead = GaugeMetricFamily("events_dead_letters", "Events that had no effect.", labels=["source"])
    for source, count in session.execute(_dead):
        dead.add_metric([source], count)
    return [position, lag, received, dead]
