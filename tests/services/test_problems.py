"""Every error is a problem document (RFC 9457), and says nothing of the inside."""

import json
from typing import NoReturn
from uuid import UUID

import pytest
from starlette.testclient import TestClient

import services.items
from registry.records.items.item.v2 import Item
from services.chassis.entities.uuid7 import uuid7
from services.chassis.errors import DatabaseAway, ServiceError
from services.chassis.problems import STATUS
from services.chassis.settings import ServingSettings, Settings
from services.items.provider import ItemsProvider
from services.items.rows import ItemRow
from tests.services.examples import ITEM_BODY, ROOM_BODY

JSON = {"Content-Type": "application/json"}
NESTED = b"[" * 900 + b"]" * 900


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("GET", "/nothing", 404),
        ("GET", "/v1/rooms/018f0000-0000-7000-8000-000000000000", 404),
        ("GET", "/v1/rooms/no-uuid", 400),
        ("GET", "/v1/rooms?limit=0", 400),
        ("GET", "/v1/rooms?limit=101", 400),
        ("GET", "/v1/rooms?limit=x", 400),
        ("GET", "/v1/rooms?colour=red", 400),
        ("GET", "/v1/rooms?cursor=abc", 400),
        ("GET", "/v1/events?after=-1", 400),
        ("GET", f"/v1/events?after={2**63}", 400),
        ("GET", "/v1/events?wait=31", 400),
        ("DELETE", "/v1/rooms", 405),
        ("POST", "/v1/rooms", 400),
    ],
)
def test_a_request_that_cannot_be_answered_gets_a_problem(
    rooms: TestClient, method: str, path: str, status: int
) -> None:
    answer = rooms.request(method, path)
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert problem["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b"[" * 200_000,
        NESTED,
        b'{"images": ' + NESTED + b"}",
        b"1" * 5000,
        json.dumps(ROOM_BODY | {"name": "\ud800"}).encode(),
        json.dumps(
            ROOM_BODY | {"coordinates": {"latitude": float("nan"), "longitude": 0}}
        ).encode(),
        b"null",
        b"[]",
        b'"text"',
    ],
)
def test_a_body_that_is_no_room_is_400(rooms: TestClient, body: bytes) -> None:
    answer = rooms.post("/v1/rooms", content=body, headers=JSON)
    assert answer.status_code == 400, answer.text
    assert answer.json()["detail"]
    assert len(answer.content) < 10_000


def test_a_pair_of_surrogates_is_a_character(rooms: TestClient) -> None:
    answer = rooms.post("/v1/rooms", json=ROOM_BODY | {"name": "\U0001f3e0"})
    assert (answer.status_code, answer.json()["name"]) == (201, "\U0001f3e0")


def test_an_infinite_number_is_400(rooms: TestClient) -> None:
    body = json.dumps(ROOM_BODY | {"coordinates": {"latitude": 0, "longitude": 0}})
    answer = rooms.post("/v1/rooms", content=body.replace(": 0}", ": 1e999}"), headers=JSON)
    assert answer.status_code == 400


def test_a_body_of_another_type_is_415(rooms: TestClient) -> None:
    answer = rooms.post("/v1/rooms", content=b"<room/>", headers={"Content-Type": "text/xml"})
    assert answer.status_code == 415
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_charset_that_does_not_exist_does_not_matter_to_json(rooms: TestClient) -> None:
    headers = {"Content-Type": "application/json; charset=no-such"}
    answer = rooms.post("/v1/rooms", content=json.dumps(ROOM_BODY), headers=headers)
    assert answer.status_code == 201


def test_a_body_over_the_limit_is_413_and_one_at_the_limit_is_read(rooms: TestClient) -> None:
    at_limit = b" " * ServingSettings().max_body_bytes
    assert rooms.post("/v1/rooms", content=at_limit + b" ", headers=JSON).status_code == 413
    assert rooms.post("/v1/rooms", content=at_limit, headers=JSON).status_code == 400


def test_a_chunked_body_is_read_like_any_other(rooms: TestClient) -> None:
    parts = iter([json.dumps(ROOM_BODY).encode()])
    answer = rooms.post("/v1/rooms", content=parts, headers=JSON)
    assert answer.status_code == 201


