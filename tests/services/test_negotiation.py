"""Which media type an answer has (RFC 9110, section 12.5.1)."""

import pytest
from starlette.testclient import TestClient
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from services.chassis.entities.negotiation import best
from services.chassis.media_types import AVRO, JSON
from tests.services.examples import ROOM_BODY


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (AVRO, AVRO),
        ("APPLICATION/JSON", JSON),
        (f"{AVRO};q=0.5, application/json;q=0.4", AVRO),
        (f"{AVRO};q=0.4, */*;q=0.5", JSON),
        ("application/json;q=0, */*", AVRO),
        (f"application/*;q=0.9, {AVRO};q=0.2", JSON),
        (f'{AVRO}; schema="rooms.Room/2"', AVRO),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
        ("text/html", None),
        ("*/*;q=0", None),
        ("application/json;q=0", None),
    ],
)
def test_the_most_specific_range_decides_and_the_highest_quality_wins(
    accept: str, expected: str | None
) -> None:
    assert best([JSON, AVRO], parse_accept_header(accept, MIMEAccept)) == expected


def test_what_accepts_no_answer_is_406_before_anything_is_changed(rooms: TestClient) -> None:
    place = rooms.post("/v1/rooms", json=ROOM_BODY).headers["location"]
    picky = {"Accept": "text/html"}
    for answer in (
        rooms.get(place, headers=picky),
        rooms.get("/v1/rooms", headers=picky),
        rooms.get("/v1/events", headers=picky),
        rooms.post("/v1/rooms", json=ROOM_BODY | {"url": "https://b.example/"}, headers=picky),
        rooms.patch(place, json={"name": "Attic"}, headers=picky),
    ):
        assert answer.status_code == 406
        assert AVRO in answer.json()["detail"]
    assert len(rooms.get("/v1/events").json()["events"]) == 1


def test_a_delete_has_no_content_that_could_be_refused(rooms: TestClient) -> None:
    place = rooms.post("/v1/rooms", json=ROOM_BODY).headers["location"]
    assert rooms.delete(place, headers={"Accept": "text/html"}).status_code == 204
