"""A span for each request (OpenTelemetry), which the tracing extra installs."""

import os

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    ConsoleSpanExporter,
    SimpleSpanProcessor,
)
from opentelemetry.trace import TracerProvider as AnyTracerProvider
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.correlation import TRACEPARENT
from services.chassis.observing.metrics import UNROUTED
from services.chassis.observing.requests import operation
from services.chassis.settings import Traces


def exporting(name: str, to: Traces) -> TracerProvider:
    """Return what sends the spans of the service `name` where OTEL_* variables say."""
    name = os.environ.get("OTEL_SERVICE_NAME", name)
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: name}))
    provider.add_span_processor(
        SimpleSpanProcessor(ConsoleSpanExporter())
        if to is Traces.CONSOLE
        else BatchSpanProcessor(OTLPSpanExporter())
    )
    return provider


def with_spans(app: ASGIApp, provider: AnyTracerProvider) -> ASGIApp:
    """Return the application with a span around each request, named after its operation."""
    layer: ASGIApp = OpenTelemetryMiddleware(
        _Inside(app),
        excluded_urls="/health/live,/health/ready,/metrics",
        tracer_provider=provider,
        exclude_spans=["receive", "send"],
    )
    return layer


class _Inside:
    """Wraps an ASGI application, inside the span of its request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        span = trace.get_current_span()
        context = span.get_span_context()
        if context.is_valid:
            # Log lines, and calls to other services, belong to this span from here on.
            headers = MutableHeaders(scope=scope)
            headers[TRACEPARENT] = (
                f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
            )

        async def send_named(message: Message) -> None:
            # With the end of the answer the span is over.
            if message["type"] == "http.response.start":
                found = operation(scope)
                method: str = scope["method"]
                span.update_name(method if found == UNROUTED else f"{method} {found}")
            await send(message)

        await self._app(scope, receive, send_named)
