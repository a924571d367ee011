"""Who may call: requests to a service in production, whose issuer the test holds in its hands."""

import time
from collections.abc import Iterator
from dataclasses import replace

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

import services.rooms
from services.chassis.auth.verification import LEEWAY_SECONDS, MAX_TOKEN_BYTES
from services.chassis.settings import AuthSettings, Settings
from tests.services.examples import ROOM_BODY
from tests.services.issuers import FakeIssuer, in_production, jwk, private_key, segment, signed

KEYS = (jwk("ES256", "one"), jwk("RS256", "rsa"), jwk("EdDSA", "edwards"))


@pytest.fixture
def issuer() -> FakeIssuer:
    return FakeIssuer(*KEYS)


@pytest.fixture(scope="module")
def shared_rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service for all requests that change nothing."""
    var = tmp_path_factory.mktemp("shared")
    settings = Settings(
        name="rooms",
        port=0,
        database_url=f"sqlite:///{var}/rooms.sqlite",
        var=var,
        empty=True,
        urls={"items": "http://127.0.0.1:9"},
    )
    issuer = FakeIssuer(*KEYS)
    app = services.rooms.create_app(*in_production(settings, issuer))
    with app.test_client(raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def rooms(rooms_settings: Settings, issuer: FakeIssuer) -> Iterator[TestClient]:
    app = services.rooms.create_app(*in_production(rooms_settings, issuer))
    with app.test_client(raise_server_exceptions=False) as client:
        yield client


def post(rooms: TestClient, authorization: str | None, path: str = "/v1/rooms") -> tuple[int, str]:
    """The status of a write, and the challenge that came with it."""
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = rooms.post(path, json=ROOM_BODY, headers=headers)
    if answer.status_code in {401, 403}:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
        assert answer.json()["detail"]
    return answer.status_code, answer.headers.get("www-authenticate", "")


@pytest.mark.parametrize(
    ("algorithm", "kid"), [("ES256", "one"), ("RS256", "rsa"), ("EdDSA", "edwards")]
)
def test_a_token_of_the_issuer_is_believed(rooms: TestClient, algorithm: str, kid: str) -> None:
    token = signed(algorithm=algorithm, kid=kid)
    assert post(rooms, f"Bearer {token}") == (201, "")


@pytest.mark.parametrize("word", ["bearer", "BEARER"])
def test_the_name_of_the_scheme_has_any_case(rooms: TestClient, word: str) -> None:
    assert post(rooms, f"{word} {signed()}")[0] == 201


@pytest.mark.parametrize("authorization", [None, "", "Basic YTpi", "Digest x", "token"])
def test_without_a_bearer_token_the_challenge_names_the_scope_and_no_error(
    shared_rooms: TestClient, authorization: str | None
) -> None:
    status, challenge = post(shared_rooms, authorization)
    assert (status, challenge) == (401, 'Bearer realm="services", scope="rooms:write"')


def as_secret(algorithm: str) -> str:
    """A token signed with the issuer's public key as if it were a secret."""
    public = private_key("RS256").public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signing_input = f"{segment({'alg': algorithm, 'kid': 'rsa'})}.{segment({'sub': 'mallory'})}"
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    # The library refuses to prepare such a key, so it is signed by hand.
    made = jwt.utils.base64url_encode(signature.sign(signing_input.encode(), pem)).decode()
    return f"{signing_input}.{made}"


def with_its_own_key() -> str:
    """A token that brings the key it is signed with."""
    foreign = {"jwk": jwk("ES256", "one", 2), "jku": "https://evil.example/keys"}
    return signed(number=2, headers=foreign)


def altered() -> str:
    header, _, signature = signed().split(".")
    return f"{header}.{segment({'sub': 'mallory', 'scope': 'rooms:write'})}.{signature}"


