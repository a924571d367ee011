"""Known pitfalls of Connexion 3 on Flask, each tried on a service as its users see it.

The numbers are those of the list in docs/operations.md.
"""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urljoin

import pytest
import yaml
from starlette.testclient import TestClient

import services.rooms
from services.chassis.settings import Settings
from tests.services.broken import items_that, raising
from tests.services.examples import ROOM_BODY

JSON = {"Content-Type": "application/json"}
NO_ROOM = "/v1/rooms/018f0000-0000-7000-8000-000000000000"


def document(client: TestClient) -> dict[str, Any]:
    served: dict[str, Any] = client.get("/v1/openapi.json").json()
    return served


def operations(client: TestClient) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for path in document(client)["paths"].values():
        for method in path.keys() & {"get", "post", "patch", "put", "delete"}:
            yield path, path[method]


def test_1_the_contract_is_openapi_3_0_which_connexion_reads(rooms: TestClient) -> None:
    assert document(rooms)["openapi"].startswith("3.0.")


@pytest.mark.parametrize("path", ["/v1/rooms", "/v1/events", "/v1/openapi.json", "/health/ready"])
def test_2_head_is_answered_though_answers_are_validated(rooms: TestClient, path: str) -> None:
    answer = rooms.head(path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) > 0


def test_3_a_chunked_body_is_read(rooms: TestClient) -> None:
    text = json.dumps(ROOM_BODY).encode()
    answer = rooms.post("/v1/rooms", content=iter([text[:9], text[9:]]), headers=JSON)
    assert answer.status_code == 201


def test_4_an_answer_has_a_content_type_where_problems_are_declared_too(rooms: TestClient) -> None:
    answer = rooms.post("/v1/rooms", json=ROOM_BODY)
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/json")
    nothing = rooms.options("/v1/rooms")
    assert (nothing.status_code, nothing.content) == (204, b"")
    assert "content-type" not in nothing.headers


@pytest.mark.parametrize(
    "body",
    [b"\xff", b'{"name": "\\ud800"}', b"[" * 100_000, b'{"a":' * 5000 + b"1" + b"}" * 5000],
    ids=["no UTF-8", "half a surrogate pair", "open arrays", "nested objects"],
)
def test_5_strange_json_is_400(rooms: TestClient, body: bytes) -> None:
    answer = rooms.post("/v1/rooms", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["status"]) == (400, 400)


def test_6_parameters_are_declared_on_operations_where_they_do_not_multiply(
    rooms: TestClient,
) -> None:
    for path, operation in operations(rooms):
        assert "parameters" not in path
        named = [json.dumps(each, sort_keys=True) for each in operation.get("parameters", [])]
        assert len(named) == len(set(named))


def test_7_more_than_ten_requests_run_at_once(rooms: TestClient) -> None:
    with ThreadPoolExecutor(15) as pool:
        waiting = [pool.submit(rooms.get, "/v1/events?wait=3") for _ in range(15)]
        assert rooms.get("/v1/rooms").status_code == 200
        assert not any(each.done() for each in waiting)


def test_8_schemas_that_refer_to_components_are_checked_within_them(rooms: TestClient) -> None:
    body = ROOM_BODY | {"images": [{"url": 1}], "price": {"amount": "1.00", "currency": 2}}
    answer = rooms.post("/v1/rooms", json=body)
    pointers = {fault["pointer"] for fault in answer.json()["errors"]}
    assert {"/images/0/url", "/price/currency"} <= pointers


def test_9_null_is_answered_where_the_contract_allows_it(rooms: TestClient) -> None:
    rooms.post("/v1/rooms", json=ROOM_BODY)
    answer = rooms.get("/v1/rooms")
    assert answer.status_code == 200
    assert answer.json()["next_cursor"] is None


@pytest.mark.parametrize("value", ["1", "018f0000", "no-uuid-at-all-but-of-the-right-size-1"])
def test_10_formats_are_checked(rooms: TestClient, value: str) -> None:
    answer = rooms.get(f"/v1/rooms/{value}")
    assert answer.status_code == 400
    assert "room_id" in answer.json()["detail"]


