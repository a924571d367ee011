"""Traces, where the settings ask for them; OpenTelemetry is imported only then."""

from importlib import import_module

from starlette.types import ASGIApp

from services.chassis.settings import Settings


def traced(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Return the application with a span around each request, or as it is."""
    if settings.traces is None:
        return app
    spans = import_module("services.chassis.observing.spans")
    layer: ASGIApp = spans.with_spans(app, spans.exporting(settings.name, settings.traces))
    return layer
