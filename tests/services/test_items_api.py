from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

import services.items
from registry.records.rooms.room_changed.v1 import RoomChange, RoomChanged
from services.chassis.bindings import injector_of
from services.chassis.database import writing
from services.chassis.entities.uuid7 import uuid7
from services.chassis.settings import Settings
from services.chassis.wiring import filled, unit_of_work
from services.items.bindings import configure
from services.items.events import room_changed
from services.items.rows import KnownRoomRow
from tests.services import examples
from tests.services.databases import on_both_databases
from tests.services.examples import ITEM_BODY


def hear(settings: Settings, event: RoomChanged) -> None:
    injector = injector_of(settings, configure)
    with unit_of_work(injector), writing(injector.get(Session)):
        filled(room_changed, injector)(event)
    injector.get(Engine).dispose()


def test_a_new_item_is_answered_with_201_its_place_and_the_time(items: TestClient) -> None:
    answer = items.post("/v1/items", json=ITEM_BODY | {"tags": ["shelf"]})
    item = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/items/{item['id']}"
    assert item["tags"] == ["shelf"]
    age = datetime.now(UTC) - datetime.fromisoformat(item["created_at"])
    assert timedelta(0) <= age < timedelta(minutes=1)


def test_a_stored_item_is_got_and_found_as_it_was_answered(items: TestClient) -> None:
    item = items.post("/v1/items", json=ITEM_BODY).json()
    assert items.get(f"/v1/items/{item['id']}").json() == item
    assert items.get("/v1/items").json() == {"items": [item], "next_cursor": None}


def test_an_item_of_an_unknown_room_is_refused_with_422_at_the_field(items: TestClient) -> None:
    answer = items.post("/v1/items", json=ITEM_BODY | {"room_id": str(uuid7())})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/room_id"
    assert items.get("/v1/items").json()["items"] == []


def test_an_item_of_a_known_room_is_accepted(items: TestClient, items_settings: Settings) -> None:
    room = examples.room()
    hear(items_settings, examples.room_changed(room))
    answer = items.post("/v1/items", json=ITEM_BODY | {"room_id": str(room.id)})
    assert (answer.status_code, answer.json()["room_id"]) == (201, str(room.id))


def test_an_item_of_a_deleted_room_is_refused_with_422(
    items: TestClient, items_settings: Settings
) -> None:
    room = examples.room()
    hear(items_settings, examples.room_changed(room))
    hear(items_settings, examples.room_changed(room, 2, RoomChange.DELETED))
    answer = items.post("/v1/items", json=ITEM_BODY | {"room_id": str(room.id)})
    assert answer.status_code == 422
    assert "deleted" in answer.json()["detail"]


@on_both_databases
def test_the_items_of_a_room_that_is_deleted_stay_without_it_and_that_is_told(
    items: TestClient, items_settings: Settings
) -> None:
    room, other = examples.room(), examples.room()
    for each in (room, other):
        hear(items_settings, examples.room_changed(each))
    bodies = [ITEM_BODY | {"room_id": str(each.id)} for each in (room, other, room)]
    made = [items.post("/v1/items", json=body).json() for body in bodies]
    assert items.get(f"/v1/items?room_id={room.id}").json()["items"] == [made[0], made[2]]
    hear(items_settings, examples.room_changed(room, 2, RoomChange.DELETED))
    hear(items_settings, examples.room_changed(room, 2, RoomChange.DELETED))
    unlinked = [made[0] | {"room_id": None}, made[2] | {"room_id": None}]
    assert items.get("/v1/items").json()["items"] == [unlinked[0], made[1], unlinked[1]]
    assert items.get(f"/v1/items?room_id={room.id}").json()["items"] == []
    told = items.get("/v1/events?after=3").json()["events"]
    assert [(each["data"]["kind"], each["data"]["item"]) for each in told] == [
        ("UPDATED", each) for each in unlinked
    ]
    assert [each["aggregate_version"] for each in told] == [2, 2]


def test_an_older_event_of_a_room_changes_nothing(engine: Engine, items_settings: Settings) -> None:
    room = examples.room()
    hear(items_settings, examples.room_changed(examples.room(room.id, "Today"), 2))
    hear(items_settings, examples.room_changed(examples.room(room.id, "Yesterday"), 1))
    with Session(engine) as session:
        known = session.get_one(KnownRoomRow, room.id)
    assert (known.name, known.version) == ("Today", 2)


def test_a_new_item_is_told_as_an_event_with_the_item_inside(items: TestClient) -> None:
    item = items.post("/v1/items", json=ITEM_BODY).json()
    (event,) = items.get("/v1/events").json()["events"]
    assert (event["type"], event["aggregate_id"]) == ("items.ItemChanged", item["id"])
    assert event["data"]["item"] == item


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"price": {"amount": "1.005", "currency": "EUR"}}, "/price/amount"),
        ({"price": {"amount": "1" * 20, "currency": "EUR"}}, "/price/amount"),
        ({"price": {"amount": 1, "currency": "EUR"}}, "/price/amount"),
        ({"price": {"amount": "1", "currency": "EUR", "a/b~c": 1}}, "/price/a~1b~0c"),
        ({"tags": ["a", 1]}, "/tags/1"),
        ({"room_id": "no-uuid"}, "/room_id"),
        ({"name": None}, "/name"),
        ({"created_at": "2024-01-01T00:00:00Z"}, "/created_at"),
    ],
)
def test_a_wrong_field_is_400_and_its_json_pointer_is_told(
    items: TestClient, change: dict[str, object], pointer: str
) -> None:
    answer = items.post("/v1/items", json=ITEM_BODY | change)
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_all_that_is_wrong_with_a_body_is_told_at_once(items: TestClient) -> None:
    answer = items.post("/v1/items", json={"name": 1, "tags": [2]})
    pointers = [error["pointer"] for error in answer.json()["errors"]]
    assert sorted(pointers) == ["/description", "/name", "/price", "/tags/0"]


def test_three_samples_are_there_at_the_first_get(items_settings: Settings) -> None:
    settings = Settings(
        name="items",
        port=0,
        database_url=items_settings.database_url,
        var=items_settings.var,
        urls={"rooms": "http://127.0.0.1:1"},
    )
    with services.items.create_app(settings).test_client() as items:
        assert len(items.get("/v1/items").json()["items"]) == 3


def test_the_example_on_the_swagger_page_is_accepted(items: TestClient) -> None:
    contract = items.get("/v1/openapi.json").json()
    body = contract["paths"]["/items"]["post"]["requestBody"]["content"]["application/json"]
    answer = items.post("/v1/items", json=body["example"])
    assert answer.status_code == 201
    assert answer.json()["name"] == body["example"]["name"]
