from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

import services.rooms
from registry import wire
from registry.records.rooms.room.v1 import Room as OldRoom
from registry.records.rooms.room.v2 import Room
from services.chassis.database import open_database
from services.chassis.entities.uuid7 import uuid7
from services.chassis.settings import Settings
from tests.services.examples import ROOM_BODY


def offer(rooms: TestClient, number: int) -> dict[str, Any]:
    answer = rooms.post("/v1/rooms", json=ROOM_BODY | {"url": f"https://a.example/{number}"})
    assert answer.status_code == 201
    room: dict[str, Any] = answer.json()
    return room


def test_a_new_room_is_answered_with_201_its_place_and_its_defaults(rooms: TestClient) -> None:
    answer = rooms.post("/v1/rooms", json=ROOM_BODY)
    room = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/rooms/{room['id']}"
    assert UUID(room["id"]).version == 7
    assert (room["recurrency"], room["visibility"], room["images"]) == ("MONTHLY", "PUBLIC", [])
    assert room["area"] is None


def test_a_stored_room_is_got_as_it_was_answered(rooms: TestClient) -> None:
    area = {"city": "Ghent", "country": "BE", "district": None, "postal_code": "9000"}
    images = [{"url": "https://a.example/1.jpg", "caption": "The garden"}]
    body = ROOM_BODY | {"area": area, "images": images, "property_size": 20}
    answer = rooms.post("/v1/rooms", json=body)
    got = rooms.get(answer.headers["location"])
    assert (got.status_code, got.json()) == (200, answer.json())
    assert got.json()["area"] == area


def test_a_room_with_a_known_url_is_refused_with_409_that_names_the_room(rooms: TestClient) -> None:
    first = rooms.post("/v1/rooms", json=ROOM_BODY).json()
    answer = rooms.post("/v1/rooms", json=ROOM_BODY | {"name": "The same again"})
    assert answer.status_code == 409
    assert answer.json()["existing_id"] == first["id"]
    assert first["id"] in answer.json()["detail"]


def test_a_refused_room_is_neither_stored_nor_told(rooms: TestClient) -> None:
    rooms.post("/v1/rooms", json=ROOM_BODY)
    rooms.post("/v1/rooms", json=ROOM_BODY)
    assert len(rooms.get("/v1/rooms").json()["rooms"]) == 1
    assert len(rooms.get("/v1/events").json()["events"]) == 1


def test_an_unknown_room_is_404_with_its_id_in_the_detail(rooms: TestClient) -> None:
    identity = uuid7()
    answer = rooms.get(f"/v1/rooms/{identity}")
    assert answer.status_code == 404
    assert str(identity) in answer.json()["detail"]


def test_a_search_walks_all_rooms_page_by_page_oldest_first(rooms: TestClient) -> None:
    offered = [offer(rooms, number) for number in range(5)]
    found, query = [], "limit=2"
    for _ in range(3):
        page = rooms.get(f"/v1/rooms?{query}").json()
        found += page["rooms"]
        query = f"limit=2&cursor={page['next_cursor']}"
    assert found == offered
    assert page["next_cursor"] is None


def test_an_empty_service_answers_an_empty_page(rooms: TestClient) -> None:
    assert rooms.get("/v1/rooms").json() == {"rooms": [], "next_cursor": None}


def test_a_new_room_is_told_as_an_event_with_the_room_and_the_request_inside(
    rooms: TestClient,
) -> None:
    room = rooms.post("/v1/rooms", json=ROOM_BODY, headers={"X-Request-ID": "r-1"}).json()
    page = rooms.get("/v1/events").json()
    (event,) = page["events"]
    assert page["position"] == event["position"] == 1
    assert (event["type"], event["dataschema"]) == ("rooms.RoomChanged", "rooms.RoomChanged/2")
    assert (event["aggregate_id"], event["aggregate_version"]) == (room["id"], 1)
    assert (event["data"]["kind"], event["data"]["room"]) == ("CREATED", room)
    assert event["data"]["request_id"] == "r-1"


def test_people_see_the_feed_even_where_the_datum_of_an_event_cannot_be_read(
    rooms: TestClient, rooms_settings: Settings
) -> None:
    rooms.post("/v1/rooms", json=ROOM_BODY)
    engine = open_database(rooms_settings.database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET data = :data"), {"data": b"not Avro"})
    engine.dispose()
    (event,) = rooms.get("/v1/events").json()["events"]
    assert event["data"] is None


def test_a_row_of_an_older_schema_version_is_read_as_todays_record(
    rooms: TestClient, rooms_settings: Settings
) -> None:

    room = rooms.post("/v1/rooms", json=ROOM_BODY).json()
    old = OldRoom.from_json({"id": room["id"], **ROOM_BODY})
    engine = open_database(rooms_settings.database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE rooms SET record = :data"), {"data": wire.encode(old)})
    engine.dispose()
    assert rooms.get(f"/v1/rooms/{room['id']}").json() == room


def test_samples_are_there_at_the_first_start_and_told_and_not_doubled_at_the_second(
    rooms_settings: Settings,
) -> None:
    with_samples = replace(rooms_settings, empty=False)
    for _ in range(2):
        with services.rooms.create_app(with_samples).test_client() as rooms:
            found = rooms.get("/v1/rooms").json()["rooms"]
            told = rooms.get("/v1/events").json()["events"]
    assert [room["id"] for room in found] == [event["aggregate_id"] for event in told]
    assert len(found) == 2


@pytest.mark.parametrize("field", ["id", "created_at", "shape"])
def test_a_field_that_a_client_does_not_set_is_refused(rooms: TestClient, field: str) -> None:
    answer = rooms.post("/v1/rooms", json=ROOM_BODY | {field: str(uuid7())})
    assert answer.status_code == 400
    assert field in answer.json()["errors"][0]["detail"]


def test_the_record_that_is_answered_is_the_json_form_of_the_schema(rooms: TestClient) -> None:
    answer = rooms.post("/v1/rooms", json=ROOM_BODY)
    assert Room.from_json(answer.content).to_json() == answer.content


def test_the_example_on_the_swagger_page_is_accepted(rooms: TestClient) -> None:
    contract = rooms.get("/v1/openapi.json").json()
    body = contract["paths"]["/rooms"]["post"]["requestBody"]["content"]["application/json"]
    answer = rooms.post("/v1/rooms", json=body["example"])
    assert answer.status_code == 201
    assert answer.json()["name"] == body["example"]["name"]


def test_an_empty_entity_tag_fits_no_version(rooms: TestClient) -> None:
    path = rooms.post("/v1/rooms", json=ROOM_BODY).headers["location"]
    for tag in ('""', 'W/""', '"", "9"'):
        assert rooms.delete(path, headers={"If-Match": tag}).status_code == 412


def test_a_room_that_nobody_has_put_an_item_into_has_none(rooms: TestClient) -> None:
    room = offer(rooms, 1)
    path = f"/v1/rooms/{room['id'].upper()}/items"
    assert rooms.get(path).json() == {"room_id": room["id"], "count": 0}


def test_the_items_of_a_room_that_there_is_not_are_404(rooms: TestClient) -> None:
    assert rooms.get(f"/v1/rooms/{uuid7()}/items").status_code == 404
    assert rooms.get("/v1/rooms/none/items").status_code == 400


def test_everybody_may_count_the_items_of_a_room_where_reads_are_open(
    anonymous_rooms: TestClient, rooms: TestClient
) -> None:
    room = offer(rooms, 1)
    del anonymous_rooms.headers["Authorization"]
    assert anonymous_rooms.get(f"/v1/rooms/{room['id']}/items").status_code == 200
