"""The chassis alone, carrying a service that it has never heard of."""

import importlib.util
import logging
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from starlette.testclient import TestClient

from services.chassis.app import create_app
from services.chassis.settings import Settings

CONTRACT = """
openapi: 3.0.3
info: {title: Notes, version: "1"}
servers: [{url: /v1}]
paths:
  /notes:
    get:
      operationId: search
      responses:
        "200":
          description: The notes.
          content:
            application/json:
              schema:
                type: object
                additionalProperties: {nullable: true, type: string}
"""
HANDLERS = '''
"""The handlers."""

def search() -> object:
    return {"first": "Buy tea.", "second": None}
'''


@pytest.fixture
def api(tmp_path: Path) -> ModuleType:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "openapi.yaml").write_text(CONTRACT)
    (tmp_path / "api.py").write_text(HANDLERS)
    spec = importlib.util.spec_from_file_location("notes.api", tmp_path / "api.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def notes(api: ModuleType, tmp_path: Path) -> Iterator[TestClient]:
    url = f"sqlite:///{tmp_path}/notes.sqlite"
    with create_app(
        api, Settings(name="notes", port=0, database_url=url, var=tmp_path)
    ).test_client() as client:
        yield client


def test_a_handler_may_answer_with_a_plain_value_which_becomes_compact_json(
    notes: TestClient,
) -> None:
    answer = notes.get("/v1/notes")
    assert answer.headers["content-type"] == "application/json"
    assert answer.text == '{"first":"Buy tea.","second":null}\n'


def test_a_service_that_declares_no_events_has_an_empty_feed(notes: TestClient) -> None:
    page = notes.get("/v1/events").json()
    assert (page["events"], page["position"]) == ([], 0)


def test_a_request_is_one_line_of_the_log_even_if_its_path_holds_a_line_break(
    notes: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "services.access")
    notes.get("/v1/a%0AINFO%20b")
    (line,) = [each.message for each in caplog.records if each.name == "services.access"]
    assert line.startswith("GET /v1/a%0AINFO%20b 404 ")


def test_the_feed_is_not_told_in_the_log(
    notes: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "services.access")
    notes.get("/v1/events")
    assert not [each for each in caplog.records if each.name == "services.access"]


def test_an_avro_page_is_given_to_whoever_prefers_it(notes: TestClient) -> None:
    for accept, expected in {
        "application/vnd.apache.avro": "application/vnd.apache.avro",
        "application/json;q=0.5, application/vnd.apache.avro": "application/vnd.apache.avro",
        "text/html, */*;q=0.8": "application/json",
    }.items():
        answer = notes.get("/v1/events", headers={"Accept": accept})
        assert answer.headers["content-type"] == expected
