"""Changes by JSON Merge Patch (RFC 7396)."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from registry.records.rooms.area.v1 import Area
from services.chassis.entities.patching import merged, patched
from services.chassis.entities.uuid7 import uuid7
from services.chassis.errors import InvalidBody
from tests.services import examples
from tests.services.examples import ITEM_BODY, ROOM_BODY

MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}
# RFC 7396, appendix A: the original, the patch, the result.
APPENDIX: list[tuple[Any, Any, Any]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]
SCALARS = st.none() | st.booleans() | st.integers() | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
)


def patch(client: TestClient, path: str, change: dict[str, Any]) -> Any:
    return client.patch(path, content=json.dumps(change), headers=MERGE_PATCH)


@pytest.mark.parametrize(("original", "change", "result"), APPENDIX)
def test_the_examples_of_the_rfc(original: Any, change: Any, result: Any) -> None:
    assert merged(original, change) == result


@given(VALUES, VALUES)
def test_a_patch_twice_is_the_patch_once_and_leaves_the_original_alone(
    original: Any, change: Any
) -> None:
    before = json.dumps(original)
    once = merged(original, change)
    assert merged(once, change) == once
    assert json.dumps(original) == before


def test_a_patch_that_leaves_no_record_tells_all_that_is_wrong() -> None:
    area = Area(city="Ghent", country="BE")
    with pytest.raises(InvalidBody) as caught:
        patched(area, {"city": None, "country": 1, "shape": 2})
    errors = caught.value.members["errors"]
    assert isinstance(errors, list)
    assert sorted(each["pointer"] for each in errors) == ["/city", "/country", "/shape"]


def test_a_patch_changes_what_it_names_and_null_gives_a_field_its_default(
    rooms: TestClient,
) -> None:
    body = ROOM_BODY | {"recurrency": "DAILY", "property_size": 20}
    room = rooms.post("/v1/rooms", json=body).json()
    change = {"price": {"amount": "99.50"}, "recurrency": None, "property_size": None}
    answer = patch(rooms, f"/v1/rooms/{room['id']}", change)
    expected = room | {
        "price": {"amount": "99.50", "currency": "EUR"},
        "recurrency": "MONTHLY",
        "property_size": None,
    }
    assert (answer.status_code, answer.json()) == (200, expected)
    assert rooms.get(f"/v1/rooms/{room['id']}").json() == expected


def test_a_patch_may_be_sent_as_plain_json(items: TestClient) -> None:
    place = items.post("/v1/items", json=ITEM_BODY).headers["location"]
    assert items.patch(place, json={"tags": ["a"]}).json()["tags"] == ["a"]


def test_a_record_that_was_absent_is_made_by_a_patch_if_it_is_whole(rooms: TestClient) -> None:
    place = rooms.post("/v1/rooms", json=ROOM_BODY).headers["location"]
    half = patch(rooms, place, {"area": {"city": "Ghent"}, "monthly_price": {"currency": "EUR"}})
    pointers = {each["pointer"] for each in half.json()["errors"]}
    assert (half.status_code, pointers) == (400, {"/area/country", "/monthly_price/amount"})
    whole = patch(rooms, place, {"area": {"city": "Ghent", "country": "BE"}})
    assert whole.json()["area"]["city"] == "Ghent"


def test_a_change_is_told_with_the_next_version_and_none_where_nothing_changes(
    rooms: TestClient,
) -> None:
    place = rooms.post("/v1/rooms", json=ROOM_BODY).headers["location"]
    same = patch(rooms, place, {"name": ROOM_BODY["name"], "recurrency": None})
    assert same.headers["etag"] == '"1"'
    changed = patch(rooms, place, {"name": "Attic"})
    assert changed.headers["etag"] == '"2"'
    created, updated = rooms.get("/v1/events").json()["events"]
    assert (updated["data"]["kind"], updated["aggregate_version"]) == ("UPDATED", 2)
    assert updated["data"]["entity_version"] == 2
    assert updated["data"]["room"] == changed.json()
    assert created["data"]["room"]["name"] == ROOM_BODY["name"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": None}, "/name"),
        ({"name": "a\0b"}, "/name"),
        ({"price": {"currency": "euro"}}, "/price/currency"),
        ({"price": {"amount": None}}, "/price/amount"),
        ({"price": None}, "/price"),
        ({"url": "ftp://a.example/"}, "/url"),
        ({"id": str(uuid7())}, "/id"),
        ({"images": [{"caption": "no url"}]}, "/images/0/url"),
        ({"images": [{"url": "http://a.example/"}] * 51}, "/images"),
        ({"area": {"city": "Ghent", "country": "be"}}, "/area/country"),
        ({"coordinates": {"latitude": 90.1, "longitude": 180}}, "/coordinates/latitude"),
    ],
)
def test_a_patch_of_what_cannot_be_is_400_at_the_field_and_changes_nothing(
    rooms: TestClient, change: dict[str, Any], pointer: str
) -> None:
    answer = rooms.post("/v1/rooms", json=ROOM_BODY)
    refused = patch(rooms, answer.headers["location"], change)
    assert refused.status_code == 400
    assert [each["pointer"] for each in refused.json()["errors"]] == [pointer]
    assert rooms.get(answer.headers["location"]).json() == answer.json()


def test_a_patch_to_the_url_of_another_room_is_409_and_names_it(rooms: TestClient) -> None:
    first = rooms.post("/v1/rooms", json=ROOM_BODY).json()
    place = rooms.post("/v1/rooms", json=ROOM_BODY | {"url": "https://a.example/"}).headers
    answer = patch(rooms, place["location"], {"url": ROOM_BODY["url"]})
    assert (answer.status_code, answer.json()["existing_id"]) == (409, first["id"])
    assert rooms.get(place["location"]).json()["url"] == "https://a.example/"


def test_an_item_moves_to_no_unknown_room(items: TestClient) -> None:
    place = items.post("/v1/items", json=ITEM_BODY).headers["location"]
    answer = patch(items, place, {"room_id": str(uuid7())})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/room_id")


def test_what_is_not_there_is_404_to_patch_and_to_delete(rooms: TestClient) -> None:
    place = f"/v1/rooms/{uuid7()}"
    assert patch(rooms, place, {"name": "a"}).status_code == 404
    assert rooms.delete(place).status_code == 404


@pytest.mark.parametrize("media_type", ["application/vnd.apache.avro", "text/plain"])
def test_a_patch_of_another_type_is_415(rooms: TestClient, media_type: str) -> None:
    place = rooms.post("/v1/rooms", json=ROOM_BODY).headers["location"]
    sent = examples.room().to_avro()
    answer = rooms.patch(place, content=sent, headers={"Content-Type": media_type})
    assert answer.status_code == 415


def test_what_is_deleted_is_gone_and_told_as_it_was_before(rooms: TestClient) -> None:
    answer = rooms.post("/v1/rooms", json=ROOM_BODY)
    gone = rooms.delete(answer.headers["location"])
    assert (gone.status_code, gone.content) == (204, b"")
    assert "content-type" not in gone.headers
    assert rooms.get(answer.headers["location"]).status_code == 404
    assert rooms.get("/v1/rooms").json()["rooms"] == []
    told = rooms.get("/v1/events").json()["events"][-1]["data"]
    assert (told["kind"], told["entity_version"], told["room"]) == ("DELETED", 2, answer.json())
    assert rooms.post("/v1/rooms", json=ROOM_BODY).status_code == 201
