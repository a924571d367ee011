"""Query parameters are read as JSON spells values, each once."""

import pytest
from starlette.testclient import TestClient


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("wait=nan", "wait"),
        ("wait=inf", "wait"),
        ("wait=-Infinity", "wait"),
        ("wait=1e999", "wait"),
        ("wait=1_0", "wait"),
        ("limit=1_0", "limit"),
        ("limit=%D9%A3", "limit"),
        ("limit=%201", "limit"),
        ("limit=01", "limit"),
        ("limit=", "limit"),
        ("limit=5&limit=6", "limit"),
        ("limit=5&limit=5", "limit"),
        ("wait=0&after=1&wait=0", "wait"),
        ("after=" + "9" * 5000, "after"),
    ],
)
def test_a_parameter_that_is_doubled_or_no_number_is_400_and_named(
    rooms: TestClient, query: str, name: str
) -> None:
    answer = rooms.get(f"/v1/events?{query}")
    assert answer.status_code == 400
    assert repr(name) in answer.json()["detail"]
    assert len(answer.content) < 1000


@pytest.mark.parametrize("query", ["wait=0", "wait=0.0", "wait=1e-3", "limit=10", "after=0"])
def test_a_number_may_be_spelled_in_each_way_of_json(rooms: TestClient, query: str) -> None:
    assert rooms.get(f"/v1/events?{query}").status_code == 200


def test_a_text_may_look_like_a_number(rooms: TestClient) -> None:
    answer = rooms.get("/v1/rooms?cursor=1_0")
    assert "cursor is not one that a page of this search gave" in answer.json()["detail"]
