"""Whether a service says truly that it can do its work."""

import asyncio
import threading
import time
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

import services.items
from services.chassis.health import Revisions
from services.chassis.observing.polled import Polled
from services.chassis.settings import Settings
from services.chassis.stopping import Stopping
from tests.ports import free_port
from tests.services.conftest import ITEMS_MIGRATIONS


def parts(client: TestClient, status: int) -> dict[str, Any]:
    answer = client.get("/health/ready")
    document = answer.json()
    assert (answer.status_code, document["status"]) == (
        status,
        "ready" if status == 200 else "not ready",
    )
    assert ("retry-after" in answer.headers) == (status == 503)
    return {part["name"]: part["state"] for part in document["parts"]}


def test_a_service_that_is_well_is_live_and_ready(rooms: TestClient) -> None:
    assert rooms.get("/health/live").json() == {"status": "live"}
    assert parts(rooms, 200) == {
        "service": "running",
        "database": "answers",
        "migrations": "applied",
        "items": "away",
    }


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
def test_the_pages_for_operators_are_only_read(rooms: TestClient, path: str) -> None:
    assert rooms.head(path).status_code == 200
    for method, status in {"POST": 405, "DELETE": 405, "OPTIONS": 204}.items():
        answer = rooms.request(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (status, "GET, HEAD, OPTIONS")


def test_without_its_database_a_service_is_live_but_not_ready(
    rooms: TestClient, rooms_settings: Settings
) -> None:
    Path(rooms_settings.database_url.removeprefix("sqlite:///")).unlink()
    assert "must be started again" in parts(rooms, 503)["database"]
    assert rooms.get("/health/live").status_code == 200


def test_a_service_that_stops_is_not_ready(items_settings: Settings) -> None:
    stopping = Stopping()
    app = services.items.create_app(
        items_settings, lambda binder: binder.bind(Stopping, to=stopping)
    )
    client = app.test_client()
    assert parts(client, 200)["service"] == "running"
    stopping.set()
    assert parts(client, 503)["service"] == "stopping"


def test_a_database_that_lost_a_migration_is_not_ready(items: TestClient, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version WHERE version_num LIKE 'items%'"))
    assert parts(items, 503)["migrations"].startswith("missing")


def test_a_database_that_newer_code_has_migrated_is_no_lack() -> None:
    revisions = Revisions(ITEMS_MIGRATIONS)
    assert revisions.lack(set())
    assert revisions.lack({"events_0001"})
    assert not revisions.lack({"events_0001", "items_9999"})


def test_a_followed_service_that_is_away_is_told_and_no_reason_to_be_unready(
    items_settings: Settings,
) -> None:
    rooms_url = f"http://127.0.0.1:{free_port()}"
    settings = Settings(
        name="items",
        port=0,
        database_url=items_settings.database_url,
        empty=True,
        urls={"rooms": rooms_url},
    )
    with services.items.create_app(settings).test_client() as client:
        deadline = time.monotonic() + 20
        while parts(client, 200)["rooms"] == "starting" and time.monotonic() < deadline:
            time.sleep(0.05)
        assert parts(client, 200)["rooms"] == "away"


def test_what_hangs_is_looked_at_once_and_given_up_in_time() -> None:
    released, looks = Event(), []

    def hang() -> str:
        looks.append(1)
        released.wait(30)
        return "late"

    polled = Polled(hang, seconds=0.1, fresh=0.0)

    async def ask() -> list[object]:
        asked = [polled.get() for _ in range(10)]
        return list(await asyncio.gather(*asked, return_exceptions=True))

    for _ in range(2):
        assert {type(each) for each in asyncio.run(ask())} == {TimeoutError}
    assert len(looks) == 1
    released.set()
    assert asyncio.run(Polled(lambda: "seen", seconds=10, fresh=0.0).get()) == "seen"


def test_what_was_seen_is_kept_a_moment_and_an_error_too() -> None:
    looks = []

    def fail() -> None:
        looks.append(threading.current_thread().name)
        raise OSError("away")

    polled = Polled(fail, seconds=10, fresh=60)
    for _ in range(5):
        with pytest.raises(OSError, match="away"):
            asyncio.run(polled.get())
    assert len(looks) == 1
