"""Conditional requests (RFC 9110, section 13)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from starlette.testclient import TestClient

from tests.services.databases import on_both_databases
from tests.services.examples import ITEM_BODY, ROOM_BODY

AVRO = "application/vnd.apache.avro"


@pytest.fixture
def place(rooms: TestClient) -> str:
    return str(rooms.post("/v1/rooms", json=ROOM_BODY).headers["location"])


def test_each_representation_has_a_strong_tag_of_the_version(rooms: TestClient, place: str) -> None:
    assert rooms.get(place).headers["etag"] == '"1"'
    assert rooms.get(place, headers={"Accept": AVRO}).headers["etag"] == '"1.avro"'
    assert rooms.get(place).headers["vary"] == "Accept"


@pytest.mark.parametrize("tags", ['"1"', 'W/"1"', '"0", "1"', "*"])
def test_who_has_it_already_gets_304_without_content(
    rooms: TestClient, place: str, tags: str
) -> None:
    answer = rooms.get(place, headers={"If-None-Match": tags})
    assert (answer.status_code, answer.content) == (304, b"")
    assert (answer.headers["etag"], answer.headers["vary"]) == ('"1"', "Accept, Accept-Encoding")
    assert "content-type" not in answer.headers
    assert rooms.head(place, headers={"If-None-Match": tags}).status_code == 304


@pytest.mark.parametrize("tags", ['"2"', '"1.avro"', 'W/"11"', '""'])
def test_who_has_something_else_gets_all(rooms: TestClient, place: str, tags: str) -> None:
    assert rooms.get(place, headers={"If-None-Match": tags}).status_code == 200


def test_a_list_has_the_same_tag_until_it_changes(items: TestClient) -> None:
    items.post("/v1/items", json=ITEM_BODY)
    tag = items.get("/v1/items").headers["etag"]
    assert items.get("/v1/items", headers={"If-None-Match": tag}).status_code == 304
    place = items.post("/v1/items", json=ITEM_BODY).headers["location"]
    assert items.get("/v1/items", headers={"If-None-Match": tag}).status_code == 200
    items.delete(place)
    assert items.get("/v1/items", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("tags", ['"1"', '"1.avro"', '"7", "1"', "*"])
def test_a_change_is_made_where_the_version_is_one_of_those_asked_for(
    rooms: TestClient, place: str, tags: str
) -> None:
    answer = rooms.patch(place, json={"name": "Attic"}, headers={"If-Match": tags})
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')


@pytest.mark.parametrize("tags", ['"2"', 'W/"1"', '"0", "2.avro"', '""', '"10"'])
def test_otherwise_it_is_412_and_nothing_changes(rooms: TestClient, place: str, tags: str) -> None:
    for answer in (
        rooms.patch(place, json={"name": "Attic"}, headers={"If-Match": tags}),
        rooms.delete(place, headers={"If-Match": tags}),
    ):
        assert answer.status_code == 412
        assert "version 1" in answer.json()["detail"]
    assert rooms.get(place).json()["name"] == ROOM_BODY["name"]
    assert len(rooms.get("/v1/events").json()["events"]) == 1


@pytest.mark.parametrize("tags", ["1", '"1', '"1" "2"', '"1",', "w/*"])
def test_what_is_no_list_of_tags_is_400(rooms: TestClient, place: str, tags: str) -> None:
    assert rooms.delete(place, headers={"If-Match": tags}).status_code == 400
    assert rooms.get(place, headers={"If-None-Match": tags}).status_code == 400


@on_both_databases
def test_of_those_who_change_the_same_version_at_once_one_does(rooms: TestClient) -> None:
    place = rooms.post("/v1/rooms", json=ROOM_BODY).headers["location"]
    together = Barrier(4, timeout=30)

    def change(number: int) -> int:
        together.wait()
        body, headers = {"name": f"Room {number}"}, {"If-Match": '"1"'}
        return rooms.patch(place, json=body, headers=headers).status_code

    with ThreadPoolExecutor(4) as threads:
        statuses = list(threads.map(change, range(4)))
    assert sorted(statuses) == [200, 412, 412, 412]
    assert rooms.get(place).headers["etag"] == '"2"'


@on_both_databases
def test_changes_without_a_condition_all_happen_one_after_the_other(rooms: TestClient) -> None:
    place = rooms.post("/v1/rooms", json=ROOM_BODY).headers["location"]

    def change(number: int) -> int:
        return rooms.patch(place, json={"name": f"Room {number}"}).status_code

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(change, range(8))) == [200] * 8
    assert rooms.get(place).headers["etag"] == '"9"'
    versions = [each["aggregate_version"] for each in rooms.get("/v1/events").json()["events"]]
    assert versions == list(range(1, 10))