def test_11_the_served_contract_keeps_its_references_and_names_no_python(
    rooms: TestClient,
) -> None:
    text = rooms.get("/v1/openapi.json").text
    assert "#/components/schemas/" in text
    for word in ("services.", "chassis", "api.py", "x-openapi-router-controller"):
        assert word not in text
    yaml.safe_load(text)


def test_12_405_says_what_is_allowed_and_parameter_errors_show_no_schema(
    rooms: TestClient,
) -> None:
    allowed = rooms.put("/v1/rooms").headers["allow"].split(", ")
    assert {"GET", "HEAD", "OPTIONS", "POST"} == set(allowed)
    assert rooms.options("/v1/rooms").headers["allow"].split(", ") == allowed
    detail = rooms.get("/v1/rooms?limit=0").json()["detail"]
    for word in ("schema", "instance", "minimum'", "{"):
        assert word not in detail


def test_12_401_says_how_to_ask(anonymous_rooms: TestClient) -> None:
    answer = anonymous_rooms.post("/v1/rooms", json=ROOM_BODY)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_13_json_is_compact(rooms: TestClient) -> None:
    rooms.post("/v1/rooms", json=ROOM_BODY)
    text = rooms.get("/v1/rooms").text.strip()
    assert text == json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False)


def test_14_who_calls_is_checked_by_what_the_injector_made(
    anonymous_rooms: TestClient, authorization: dict[str, str]
) -> None:
    wrong = {"Authorization": "Bearer no.such.token"}
    for headers, status in ((wrong, 401), (authorization, 201)):
        answer = anonymous_rooms.post("/v1/rooms", json=ROOM_BODY, headers=headers)
        assert answer.status_code == status


def test_15_the_outer_layer_is_around_every_answer(items_settings: Settings) -> None:
    client = items_that(raising(RuntimeError("inside")), items_settings)
    answers = [
        client.get("/v1/items"),
        client.get("/v1/none"),
        client.put("/v1/items"),
        client.get("/v1/items?limit=x"),
        client.get("/v1/ui/"),
        client.get("/v1/items/"),
        client.post("/v1/items", content=b" " * (2 << 20), headers=JSON),
    ]
    assert [each.status_code for each in answers] == [500, 404, 405, 400, 200, 404, 413]
    for each in answers:
        assert each.headers["x-request-id"]
        assert each.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/v1/rooms%2F", "/v1%2frooms", "/v1/rooms/a%2Fb", "/v1/a%5Cb"])
def test_16_an_encoded_slash_leads_nowhere(rooms: TestClient, path: str) -> None:
    answer = rooms.get(path)
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_16_an_encoded_slash_is_not_decoded_into_the_path_of_a_resource(
    rooms: TestClient,
) -> None:
    location = rooms.post("/v1/rooms", json=ROOM_BODY).headers["location"]
    assert rooms.get(location).status_code == 200
    beginning, separator, identity = location.rpartition("/")
    assert separator
    assert rooms.get(f"{beginning}%2F{identity}").status_code == 404


@pytest.mark.parametrize("path", ["/v1/rooms/", "/v1/events/", f"{NO_ROOM}/"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_16_a_slash_too_many_is_404_and_no_redirect_to_a_host_that_the_client_names(
    rooms: TestClient, method: str, path: str
) -> None:
    answer = rooms.request(method, path, headers={"Host": "evil.example"})
    assert answer.status_code == 404
    assert "location" not in answer.headers
    assert "leave out the slash" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/v1", "/v1/ui"])
def test_16_a_redirect_names_no_host(rooms: TestClient, path: str) -> None:
    answer = rooms.get(path, headers={"Host": "evil.example"})
    assert answer.is_redirect
    assert answer.headers["location"] == f"{path}/"


def test_17_the_swagger_page_needs_nothing_from_elsewhere(rooms: TestClient) -> None:
    page = rooms.get("/v1/ui/").text
    assert "https://" not in page
    names = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(names) > 1
    for name in names:
        assert rooms.get(urljoin("/v1/ui/", name)).status_code == 200, name


def test_17_a_prefix_of_the_path_is_a_version_of_the_contract(rooms_settings: Settings) -> None:
    client = services.rooms.create_app(rooms_settings).test_client()
    assert client.get("/v2/rooms").status_code == 404
    assert urljoin("/v1/openapi.json", document(client)["servers"][0]["url"]) == "/v1"