def test_a_chunked_body_over_the_limit_is_413(rooms: TestClient) -> None:
    parts = (b" " * 65_536 for _ in range(ServingSettings().max_body_bytes // 65_536 + 1))
    answer = rooms.post("/v1/rooms", content=parts, headers=JSON)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_405_says_all_methods_that_are_allowed(rooms: TestClient) -> None:
    assert rooms.delete("/v1/rooms").headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert rooms.put("/v1/events").headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/v1/ui/", "/v1/ui/index.html", "/v1/ui/swagger-ui.css"])
@pytest.mark.parametrize("method", ["DELETE", "POST"])
def test_405_of_the_swagger_page_says_that_it_is_read(
    rooms: TestClient, method: str, path: str
) -> None:
    answer = rooms.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (ROOM_BODY | {"name": None}, 'null is not of type "string"'),
        (ROOM_BODY | {"name": True}, 'true is not of type "string"'),
        (ROOM_BODY | {"images": [{"url": None}]}, 'null is not of type "string"'),
        (ROOM_BODY | {"recurrency": "it's"}, '"it\'s" is not one of ["'),
        (None, 'null is not of type "object"'),
    ],
)
def test_what_is_wrong_is_told_in_the_words_of_json(
    rooms: TestClient, body: object, words: str
) -> None:
    answer = rooms.post("/v1/rooms", content=json.dumps(body), headers=JSON)
    assert words in answer.json()["detail"]


@pytest.mark.parametrize("body", [b"1" * 5000, b"-" + b"1" * 5000, b"[" * 200_000, NESTED])
def test_no_detail_speaks_of_python(rooms: TestClient, body: bytes) -> None:
    detail = rooms.post("/v1/rooms", content=body, headers=JSON).json()["detail"]
    assert "sys." not in detail
    assert "recursion" not in detail


@pytest.mark.parametrize("path", ["/v1/rooms", "/v1/events", "/v1/openapi.json", "/v1/ui/", "/no"])
def test_head_answers_as_get_does_without_the_body(rooms: TestClient, path: str) -> None:
    got, head = rooms.get(path), rooms.head(path)
    for each in (got, head):
        del each.headers["X-Request-ID"]
    assert (head.status_code, dict(head.headers)) == (got.status_code, dict(got.headers))
    assert head.content == b""


class BrokenItemsProvider(ItemsProvider):
    def __init__(self) -> None:
        pass

    def search(self, *, limit: int, cursor: str | None = None, **asked: object) -> NoReturn:
        message = f"the secret is {limit}, {cursor}, {asked}"
        raise RuntimeError(message)


def test_a_failure_inside_is_500_and_tells_only_the_log(
    items_settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    app = services.items.create_app(
        items_settings, lambda binder: binder.bind(ItemsProvider, to=BrokenItemsProvider())
    )
    answer = app.test_client(raise_server_exceptions=False).get("/v1/items")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
    assert "secret" in caplog.text


class AwayItemsProvider(BrokenItemsProvider):
    def search(self, *, limit: int, cursor: str | None = None, **asked: object) -> NoReturn:
        away = DatabaseAway("the server has closed the connection")
        raise RuntimeError(limit, cursor, asked) from away


def test_what_fails_while_an_outage_is_handled_is_the_outage(
    items_settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    app = services.items.create_app(
        items_settings, lambda binder: binder.bind(ItemsProvider, to=AwayItemsProvider())
    )
    answer = app.test_client(raise_server_exceptions=False).get("/v1/items")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "Traceback" not in caplog.text


class UnfitItemsProvider(ItemsProvider):
    def __init__(self, item: Item) -> None:
        self._item = item

    def get(self, item_id: UUID) -> ItemRow:
        assert item_id != self._item.id
        return ItemRow(id=self._item.id, version=1, record=self._item)


def test_an_answer_that_breaks_the_contract_is_500_and_tells_only_the_log(
    items_settings: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Item, "to_json", lambda _item: b'{"secret": 1}')
    item = Item.from_json(ITEM_BODY | {"id": str(uuid7()), "created_at": "2026-01-01T00:00:00Z"})
    app = services.items.create_app(
        items_settings, lambda binder: binder.bind(ItemsProvider, to=UnfitItemsProvider(item))
    )
    answer = app.test_client(raise_server_exceptions=False).get(f"/v1/items/{uuid7()}")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "secret" in caplog.text


def test_the_table_has_a_status_for_every_error_that_a_request_can_meet() -> None:
    at_start = {
        "ContractError",
        "DatabaseUnusable",
        "DevelopmentKeyUnusable",
        "PortTaken",
        "SettingsError",
    }
    by_commands = ("services.chassis.operate", "services.chassis.events.hearing.replay")
    met = {
        error.__name__
        for error in ServiceError.__subclasses__()
        if not error.__module__.startswith(by_commands)
    } - at_start
    assert {error.__name__ for error in STATUS} == met


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/ui"])
def test_what_is_above_the_swagger_page_leads_to_it(items: TestClient, path: str) -> None:
    answer = items.get(path, follow_redirects=True)
    assert (answer.status_code, answer.url.path) == (200, "/v1/ui/")


def test_json_is_compact(items: TestClient) -> None:
    assert items.post("/v1/items", json=ITEM_BODY).text.count("\n") == 0
