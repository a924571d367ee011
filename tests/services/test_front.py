"""The front: which paths it finds, and what of Connexion it leaves as it is."""

import pytest

from services.chassis.front.paths import Paths


@pytest.fixture
def paths() -> Paths[str]:
    found: Paths[str] = Paths()
    found.put("/v1/rooms", {"GET": "search", "POST": "post"})
    found.put("/v1/rooms/{room_id}", {"GET": "get"})
    found.put("/v1/rooms/{room_id}/pictures/{number}.jpg", {"GET": "picture"})
    return found


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/v1/rooms", ("search", {})),
        ("POST", "/v1/rooms", ("post", {})),
        ("GET", "/v1/rooms/a b", ("get", {"room_id": "a b"})),
        ("GET", "/v1/rooms/1/pictures/2.jpg", ("picture", {"room_id": "1", "number": "2"})),
        ("DELETE", "/v1/rooms", None),
        ("DELETE", "/v1/rooms/1", None),
        ("GET", "/v1/rooms/", None),
        ("GET", "/v1/rooms/1\n/", None),
        ("GET", "/v1/rooms/1/pictures/2xjpg", None),
        ("GET", "/v1", None),
    ],
)
def test_a_path_is_found_by_its_template(
    paths: Paths[str], method: str, path: str, expected: object
) -> None:
    assert paths.find(method, path) == expected


def test_where_two_templates_fit_neither_is_found(paths: Paths[str]) -> None:
    paths.put("/v1/rooms/cheapest", {"GET": "cheapest"})
    assert paths.find("GET", "/v1/rooms/cheapest") is None
    assert paths.find("GET", "/v1/rooms/1") is None
    assert paths.find("GET", "/v1/rooms") == ("search", {})
