"""Search by filters, page by page."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.services.databases import on_both_databases
from tests.services.examples import ITEM_BODY, ROOM_BODY


def offer(rooms: TestClient, name: str, **more: Any) -> None:
    body = ROOM_BODY | {"name": name, "url": f"https://a.example/{name.encode().hex()}"} | more
    answer = rooms.post("/v1/rooms", json=body)
    assert answer.status_code == 201, answer.text


def names(rooms: TestClient, query: str) -> list[str]:
    answer = rooms.get(f"/v1/rooms?{query}")
    assert answer.status_code == 200, answer.text
    return [room["name"] for room in answer.json()["rooms"]]


@on_both_databases
def test_filters_of_rooms_find_what_fits_all_of_them(rooms: TestClient) -> None:
    euros = {"currency": "EUR"}
    offer(rooms, "Ärger 100%", price={"amount": "9.99", **euros}, description="a_b")
    offer(rooms, "B", price={"amount": "10.00", **euros}, area={"city": "Ghent", "country": "BE"})
    offer(rooms, "C", price={"amount": "9999999999.99", "currency": "USD"}, provider="Stays")
    offer(rooms, "D", price={"amount": "0.10", **euros}, description="STRASSE axb 1000")
    for query, expected in {
        "city=Ghent": ["B"],
        "city=ghent": [],
        "provider=Stays": ["C"],
        "min_price=10": ["B", "C"],
        "min_price=10.00&max_price=10.0": ["B"],
        "max_price=9.99": ["Ärger 100%", "D"],
        "max_price=0.09": [],
        "min_price=9999999999.99": ["C"],
        "currency=USD&max_price=10": [],
        "currency=EUR&min_price=1": ["Ärger 100%", "B"],
        "q=ÄRGER": ["Ärger 100%"],
        "q=100%25": ["Ärger 100%"],
        "q=a_b": ["Ärger 100%"],
        "q=straße": ["D"],
        "q=%2F": [],
        "q=garden": ["B", "C"],
        "q=garden&city=Ghent&provider=Canal%20Homes&currency=EUR": ["B"],
    }.items():
        assert names(rooms, query) == expected, query


@on_both_databases
def test_filters_follow_a_change(rooms: TestClient) -> None:
    place = rooms.post("/v1/rooms", json=ROOM_BODY).headers["location"]
    change = {"name": "Attic", "price": {"amount": "1.00"}, "provider": "Stays"}
    rooms.patch(place, json=change)
    assert names(rooms, "q=attic&max_price=1&provider=Stays") == ["Attic"]
    assert names(rooms, "min_price=1.01") == []


def test_items_are_found_by_words_and_price(items: TestClient) -> None:
    items.post("/v1/items", json=ITEM_BODY)
    items.post("/v1/items", json=ITEM_BODY | {"name": "Lamp", "description": "Bends."})
    found = items.get("/v1/items?q=LAMP&min_price=30.00&max_price=30.00&currency=EUR").json()
    assert [item["name"] for item in found["items"]] == ["Lamp"]


def test_the_link_to_the_next_page_keeps_the_filters(rooms: TestClient) -> None:
    for name in ("a 1", "b", "a 2", "a 3"):
        offer(rooms, name, description="")
    answer = rooms.get("/v1/rooms?q=a&limit=1&provider=Canal%20Homes")
    found = []
    while True:
        found += [room["name"] for room in answer.json()["rooms"]]
        if "next" not in answer.links:
            break
        assert answer.json()["next_cursor"] in answer.links["next"]["url"]
        answer = rooms.get(answer.links["next"]["url"])
    assert found == ["a 1", "a 2", "a 3"]


def test_the_cursor_of_another_search_is_refused(rooms: TestClient) -> None:
    for name in ("a", "b"):
        offer(rooms, name)
    cursor = rooms.get("/v1/rooms?limit=1&q=garden").json()["next_cursor"]
    assert rooms.get(f"/v1/rooms?limit=5&q=garden&cursor={cursor}").status_code == 200
    for query in ("", "q=gard", "q=garden&currency=EUR"):
        answer = rooms.get(f"/v1/rooms?{query}&cursor={cursor}")
        assert (answer.status_code, "cursor" in answer.json()["detail"]) == (400, True)


@pytest.mark.parametrize(
    "query",
    [
        "q=",
        "q=" + "a" * 101,
        "q=%00",
        "city=a%00",
        "min_price=-1",
        "min_price=1.005",
        "min_price=1e3",
        "min_price=NaN",
        "max_price=12345678901",
        "currency=eur",
        "currency=EURO",
    ],
)
def test_a_filter_that_makes_no_sense_is_400(rooms: TestClient, query: str) -> None:
    assert rooms.get(f"/v1/rooms?{query}").status_code == 400
