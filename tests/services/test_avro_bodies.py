"""Bodies and answers in Avro, as another library writes and reads them."""

import io
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import fastavro
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from registry import full_text, schema_of, wire
from registry.records.items.item.v2 import Item
from registry.records.rooms.room.v1 import Room as OldRoom
from registry.records.rooms.room.v2 import Room
from services.chassis.entities.uuid7 import uuid7
from tests.services import examples
from tests.services.examples import ITEM_BODY, ROOM_BODY

AVRO = "application/vnd.apache.avro"
SCHEMA = fastavro.parse_schema(json.loads(full_text(schema_of(Room))))
ROOMS = {"type": "array", "items": SCHEMA}


def send(rooms: TestClient, data: bytes, media_type: str = AVRO) -> Any:
    return rooms.post("/v1/rooms", content=data, headers={"Content-Type": media_type})


def written_elsewhere(room: Room) -> bytes:
    """The room's datum, by fastavro."""
    read = fastavro.schemaless_reader(io.BytesIO(room.to_avro()), SCHEMA, None)
    out = io.BytesIO()
    fastavro.schemaless_writer(out, SCHEMA, read)
    return out.getvalue()


def test_a_datum_of_another_library_is_stored_and_what_the_server_sets_is_its_own(
    rooms: TestClient,
) -> None:
    sent = examples.room()
    answer = send(rooms, written_elsewhere(sent))
    stored = answer.json()
    assert answer.status_code == 201
    assert UUID(stored.pop("id")) != sent.id
    assert stored == {k: v for k, v in json.loads(sent.to_json()).items() if k != "id"}


@pytest.mark.parametrize(
    ("write", "media_type"),
    [(wire.encode, AVRO), (OldRoom.to_avro, f'{AVRO}; schema="rooms.Room/1"')],
    ids=["framed", "named"],
)
def test_a_datum_of_an_older_version_is_resolved(
    rooms: TestClient, write: Callable[[OldRoom], bytes], media_type: str
) -> None:
    old = OldRoom.from_json(ROOM_BODY | {"id": str(uuid7())})
    answer = send(rooms, write(old), media_type)
    assert (answer.status_code, answer.json()["visibility"]) == (201, "PUBLIC")


@pytest.mark.parametrize("accept", [AVRO, f'{AVRO}; schema="rooms.Room/2"', f"{AVRO}, */*;q=0.1"])
def test_an_answer_is_one_datum_that_another_library_reads(rooms: TestClient, accept: str) -> None:
    place = rooms.post("/v1/rooms", json=ROOM_BODY).headers["location"]
    answer = rooms.get(place, headers={"Accept": accept})
    assert answer.headers["content-type"] == f'{AVRO}; schema="rooms.Room/2"'
    read: Any = fastavro.schemaless_reader(io.BytesIO(answer.content), SCHEMA, None)
    assert (read["name"], str(read["price"]["amount"])) == (ROOM_BODY["name"], "510.00")
    assert json.loads(Room.from_avro(answer.content).to_json()) == rooms.get(place).json()


def test_a_page_is_an_array_and_the_next_one_is_linked(rooms: TestClient) -> None:
    assert rooms.get("/v1/rooms", headers={"Accept": AVRO}).content == b"\0"
    for number in range(3):
        rooms.post("/v1/rooms", json=ROOM_BODY | {"url": f"https://a.example/{number}"})
    place, found = "/v1/rooms?limit=2", []
    for _ in range(2):
        answer = rooms.get(place, headers={"Accept": AVRO})
        read: Any = fastavro.schemaless_reader(io.BytesIO(answer.content), ROOMS, None)
        found += [room["url"] for room in read]
        place = answer.links.get("next", {}).get("url", "")
    assert (found, place) == ([f"https://a.example/{number}" for number in range(3)], "")


def test_items_are_sent_and_answered_in_avro_by_the_same_handler(items: TestClient) -> None:
    made = {"id": str(uuid7()), "created_at": "2020-01-01T00:00:00Z"}
    sent = Item.from_json(ITEM_BODY | made)
    headers = {"Content-Type": AVRO, "Accept": AVRO}
    answer = items.post("/v1/items", content=sent.to_avro(), headers=headers)
    stored = Item.from_avro(answer.content)
    assert (answer.status_code, stored.name) == (201, sent.name)
    assert stored.created_at > sent.created_at
    assert items.get(answer.headers["location"]).json() == json.loads(stored.to_json())


@pytest.mark.parametrize(
    ("data", "media_type", "words"),
    [
        (b"", AVRO, "required"),
        (b"\x48", AVRO, "byte"),
        (examples.room().to_avro() + b"\0", AVRO, "byte"),
        (examples.room().to_avro(), f'{AVRO}; schema="rooms.Room/9"', "rooms.Room/9"),
        (examples.room().to_avro(), f'{AVRO}; schema="no.Such/1"', "no.Such"),
        (examples.room().to_avro(), f'{AVRO}; schema="room"', "room"),
        (b"\xc3\x01" + bytes(8) + examples.room().to_avro(), AVRO, "byte"),
        (b"\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01", AVRO, "byte"),
        (wire.encode(examples.room_changed(examples.room())), AVRO, "rooms.Room"),
    ],
)
def test_what_is_no_datum_of_the_schema_is_400_and_says_why(
    rooms: TestClient, data: bytes, media_type: str, words: str
) -> None:
    answer = send(rooms, data, media_type)
    assert answer.status_code == 400, answer.text
    assert words in answer.json()["detail"]
    assert rooms.get("/v1/rooms").json()["rooms"] == []


def test_all_that_the_contract_forbids_is_told_with_pointers_as_for_json(
    rooms: TestClient,
) -> None:
    room = examples.room()
    room.price.currency, room.name, room.url = "euro", "a\0b", "mailto:a@b.example"
    answer = send(rooms, room.to_avro())
    pointers = {each["pointer"] for each in answer.json()["errors"]}
    assert (answer.status_code, pointers) == (400, {"/price/currency", "/name", "/url"})


def test_a_cut_datum_is_400_at_the_field_and_the_byte(rooms: TestClient) -> None:
    answer = send(rooms, examples.room().to_avro()[:60])
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "/description"
    assert "(byte " in error["detail"]


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_spoilt_bytes_are_400_or_a_room_and_never_a_failure(
    rooms: TestClient, data: st.DataObject
) -> None:
    room = examples.room()
    whole = bytearray(room.to_avro())
    for _ in range(data.draw(st.integers(1, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(whole)))
    assert send(rooms, bytes(whole[:cut])).status_code in {201, 400, 409}
