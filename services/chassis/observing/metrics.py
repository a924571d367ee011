"""Figures for Prometheus.

Where PROMETHEUS_MULTIPROC_DIR is set before this module is imported, several processes of one
service share their figures in that folder, and each tells the sum.
"""

import os
import platform
from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import Final

from injector import inject, singleton
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from services.chassis.settings import Settings

UNROUTED: Final = "-"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_PACKAGE: Final = "schema-registry-monorepo"
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


@singleton
class Metrics:
    """The figures of one app, which has a registry of its own."""

    @inject
    def __init__(self, settings: Settings) -> None:
        self._name = settings.name
        registry = self._registry = CollectorRegistry()
        labels = ("method", "operation")
        self._requests = Counter(
            "http_requests", "Requests that were answered.", (*labels, "status"), registry=registry
        )
        self._durations = Histogram(
            "http_request_duration_seconds",
            "How long answers took.",
            labels,
            buckets=_SECONDS,
            registry=registry,
        )
        self._in_flight = Gauge(
            "http_requests_in_flight",
            "Requests that are being answered.",
            registry=registry,
            multiprocess_mode="livesum",
        )

        self._unrouted = Counter(
            "events_unrouted", "Events that no queue wanted.", ("type",), registry=registry
        )

    def begin(self) -> None:
        """Count a request that came."""
        self._in_flight.inc()

    def end(self) -> None:
        """Count a request that is over."""
        self._in_flight.dec()

    def observe(self, method: str, operation: str, status: int, seconds: float) -> None:
        """Count an answer; status 0 is none. Methods that nobody knows are one."""
        method = method if method in _METHODS else "other"
        self._requests.labels(method, operation, str(status or "aborted")).inc()
        self._durations.labels(method, operation).observe(seconds)

    def count_unrouted(self, event_type: str) -> None:
        """Count an event that no queue wanted."""
        self._unrouted.labels(event_type).inc()

    def exposition(self, more: Iterable[Metric]) -> bytes:
        """Return all figures, and `more`, in Prometheus's text format."""
        registry = CollectorRegistry()
        registry.register(_Told(lambda: [self._about(), *more]))
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            MultiProcessCollector(registry)
        else:
            registry.register(_Told(self._registry.collect))
            ProcessCollector(registry=registry)
        return generate_latest(registry)

    def _about(self) -> Metric:
        labels = {"service": self._name, "version": version(_PACKAGE)}
        labels["python"] = platform.python_version()
        about = GaugeMetricFamily("service_info", "What runs here.", labels=list(labels))
        about.add_metric(list(labels.values()), 1)
        return about


class _Told(Collector):
    """Gives a registry what a function tells."""

    def __init__(self, tell: Callable[[], Iterable[Metric]]) -> None:
        self._tell = tell

    def collect(self) -> Iterable[Metric]:
        return self._tell()
