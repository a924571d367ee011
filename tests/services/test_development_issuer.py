"""The issuer of a developer's machine: its key in a file, its tokens over HTTP."""

import asyncio
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from starlette.testclient import TestClient

import services.items
import services.rooms
from services.chassis.auth.development import ISSUER, DevelopmentIssuer
from services.chassis.auth.errors import DevelopmentKeyUnusable, InvalidToken
from services.chassis.settings import Settings
from tests.services.examples import ITEM_BODY, ROOM_BODY
from tests.services.issuers import FakeIssuer, in_production, private_key, signed

GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def local(rooms_settings: Settings) -> Iterator[TestClient]:
    """The rooms service, as a browser of this machine asks it."""
    app = services.rooms.create_app(rooms_settings)
    with app.test_client(base_url="http://127.0.0.1:9091", raise_server_exceptions=False) as client:
        yield client


def key_file(var: Path) -> Path:
    (file,) = var.iterdir()
    return file


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    first = DevelopmentIssuer.open(tmp_path / "var")
    file = key_file(tmp_path / "var")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert DevelopmentIssuer.open(tmp_path / "var").jwk == first.jwk


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path;"
        "from services.chassis.auth.development import DevelopmentIssuer as Issuer;"
        "sys.stdin.read(1); print(Issuer.open(Path(sys.argv[1])).jwk['kid'])"
    )
    words = [sys.executable, "-c", program, str(tmp_path)]
    pipe = subprocess.PIPE
    started = [subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True) for _ in range(3)]
    kids = {each.communicate("x", timeout=60)[0] for each in started}
    assert len(kids) == 1
    assert kids != {""}
    assert key_file(tmp_path).name == "development-key.pem"


def test_threads_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as threads:
        made = list(threads.map(lambda _: DevelopmentIssuer.open(tmp_path), range(64)))
    assert len({each.jwk["kid"] for each in made}) == 1


def of_another_kind() -> bytes:
    key = private_key("ES256")
    made: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return made


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no private key"),
        (b"\xff\0", "no private key"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no private key"),
        (of_another_kind(), "not of Ed25519"),
    ],
)
def test_a_damaged_key_ends_the_start_with_what_to_do(
    rooms_settings: Settings, content: bytes, reason: str
) -> None:
    file = rooms_settings.var / "development-key.pem"
    file.write_bytes(content)
    with pytest.raises(DevelopmentKeyUnusable, match=f"{reason}.*delete the file") as caught:
        services.rooms.create_app(rooms_settings)
    assert str(file) in str(caught.value)
    assert file.read_bytes() == content


