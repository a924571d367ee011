"""Traces, where the extra is installed and the environment asks for them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient

import services.rooms
from services.chassis import settings as settings_module
from services.chassis.correlation import outgoing_headers
from services.chassis.errors import SettingsError
from services.chassis.observing import spans
from services.chassis.settings import Settings, Traces
from tests.services.broken import items_that

SENT = f"00-{'a' * 32}-{'b' * 16}-01"


@pytest.fixture
def exported(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """Keeps the spans that would be sent."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(spans, "exporting", lambda _name, _to: provider)
    return exporter


def traced(settings: Settings) -> Settings:
    return replace(settings, traces=Traces.OTLP)


@pytest.fixture
def rooms_traced(rooms_settings: Settings, exported: InMemorySpanExporter) -> Iterator[TestClient]:
    assert not exported.get_finished_spans()
    with services.rooms.create_app(traced(rooms_settings)).test_client() as client:
        yield client


def names(exported: InMemorySpanExporter) -> list[str]:
    return [span.name for span in exported.get_finished_spans()]


def test_a_request_is_one_span_named_after_its_operation(
    rooms_traced: TestClient, exported: InMemorySpanExporter
) -> None:
    rooms_traced.get("/v1/rooms")
    rooms_traced.get("/v1/none/of/these")
    rooms_traced.get("/health/live")
    rooms_traced.get("/metrics")
    assert names(exported) == ["GET search", "GET"]


def test_a_span_continues_the_trace_of_the_caller_and_other_services_continue_it(
    items_settings: Settings, exported: InMemorySpanExporter
) -> None:
    handed_on: list[str] = []

    def look() -> None:
        handed_on.append(outgoing_headers()["traceparent"])

    items_that(look, traced(items_settings)).get("/v1/items", headers={"traceparent": SENT})
    span: ReadableSpan
    (span,) = exported.get_finished_spans()
    assert span.parent is not None
    assert f"{span.parent.span_id:016x}" == "b" * 16
    assert span.context is not None
    assert handed_on == [f"00-{'a' * 32}-{span.context.span_id:016x}-01"]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector.example:4318"}, Traces.OTLP),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://collector.example/x"}, Traces.OTLP),
        ({"OTEL_TRACES_EXPORTER": "console"}, Traces.CONSOLE),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c"}, None),
        ({"OTEL_TRACES_EXPORTER": "otlp", "OTEL_SDK_DISABLED": "true"}, None),
    ],
)
def test_the_environment_says_where_traces_go(
    environment: Mapping[str, str], expected: Traces | None
) -> None:
    assert Settings.read("rooms", {"rooms": 0}, environment).traces is expected


def test_without_the_extra_the_settings_say_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def find_spec(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(settings_module, "find_spec", find_spec)
    environment = {"OTEL_TRACES_EXPORTER": "otlp", "ROOMS_PORT": "x"}
    with pytest.raises(SettingsError, match=r"ROOMS_PORT(.|\n)*requirements/tracing.lock"):
        Settings.read("rooms", {"rooms": 0}, environment)
    assert Settings.read("rooms", {"rooms": 0}, {}).traces is None


@pytest.mark.parametrize("to", list(Traces))
def test_what_sends_spans_can_be_made(to: Traces, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    provider = spans.exporting("rooms", to)
    assert provider.resource.attributes["service.name"] == "rooms"
    provider.shutdown()