NOW = int(time.time())
HOUR = 3600
DEEP = "[" * 2000 + "]" * 2000


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="no token"),
        pytest.param("garbage", id="garbage"),
        pytest.param("a.b.c", id="three parts of garbage"),
        pytest.param("\u00e9", id="not ASCII"),
        pytest.param(f"{signed()} {signed()}", id="two tokens"),
        pytest.param(f"{signed()}, Bearer {signed()}", id="two headers in one"),
        pytest.param(f"{segment({'alg': 'none'})}.{segment({'sub': 'mallory'})}.", id="alg none"),
        pytest.param(f"{segment({'alg': ['ES256']})}.{segment({})}.", id="alg is a list"),
        pytest.param(f"{segment({'alg': 'ES256', 'kid': 1})}.{segment({})}.", id="kid is a number"),
        pytest.param(f"{segment([])}.{segment({})}.", id="header is a list"),
        pytest.param(f"{segment(DEEP)[:-3]}.{segment({})}.", id="header is cut off"),
        pytest.param(as_secret("HS256"), id="public key as the secret of HS256"),
        pytest.param(as_secret("RS256"), id="HS256 that says RS256"),
        pytest.param(altered(), id="claims of another token"),
        pytest.param(signed(number=2), id="another key by the same id"),
        pytest.param(signed(algorithm="RS256"), id="algorithm of another key"),
        pytest.param(signed(algorithm="RS512", kid="rsa"), id="another algorithm of the key"),
        pytest.param(signed(kid="two"), id="unknown key"),
        pytest.param(signed(kid=None), id="no key where there are several"),
        pytest.param(with_its_own_key(), id="key in the header"),
        pytest.param(signed(headers={"crit": ["exp"], "exp": NOW}), id="critical extension"),
        pytest.param(signed({"iss": "https://evil.example"}), id="another issuer"),
        pytest.param(signed({"iss": None}), id="no issuer"),
        pytest.param(signed({"aud": "payments"}), id="another audience"),
        pytest.param(signed({"aud": None}), id="no audience"),
        pytest.param(signed({"aud": {"services": 1}}), id="audience is an object"),
        pytest.param(signed({"exp": NOW - HOUR}), id="expired"),
        pytest.param(signed({"exp": None}), id="never expires"),
        pytest.param(signed({"exp": "soon"}), id="expiry is a word"),
        pytest.param(signed({"exp": float("inf")}), id="expiry is infinite"),
        pytest.param(signed({"nbf": NOW + HOUR}), id="not yet valid"),
        pytest.param(signed({"iat": NOW + HOUR}), id="issued in the future"),
        pytest.param(signed({"sub": None}), id="speaks for nobody"),
        pytest.param(signed({"x": "y" * MAX_TOKEN_BYTES}), id="too long"),
        pytest.param("a" * (30 << 10), id="thirty kilobytes"),
    ],
)
def test_a_token_that_is_wrong_is_refused_with_the_reason(
    shared_rooms: TestClient, token: str
) -> None:
    header = f"Bearer {token}".encode()
    answer = shared_rooms.post("/v1/rooms", json=ROOM_BODY, headers=[(b"Authorization", header)])
    assert answer.status_code == 401
    challenge = answer.headers["www-authenticate"]
    assert challenge.startswith('Bearer realm="services", error="invalid_token", error_desc')
    assert challenge.isascii()
    assert challenge.count('"') == 6
    assert len(answer.content) < 500


def test_two_authorization_headers_are_refused(rooms: TestClient) -> None:
    header = ("Authorization", f"Bearer {signed()}")
    answer = rooms.post("/v1/rooms", json=ROOM_BODY, headers=[header, header])
    assert answer.status_code == 401
    assert "more than one" in answer.json()["detail"]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200).filter(lambda text: not set(text) & set(b"\r\n\0")))
def test_no_authorization_header_makes_the_service_fail(
    shared_rooms: TestClient, header: bytes
) -> None:
    answer = shared_rooms.post("/v1/rooms", json=ROOM_BODY, headers=[(b"Authorization", header)])
    assert answer.status_code == 401


def test_deep_json_in_a_token_is_refused(shared_rooms: TestClient) -> None:
    deep = jwt.utils.base64url_encode(DEEP.encode()).decode()
    assert post(shared_rooms, f"Bearer {deep}.{deep}.x")[0] == 401
    signing_input = f"{segment({'alg': 'ES256', 'kid': 'one'})}.{deep}"
    algorithm = jwt.algorithms.get_default_algorithms()["ES256"]
    signature = algorithm.sign(signing_input.encode(), private_key("ES256"))
    made = jwt.utils.base64url_encode(signature).decode()
    assert post(shared_rooms, f"Bearer {signing_input}.{made}")[0] == 401


def test_a_token_in_the_query_string_is_none(rooms: TestClient) -> None:
    path = f"/v1/rooms?access_token={signed()}"
    assert post(rooms, None, path) == (401, 'Bearer realm="services", scope="rooms:write"')


@pytest.mark.parametrize("claim", ["exp", "nbf", "iat"])
def test_clocks_may_differ_a_little(rooms: TestClient, claim: str) -> None:
    little = (LEEWAY_SECONDS - 10) * (-1 if claim == "exp" else 1)
    assert post(rooms, f"Bearer {signed({claim: int(time.time()) + little})}")[0] == 201


