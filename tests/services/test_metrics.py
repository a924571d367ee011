"""The figures for Prometheus."""

import os
import subprocess
import sys
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

import services.items
from services.chassis.events.tables import DeadLetterRow, InboxCursorRow
from services.chassis.settings import Settings
from tests.services.examples import FEED, envelope, room, room_changed

_OBSERVE = """
from services.chassis.observing.metrics import Metrics
from services.chassis.settings import Settings
metrics = Metrics(Settings(name="shop", port=0, database_url="sqlite:///x"))
metrics.begin()
metrics.observe("GET", "search", 200, 0.01)
print(metrics.exposition([]).decode())
"""


def figures(client: TestClient) -> dict[str, float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return parsed(answer.text)


def parsed(text: str) -> dict[str, float]:
    """Return the samples; each is named as Prometheus writes it."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{key}={sample.labels[key]}" for key in sorted(sample.labels))
            found[f"{sample.name}{{{labels}}}"] = sample.value
    return found


def counted(name: str, method: str, operation: str, status: object) -> str:
    return f"{name}{{method={method},operation={operation},status={status}}}"


def test_requests_are_counted_by_method_operation_and_status(rooms: TestClient) -> None:
    for path in ("/v1/rooms", "/v1/rooms", "/v1/rooms?limit=x", "/v1/a", "/v1/b", "/c"):
        rooms.get(path)
    found = figures(rooms)
    assert found[counted("http_requests_total", "GET", "search", 200)] == 2
    assert found[counted("http_requests_total", "GET", "search", 400)] == 1
    assert found[counted("http_requests_total", "GET", "-", 404)] == 3
    assert found["http_request_duration_seconds_count{method=GET,operation=search}"] == 3
    assert found["http_requests_in_flight{}"] == 1


def test_nobody_can_make_more_figures_by_inventing_methods_or_paths(rooms: TestClient) -> None:
    rooms.get("/v1/x")
    rooms.request("BREW", "/v1/x")
    before = len(figures(rooms))
    for number in range(20):
        rooms.request(f"BREW{number}", f"/v1/{number}")
        rooms.get(f"/v1/rooms/{number}")
    after = figures(rooms)
    # What was new is the 400 of the operation `get`: a counter, and a histogram's parts.
    assert len(after) - before < 25
    assert not [name for name in after if "BREW" in name]


def test_polls_do_not_count(rooms: TestClient) -> None:
    for path in ("/metrics", "/health/live", "/health/ready", "/v1/events"):
        rooms.get(path)
    assert not [name for name in figures(rooms) if name.startswith("http_requests_total")]


def test_two_apps_of_one_process_count_apart(rooms: TestClient, items: TestClient) -> None:
    rooms.get("/v1/rooms")
    name = counted("http_requests_total", "GET", "search", 200)
    assert figures(rooms)[name] == 1
    assert name not in figures(items)
    assert [each for each in figures(items) if "service=items" in each]


def test_the_database_tells_how_far_events_are(items_settings: Settings, engine: Engine) -> None:
    event = envelope(7, room_changed(room()))
    names = ("position", "type", "aggregate_id", "dataschema", "data")
    fields = {name: getattr(event, name) for name in names}
    with Session(engine) as session, session.begin():
        cursor = InboxCursorRow(source="rooms", feed=FEED, position=9, behind=False, applied=5)
        cursor.lag_milliseconds = 1500
        session.add(cursor)
        dead = {"event_id": event.id, "reason": "X", "detail": "x", "source": "rooms"}
        session.add(DeadLetterRow(**fields, **dead, received_at=event.occurred_at))
    found = figures(services.items.create_app(items_settings).test_client())
    assert found["events_outbox_pending{}"] == 0
    assert found["events_outbox_position{}"] == 0
    assert found["events_inbox_position{source=rooms}"] == 9
    assert found["events_inbox_lag_seconds{source=rooms}"] == 1.5
    assert found["events_received_total{outcome=applied,source=rooms}"] == 5
    assert found["events_received_total{outcome=duplicate,source=rooms}"] == 0
    assert found["events_dead_letters{source=rooms}"] == 1
    assert found["database_up{}"] == 1


def test_without_its_database_a_service_tells_the_other_figures(
    items: TestClient, items_settings: Settings
) -> None:
    items.get("/v1/items")
    Path(items_settings.database_url.removeprefix("sqlite:///")).unlink()
    found = figures(items)
    assert found["database_up{}"] == 0
    assert found[counted("http_requests_total", "GET", "search", 200)] == 1


def test_processes_that_share_a_folder_tell_their_sum(tmp_path: Path) -> None:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    told = [
        subprocess.run(
            [sys.executable, "-c", _OBSERVE],
            env=environment,
            capture_output=True,
            check=True,
            text=True,
            timeout=60,
        ).stdout
        for _ in range(2)
    ]
    found = parsed(told[1])
    assert found[counted("http_requests_total", "GET", "search", 200)] == 2
    assert [name for name in found if name.startswith("service_info")]
