"""A database that cannot answer: 503 while it lasts, one line in the log, and then all is well."""

import json
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any, NoReturn

import psycopg
import pytest
from connexion import FlaskApp
from sqlalchemy import Engine, create_engine, event, make_url, text
from starlette.testclient import TestClient

import services.rooms
from services.chassis.database import for_writing, open_database
from services.chassis.database.outages import Outages
from services.chassis.errors import DatabaseAway
from services.chassis.settings import Settings
from services.rooms.provider import RoomsProvider
from tests.services.databases import SERVER, on_both_databases, on_postgresql
from tests.services.examples import ROOM_BODY

SAMPLES = Path(services.rooms.__file__).with_name("samples.json")
INSIDE = ("SELECT", "INSERT", "psycopg", "sqlite", "127.0.0.1", "sqlalche", "rooms.id")


def body(number: int) -> dict[str, Any]:
    return ROOM_BODY | {"url": f"https://a.example/{number}"}


def assert_away(answer: Any) -> None:
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert not [word for word in INSIDE if word in answer.text]


@contextmanager
def nobody_connects(database: str) -> Iterator[None]:
    """End all connections to a database and refuse new ones."""
    with psycopg.connect(SERVER, autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS false')
        try:
            admin.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
                [database],
            )
            yield
        finally:
            admin.execute(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS true')


@on_postgresql
def test_a_server_that_goes_and_comes_back_is_503_and_then_all_is_well(
    rooms: TestClient, postgresql: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    stored = rooms.post("/v1/rooms", json=body(0))
    assert stored.status_code == 201
    caplog.clear()
    with nobody_connects(postgresql.rpartition("/")[2]):
        for number in range(1, 4):
            assert_away(rooms.post("/v1/rooms", json=body(number)))
            assert_away(rooms.get("/v1/rooms"))
            assert_away(rooms.get("/v1/events"))
    assert rooms.post("/v1/rooms", json=body(1)).status_code == 201
    found = [each["url"] for each in rooms.get("/v1/rooms").json()["rooms"]]
    assert found == [body(0)["url"], body(1)["url"]]
    told = [each for each in caplog.messages if each.startswith("The database postgresql")]
    assert len(told) == 2, told
    assert "requests are answered with 503 until it does" in told[0]
    assert "answers again" in told[1]
    assert "Traceback" not in caplog.text


def test_an_outage_that_many_requests_meet_at_once_is_told_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []

    def slowly(record: logging.LogRecord) -> bool:
        told.append(record.getMessage())
        time.sleep(0.05)  # lets the other threads come by while this one tells
        return False

    log = logging.getLogger("services.chassis.database.outages")
    monkeypatch.setattr(log, "filters", [slowly])
    outages, together = Outages(make_url("postgresql://a.example/b")), Barrier(8)
    engine = create_engine("sqlite://")
    outages.watch(engine)
    engine.connect().close()  # so it has worked

    def fail(_: int) -> DatabaseAway:
        together.wait(10)
        return outages.away("gone", lost=True)

    with ThreadPoolExecutor(8) as threads:
        assert [each.reason for each in threads.map(fail, range(8))] == ["gone"] * 8
    assert len(told) == 1


class Struck(RoomsProvider):
    """Finds nothing: on the way to it the session executes `strike`."""

    strike = ""

    def search(self, *_: object, **__: object) -> NoReturn:
        self._session.execute(text(self.strike))
        raise AssertionError


@contextmanager
def struck(settings: Settings, strike: str) -> Iterator[TestClient]:
    class Provider(Struck):
        pass

    Provider.strike = strike
    app = services.rooms.create_app(
        settings, lambda binder: binder.bind(RoomsProvider, to=Provider)
    )
    with app.test_client(raise_server_exceptions=False) as client:
        yield client


@on_postgresql
def test_a_connection_that_is_lost_within_a_request_is_503_and_the_next_request_is_fine(
    rooms_settings: Settings, rooms: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    strike = "SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(5)"
    with struck(rooms_settings, strike) as broken:
        for _ in range(2):
            assert_away(broken.get("/v1/rooms"))
    assert rooms.get("/v1/rooms").status_code == 200
    assert "Traceback" not in caplog.text


def raising(state: str) -> str:
    return f"DO $$ BEGIN RAISE EXCEPTION 'SELECT' USING ERRCODE = '{state}'; END $$"


@on_postgresql
@pytest.mark.parametrize(
    ("state", "status"),
    [("53100", 503), ("40001", 503), ("23505", 409), ("22003", 400), ("23502", 500)],
)
def test_what_a_handler_did_not_foresee_is_a_problem_that_tells_nothing_of_the_inside(
    rooms_settings: Settings, state: str, status: int
) -> None:
    with struck(rooms_settings, raising(state)) as client:
        answer = client.get("/v1/rooms")
    assert answer.status_code == answer.json()["status"] == status
    assert not [word for word in INSIDE if word in answer.text]
    assert ("retry-after" in answer.headers) == (status == 503)


@pytest.fixture
def sqlite(
    rooms_settings: Settings, authorization: dict[str, str]
) -> Iterator[tuple[TestClient, Callable[[str], None]]]:
    """The service, and what puts a pragma on the connections that it uses from then on."""
    engine = open_database(rooms_settings.database_url)
    app = services.rooms.create_app(rooms_settings, lambda binder: binder.bind(Engine, to=engine))

    def strike(pragma: str) -> None:
        @event.listens_for(engine, "checkout")
        def configure(connection: sqlite3.Connection, *_: object) -> None:
            connection.execute(f"PRAGMA {pragma}")

    with app.test_client(raise_server_exceptions=False, headers=authorization) as client:
        yield client, strike


@pytest.mark.parametrize("pragma", ["max_page_count = 1", "query_only = 1"])
def test_a_full_disk_or_a_read_only_file_is_503_for_writers_while_readers_read(
    sqlite: tuple[TestClient, Callable[[str], None]],
    pragma: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    client, strike = sqlite
    assert client.post("/v1/rooms", json=body(0)).status_code == 201
    strike(pragma)
    large = {"description": "x" * 10_000}
    for number in range(1, 4):
        assert_away(client.post("/v1/rooms", json=body(number) | large))
    assert len(client.get("/v1/rooms").json()["rooms"]) == 1
    assert len([each for each in caplog.messages if "database" in each]) == 1
    assert "Traceback" not in caplog.text


def test_a_writer_that_waits_in_vain_for_its_turn_is_503(
    sqlite: tuple[TestClient, Callable[[str], None]], rooms_settings: Settings
) -> None:
    client, strike = sqlite
    strike("busy_timeout = 50")
    other = open_database(rooms_settings.database_url)
    with for_writing(other).begin():
        assert_away(client.post("/v1/rooms", json=body(1)))
        assert client.get("/v1/rooms").status_code == 200
    other.dispose()
    assert client.post("/v1/rooms", json=body(1)).status_code == 201


@on_both_databases
def test_processes_that_start_at_once_put_the_samples_once(rooms_settings: Settings) -> None:
    settings = replace(rooms_settings, empty=False)
    apps = [services.rooms.create_app(settings) for _ in range(3)]
    together = Barrier(len(apps), timeout=30)

    def start(app: FlaskApp) -> int:
        together.wait()
        with app.test_client() as client:
            return len(client.get("/v1/rooms?limit=100").json()["rooms"])

    with ThreadPoolExecutor() as threads:
        seen = list(threads.map(start, apps))
    assert len(set(seen)) == 1
    assert seen[0] == len(json.loads(SAMPLES.read_text()))