def test_a_key_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "development-key.pem").mkdir()
    with pytest.raises(DevelopmentKeyUnusable, match="directory"):
        DevelopmentIssuer.open(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(DevelopmentKeyUnusable, match="directory"):
        DevelopmentIssuer.open(tmp_path / "file" / "var")


def test_a_token_of_another_issuer_is_none_of_this_machine(tmp_path: Path) -> None:
    issuer = DevelopmentIssuer.open(tmp_path)
    with pytest.raises(InvalidToken, match="development issuer"):
        asyncio.run(issuer.find("one"))


def test_one_service_gives_a_token_that_another_believes(
    local: TestClient, items_settings: Settings
) -> None:
    answer = local.post("/dev/token", data=GRANT | {"scope": "rooms:write events:read"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/json"
    assert "access-control-allow-origin" not in answer.headers
    granted = answer.json()
    assert (granted["token_type"], granted["expires_in"]) == ("Bearer", 3600)
    assert granted["scope"] == "rooms:write events:read"
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    assert local.post("/v1/rooms", json=ROOM_BODY, headers=headers).status_code == 201
    alone = replace(items_settings, urls={"rooms": "http://127.0.0.1:1"})
    with services.items.create_app(alone).test_client() as items:
        assert items.get("/v1/events", headers=headers).status_code == 200
        assert items.post("/v1/items", json=ITEM_BODY, headers=headers).status_code == 403


def test_without_a_scope_all_of_the_service_are_given(local: TestClient) -> None:
    granted = local.post("/dev/token", data=GRANT).json()
    assert granted["scope"] == "events:read rooms:read rooms:write"


def test_the_token_names_the_client_and_lives_an_hour(local: TestClient) -> None:
    keys = local.get("/dev/jwks.json").json()["keys"]
    assert "d" not in keys[0]
    for send, name in (
        ({"data": GRANT}, "developer"),
        ({"data": GRANT | {"client_id": "swagger"}}, "swagger"),
        ({"data": GRANT, "auth": ("postman", "any")}, "postman"),
    ):
        token = local.post("/dev/token", **send).json()["access_token"]
        claims = jwt.decode(
            token, jwt.PyJWK(keys[0]), ["EdDSA"], audience="services", issuer=ISSUER
        )
        assert claims["sub"] == name
        assert claims["exp"] - claims["iat"] == 3600


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": ["client_credentials"] * 2}, "invalid_request"),
        (GRANT | {"scope": ["a", "b"]}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        (GRANT | {"scope": "rooms:write items:write"}, "invalid_scope"),
    ],
)
def test_what_is_wrong_is_told_in_the_terms_of_oauth(
    local: TestClient, form: dict[str, object], error: str
) -> None:
    answer = local.post("/dev/token", data=form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.json()["error_description"]
    assert answer.headers["cache-control"] == "no-store"


def test_json_is_no_form(local: TestClient) -> None:
    assert local.post("/dev/token", json=GRANT).json()["error"] == "invalid_request"


@pytest.mark.parametrize("path", ["/dev/token", "/dev/jwks.json"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:9091"},
        {"Host": "127.0.0.1@evil.example"},
        {"Host": "localhost:9091.evil.example"},
        {"Host": "192.168.1.7:9091"},
        {"Host": "[::2]"},
        {"Host": "["},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:8000"},
        {"Origin": "null"},
    ],
)
def test_a_page_of_another_site_gets_no_token(
    local: TestClient, path: str, headers: dict[str, str]
) -> None:
    method = "POST" if path == "/dev/token" else "GET"
    answer = local.request(method, path, headers=headers, data=GRANT)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("host", ["localhost", "localhost:9091", "127.0.0.1:1", "[::1]:9091"])
def test_a_page_of_this_machine_gets_one(local: TestClient, host: str) -> None:
    headers = {"Host": host, "Origin": f"http://{host}"}
    assert local.post("/dev/token", data=GRANT, headers=headers).status_code == 200


@pytest.mark.parametrize(("method", "path"), [("GET", "/dev/jwks.json"), ("POST", "/dev/token")])
def test_where_another_issuer_is_believed_there_is_no_development_issuer(
    rooms_settings: Settings, method: str, path: str
) -> None:
    app = services.rooms.create_app(*in_production(rooms_settings, FakeIssuer()))
    with app.test_client(base_url="http://127.0.0.1:9091") as client:
        assert client.request(method, path, data=GRANT).status_code == 404
    assert not (rooms_settings.var / "development-key.pem").exists()


def test_a_token_of_elsewhere_is_not_believed_here(local: TestClient) -> None:
    headers = {"Authorization": f"Bearer {signed()}"}
    assert local.post("/v1/rooms", json=ROOM_BODY, headers=headers).status_code == 401


def test_a_write_needs_a_token_here_too(anonymous_rooms: TestClient) -> None:
    assert anonymous_rooms.get("/v1/rooms").status_code == 200
    assert anonymous_rooms.post("/v1/rooms", json=ROOM_BODY).status_code == 401


def test_nothing_is_left_beside_the_key(tmp_path: Path) -> None:
    DevelopmentIssuer.open(tmp_path)
    assert os.listdir(tmp_path) == ["development-key.pem"]  # noqa: PTH208 the names are the fact
