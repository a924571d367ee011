"""Requests that are sent again with the same Idempotency-Key."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from services.chassis.auth.development import DevelopmentIssuer
from services.chassis.database import open_database
from services.chassis.settings import Settings
from tests.services.databases import on_both_databases
from tests.services.examples import ITEM_BODY, ROOM_BODY

KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


def counts(client: TestClient, name: str) -> tuple[int, int]:
    stored = client.get(f"/v1/{name}").json()[name]
    return len(stored), len(client.get("/v1/events").json()["events"])


@on_both_databases
def test_the_same_request_again_is_answered_as_before_and_takes_effect_once(
    rooms: TestClient,
) -> None:
    first, again = (rooms.post("/v1/rooms", json=ROOM_BODY, headers=KEY) for _ in range(2))
    assert (again.status_code, again.content) == (201, first.content)
    for name in ("location", "etag", "vary", "content-type"):
        assert again.headers[name] == first.headers[name]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert counts(rooms, "rooms") == (1, 1)


def test_the_answer_stays_as_it_was_when_the_entity_changes(items: TestClient) -> None:
    first = items.post("/v1/items", json=ITEM_BODY, headers=KEY)
    items.delete(first.headers["location"])
    assert items.post("/v1/items", json=ITEM_BODY, headers=KEY).content == first.content
    assert items.get(first.headers["location"]).status_code == 404


def test_an_answer_in_avro_is_kept_as_such(rooms: TestClient) -> None:
    headers = KEY | {"Accept": "application/vnd.apache.avro"}
    first, again = (rooms.post("/v1/rooms", json=ROOM_BODY, headers=headers) for _ in range(2))
    assert (again.content, again.headers["etag"]) == (first.content, '"1.avro"')


def test_another_body_with_the_same_key_is_422(items: TestClient) -> None:
    items.post("/v1/items", json=ITEM_BODY, headers=KEY)
    answer = items.post("/v1/items", json=ITEM_BODY | {"name": "Chair"}, headers=KEY)
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["detail"]
    assert counts(items, "items") == (1, 1)


def test_without_a_key_each_request_is_a_new_one(items: TestClient) -> None:
    for _ in range(2):
        assert items.post("/v1/items", json=ITEM_BODY).status_code == 201
    assert counts(items, "items") == (2, 2)


def test_another_caller_may_use_the_same_key(rooms: TestClient, tmp_path: Path) -> None:
    rooms.post("/v1/rooms", json=ROOM_BODY, headers=KEY)
    token = DevelopmentIssuer.open(tmp_path).token("another", "services", ["rooms:write"])
    other = KEY | {"Authorization": f"Bearer {token}"}
    body = ROOM_BODY | {"url": "https://b.example/"}
    answer = rooms.post("/v1/rooms", json=body, headers=other)
    assert (answer.status_code, "idempotency-replayed" in answer.headers) == (201, False)


def test_what_was_refused_may_be_tried_again_with_the_same_key(rooms: TestClient) -> None:
    place = rooms.post("/v1/rooms", json=ROOM_BODY).headers["location"]
    assert rooms.post("/v1/rooms", json=ROOM_BODY, headers=KEY).status_code == 409
    rooms.delete(place)
    answer = rooms.post("/v1/rooms", json=ROOM_BODY, headers=KEY)
    assert (answer.status_code, "idempotency-replayed" in answer.headers) == (201, False)


@on_both_databases
def test_of_the_same_requests_at_once_one_takes_effect_and_all_get_its_answer(
    rooms: TestClient,
) -> None:
    together = Barrier(4, timeout=30)

    def offer(_: int) -> Any:
        together.wait()
        return rooms.post("/v1/rooms", json=ROOM_BODY, headers=KEY)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(offer, range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.content for answer in answers}) == 1
    assert [each.headers.get("idempotency-replayed") for each in answers].count(None) == 1
    assert counts(rooms, "rooms") == (1, 1)


@pytest.mark.parametrize("key", ["", "a b", "é".encode(), "a" * 256, "a\x7f"])
def test_a_key_that_is_none_is_400(items: TestClient, key: Any) -> None:
    answer = items.post("/v1/items", json=ITEM_BODY, headers={"Idempotency-Key": key})
    assert answer.status_code == 400
    assert items.get("/v1/items").json()["items"] == []


def test_the_longest_key_is_one(items: TestClient) -> None:
    key = {"Idempotency-Key": "!~" * 127 + "a"}
    first, again = (items.post("/v1/items", json=ITEM_BODY, headers=key) for _ in range(2))
    assert first.content == again.content


@on_both_databases
def test_after_a_day_a_key_is_forgotten(items: TestClient, items_settings: Settings) -> None:
    items.post("/v1/items", json=ITEM_BODY, headers=KEY)
    engine = open_database(items_settings.database_url, items_settings.name)
    with engine.begin() as connection:
        age = {"day": 24 * 3600 * 10**6}
        connection.execute(text("UPDATE kept_answer SET kept_at = kept_at - :day - 1"), age)
    answer = items.post("/v1/items", json=ITEM_BODY, headers=KEY)
    assert "idempotency-replayed" not in answer.headers
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM kept_answer")) == 1
    engine.dispose()