@pytest.mark.parametrize(
    "claims",
    [
        {"scope": "rooms:read"},
        {"scope": ""},
        {"scope": None},
        {"scope": "rooms:writes rooms:wri te"},
        {"scope": 7},
        {"scope": None, "scp": ["rooms:read"]},
        {"scope": None, "scp": [["rooms:write"]]},
        {"scope": "rooms:read", "scp": "rooms:write"},
    ],
)
def test_a_token_without_the_scope_is_403_and_told_which(
    shared_rooms: TestClient, claims: dict[str, object]
) -> None:
    status, challenge = post(shared_rooms, f"Bearer {signed(claims)}")
    assert status == 403
    assert 'error="insufficient_scope"' in challenge
    assert challenge.endswith('scope="rooms:write"')


@pytest.mark.parametrize(
    "claims",
    [
        {"scope": None, "scp": ["rooms:read", "rooms:write"]},
        {"scope": None, "scp": "rooms:write"},
        {"scope": ["rooms:write"]},
        {"aud": ["payments", "services"]},
        {"sub": None, "client_id": "items"},
        {"sub": None, "azp": "items"},
    ],
)
def test_tokens_as_various_issuers_write_them_are_believed(
    rooms: TestClient, claims: dict[str, object]
) -> None:
    assert post(rooms, f"Bearer {signed(claims)}")[0] == 201


@pytest.mark.parametrize(
    ("path", "scope"), [("/v1/rooms", "rooms:read"), ("/v1/events", "events:read")]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_closed_reads_need_their_scope(
    rooms: TestClient, method: str, path: str, scope: str
) -> None:
    assert rooms.request(method, path).status_code == 401
    for scopes, status in {scope: 200, "rooms:write": 403}.items():
        headers = {"Authorization": f"Bearer {signed({'scope': scopes})}"}
        assert rooms.request(method, path, headers=headers).status_code == status


@pytest.mark.parametrize("path", ["/v1/openapi.json", "/v1/ui/", "/v1/nothing"])
def test_what_is_no_operation_needs_no_token(rooms: TestClient, path: str) -> None:
    assert rooms.get(path).status_code in {200, 404}


def test_open_reads_need_no_token_and_refuse_a_wrong_one(
    rooms_settings: Settings, issuer: FakeIssuer
) -> None:
    closed, binding = in_production(rooms_settings, issuer)
    opened = replace(closed, auth=AuthSettings(issuer=closed.auth.issuer, open_reads=True))
    with services.rooms.create_app(opened, binding).test_client() as rooms:
        assert rooms.get("/v1/rooms").status_code == 200
        assert rooms.head("/v1/rooms").status_code == 200
        assert post(rooms, None)[0] == 401
        for token, status in {signed({"scope": ""}): 200, signed({"exp": 1}): 401}.items():
            answer = rooms.get("/v1/rooms", headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == status


def test_without_the_keys_of_the_issuer_it_is_503_with_when_to_try_again(
    rooms: TestClient, issuer: FakeIssuer
) -> None:
    issuer.away = True
    answer = rooms.post(
        "/v1/rooms", json=ROOM_BODY, headers={"Authorization": f"Bearer {signed()}"}
    )
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert "login.example" not in answer.text
    assert "www-authenticate" not in answer.headers


def test_a_refused_write_stores_nothing(rooms: TestClient) -> None:
    assert post(rooms, f"Bearer {signed({'scope': 'rooms:read'})}")[0] == 403
    found = rooms.get("/v1/rooms", headers={"Authorization": f"Bearer {signed()}"})
    assert found.json()["rooms"] == []


def test_a_caller_is_refused_before_its_body_is_judged(rooms: TestClient) -> None:
    assert rooms.post("/v1/rooms", json={"wrong": 1}).status_code == 401


def test_the_storm_of_unknown_keys_asks_the_issuer_once(
    rooms: TestClient, issuer: FakeIssuer
) -> None:
    for number in range(20):
        assert post(rooms, f"Bearer {signed(kid=f'unknown {number}')}")[0] == 401
    assert len(issuer.asked) == 2  # its metadata and its keys


def test_the_only_key_needs_no_name(rooms: TestClient, issuer: FakeIssuer) -> None:
    issuer.keys = issuer.keys[:1]
    assert post(rooms, f"Bearer {signed(kid=None)}")[0] == 201
