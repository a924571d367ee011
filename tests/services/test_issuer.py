"""What an issuer is asked over HTTP, and what is made of strange answers."""

import time
from collections.abc import Callable, Iterator

import httpx2
import pytest

from services.chassis.auth.errors import IssuerAway
from services.chassis.auth.issuer import Issuer
from services.chassis.settings import AuthSettings
from tests.services.issuers import ISSUER, METADATA, FakeIssuer, jwk

Answer = Callable[[httpx2.Request], httpx2.Response]


def asking(answer: Answer, *, local: bool = False, issuer: str = ISSUER, **more: str) -> Issuer:
    settings = AuthSettings(issuer=issuer, **more)  # type: ignore[arg-type]  # they are texts
    return Issuer(settings, local=local, transport=httpx2.MockTransport(answer))


def test_its_keys_are_found_by_its_metadata() -> None:
    fake = FakeIssuer(jwk("ES256", "one"))
    assert [key.key_id for key in fake.issuer().key_set()] == ["one"]
    assert fake.asked == [METADATA, "/realms/main/keys"]


def test_a_url_of_the_settings_needs_no_metadata() -> None:
    fake = FakeIssuer(jwk("ES256", "one"))
    fake.issuer(jwks_url="https://login.example/other/keys").key_set()
    assert fake.asked == ["/other/keys"]


def test_metadata_of_oauth_is_read_where_there_is_none_of_openid() -> None:
    asked = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.path)
        if "oauth-authorization-server" in request.url.path:
            return httpx2.Response(200, json={"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"})
        if request.url.path.endswith("/keys"):
            return httpx2.Response(200, json={"keys": [jwk("ES256", "one")]})
        return httpx2.Response(404, text="<html>")

    (key,) = asking(answer).key_set()
    assert key.key_id == "one"
    assert asked[1] == "/.well-known/oauth-authorization-server/realms/main"


def test_metadata_of_another_issuer_is_not_believed() -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json={"issuer": "https://evil.example", "jwks_uri": "x"})

    with pytest.raises(IssuerAway, match=r"is of 'https://evil\.example' instead"):
        asking(answer).key_set()


def endless() -> Iterator[bytes]:
    while True:
        yield b" " * 65_536


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(500),
        httpx2.Response(302, headers={"Location": "https://evil.example/keys"}),
        httpx2.Response(200, text="<html>"),
        httpx2.Response(200, text="[]"),
        httpx2.Response(200, text="[" * 100_000),
        httpx2.Response(200, content=b"\xff"),
        httpx2.Response(200, json={"keys": []}),
        httpx2.Response(200, json={"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}),
        httpx2.Response(200, content=endless()),
    ],
)
def test_what_are_no_keys_means_that_the_issuer_is_away(answer: httpx2.Response) -> None:
    with pytest.raises(IssuerAway, match=r"login\.example/keys"):
        asking(lambda _: answer, jwks_url="https://login.example/keys").key_set()


def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(range(0, 1000, 3))
    monkeypatch.setattr(time, "monotonic", lambda: next(now))
    drops = httpx2.Response(200, content=iter([b" "] * 100))
    with pytest.raises(IssuerAway, match=r"5\.0 seconds"):
        asking(lambda _: drops, jwks_url="https://login.example/keys").key_set()


@pytest.mark.parametrize("path", ["jwks_uri", "token_endpoint"])
def test_outside_of_the_local_profile_no_url_is_asked_without_tls(path: str) -> None:
    asked = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        return httpx2.Response(200, json={"issuer": ISSUER, path: "http://login.example/x"})

    issuer = asking(answer)
    with pytest.raises(IssuerAway, match="not https"):
        issuer.key_set() if path == "jwks_uri" else issuer.grant("")
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("local", "url"), [(True, "http://login.example"), (False, "http://[::1]:1")]
)
def test_on_this_machine_and_in_the_local_profile_http_will_do(local: bool, url: str) -> None:  # noqa: FBT001 a row of the table
    keys = httpx2.Response(200, json={"keys": [jwk("ES256", "one")]})
    assert asking(lambda _: keys, local=local, jwks_url=url).key_set()


def test_metadata_that_does_not_say_where_the_keys_are_is_told() -> None:
    with pytest.raises(IssuerAway, match="does not say jwks_uri"):
        asking(lambda _: httpx2.Response(200, json={"issuer": ISSUER, "jwks_uri": 7})).key_set()
