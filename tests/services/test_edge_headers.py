"""What the outer layers add to answers: safety, compression, and leave for other origins."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

import services.rooms
from services.chassis.edge.compression import Compression
from services.chassis.edge.headers import SafeHeaders
from services.chassis.settings import AuthSettings, Profile, ServingSettings, Settings

GZIP = {"Accept-Encoding": "gzip"}
SHOP = "https://shop.example"


@pytest.mark.parametrize("path", ["/v1/rooms", "/v1/none", "/v1/ui/", "/health/live", "/metrics"])
def test_every_answer_has_the_headers_that_make_it_safe(rooms: TestClient, path: str) -> None:
    headers = rooms.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "strict-transport-security" not in headers
    assert headers["cache-control"]


def test_data_may_load_nothing_and_a_page_only_what_is_ours(rooms: TestClient) -> None:
    assert "default-src 'none'" in rooms.get("/v1/rooms").headers["content-security-policy"]
    page = rooms.get("/v1/ui/").headers["content-security-policy"]
    assert "default-src 'self'" in page
    assert "connect-src 'self';" in page


def answering(headers: dict[str, str], status: int = 200, body: bytes = b"") -> Any:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": body})

    return app


def in_production(settings: Settings) -> Settings:
    auth = AuthSettings(issuer="https://login.example:8443/realms/main?x=1")
    return replace(settings, profile=Profile.PRODUCTION, auth=auth)


def test_in_production_https_is_for_good(rooms_settings: Settings) -> None:
    app = SafeHeaders(answering({}), in_production(rooms_settings))
    secure = TestClient(app, base_url="https://rooms.example").get("/")
    assert secure.headers["strict-transport-security"] == "max-age=31536000"
    plain = TestClient(app, base_url="http://rooms.example").get("/")
    assert "strict-transport-security" not in plain.headers


def test_the_page_may_ask_the_issuer_for_tokens(rooms_settings: Settings) -> None:
    page = answering({"content-type": "text/html; charset=utf-8"})
    headers = TestClient(SafeHeaders(page, in_production(rooms_settings))).get("/").headers
    policy = headers["content-security-policy"]
    assert "connect-src 'self' https://login.example:8443;" in policy


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({}, "no-store"),
        ({"etag": '"1"'}, "private, no-cache"),
        ({"cache-control": "public, max-age=60"}, "public, max-age=60"),
    ],
)
def test_nothing_is_cached_unless_an_answer_says_so(
    rooms_settings: Settings, own: dict[str, str], expected: str
) -> None:
    answer = TestClient(SafeHeaders(answering(own), rooms_settings)).get("/")
    assert answer.headers["cache-control"] == expected


def test_an_answer_of_some_size_is_compressed_for_whoever_asks(rooms: TestClient) -> None:
    plain = rooms.get("/v1/openapi.json", headers={"Accept-Encoding": "identity"})
    packed = rooms.get("/v1/openapi.json", headers=GZIP)
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["vary"]
    assert "Accept-Encoding" in plain.headers["vary"]
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert packed.json() == plain.json()


def test_a_tiny_answer_is_not_compressed(rooms: TestClient) -> None:
    assert "content-encoding" not in rooms.get("/v1/events", headers=GZIP).headers


@pytest.mark.parametrize("accepted", ["gzip;q=0", "br, gzip; q=0.0", "GZIP;Q=0.000, br"])
def test_a_weight_of_zero_refuses_compression(rooms: TestClient, accepted: str) -> None:
    answer = rooms.get("/v1/openapi.json", headers={"Accept-Encoding": accepted})
    assert "content-encoding" not in answer.headers


async def conditional(scope: Scope, _receive: Receive, send: Send) -> None:
    """Has one entity with the ETag "3"; shows the conditions it was asked under."""
    asked = {name.decode(): value.decode() for name, value in scope["headers"]}
    status = 304 if '"3"' in asked.get("if-none-match", "") else 200
    body = json.dumps({**asked, "x": "y" * 2000}).encode() if status == 200 else b""
    await answering({"etag": '"3"'}, status, body)(scope, _receive, send)


def test_what_is_compressed_has_an_etag_of_its_own_that_is_known_again() -> None:
    client = TestClient(Compression(conditional))
    tag = client.get("/", headers=GZIP).headers["etag"]
    assert tag == '"3-gzip"'
    assert client.get("/", headers={"Accept-Encoding": "identity"}).headers["etag"] == '"3"'
    again = client.get("/", headers={**GZIP, "If-None-Match": f'"1", {tag}'})
    assert (again.status_code, again.headers["etag"]) == (304, tag)
    assert again.headers["vary"] == "Accept-Encoding"
    changed = client.get("/", headers={"If-Match": tag})
    assert changed.json()["if-match"] == '"3"'


def test_a_weak_etag_stays_weak_when_it_is_compressed() -> None:
    app = Compression(answering({"etag": 'W/"3"'}, body=b"x" * 2000))
    assert TestClient(app).get("/", headers=GZIP).headers["etag"] == 'W/"3-gzip"'


@pytest.fixture
def shared(rooms_settings: Settings) -> Iterator[TestClient]:
    """A service that lets the pages of a shop call it."""
    settings = replace(rooms_settings, serving=ServingSettings(cors_origins=(SHOP,)))
    with services.rooms.create_app(settings).test_client(raise_server_exceptions=False) as client:
        yield client


def preflight(client: TestClient, origin: str, method: str = "PATCH") -> Any:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization, content-type, if-match, idempotency-key",
    }
    return client.options("/v1/rooms", headers=asked)


def test_a_page_of_a_named_origin_may_ask_for_writes_without_a_token(shared: TestClient) -> None:
    answer = preflight(shared, SHOP)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == SHOP
    assert "PATCH" in answer.headers["access-control-allow-methods"]
    assert answer.headers["x-request-id"]


def test_a_page_of_another_origin_may_not(shared: TestClient) -> None:
    answer = preflight(shared, "https://other.example")
    assert answer.status_code == 400
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", ["/v1/rooms", "/v1/none", "/v1/rooms?limit=x"])
def test_a_page_sees_errors_too_and_the_headers_it_needs(shared: TestClient, path: str) -> None:
    headers = shared.get(path, headers={"Origin": SHOP}).headers
    assert headers["access-control-allow-origin"] == SHOP
    for name in ("ETag", "Location", "Link", "X-Request-ID"):
        assert name in headers["access-control-expose-headers"]
    assert "Origin" in headers["vary"]


def test_no_origin_is_let_in_by_default(rooms: TestClient) -> None:
    headers = rooms.get("/v1/rooms", headers={"Origin": SHOP}).headers
    assert not [name for name in headers if name.startswith("access-control")]
