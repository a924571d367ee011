"""The tokens with which a service calls another."""

import asyncio
import base64
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest
from injector import Injector

from registry import wire
from services.chassis.auth.bindings import AuthModule
from services.chassis.auth.development import ISSUER as DEVELOPMENT
from services.chassis.auth.development import DevelopmentIssuer
from services.chassis.auth.errors import TokenUnavailable
from services.chassis.auth.service_token import (
    ClientCredentialsToken,
    DevelopmentToken,
    NoToken,
    ServiceToken,
)
from services.chassis.auth.verification import TokenVerifier
from services.chassis.events.declaration import Events
from services.chassis.events.hearing.feed_source import FeedSource
from services.chassis.events.hearing.follower import Follower
from services.chassis.events.hearing.inbox import Inbox
from services.chassis.events.hearing.source import SourceAway
from services.chassis.settings import AuthSettings, Settings
from services.chassis.stopping import Stopping
from tests.services.examples import page_of
from tests.services.issuers import FakeIssuer

SCOPE = "events:read"
SECRET = "s:cret"
URL = "http://rooms.test"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fake() -> FakeIssuer:
    return FakeIssuer()


@pytest.fixture
def token(fake: FakeIssuer, clock: Clock) -> ClientCredentialsToken:
    return ClientCredentialsToken(fake.issuer(client_secret=SECRET), clock)


def test_a_service_of_this_machine_makes_its_own(tmp_path: Path) -> None:
    issuer = DevelopmentIssuer.open(tmp_path)
    made = DevelopmentToken(issuer, "items", "services").token(SCOPE)
    caller = asyncio.run(TokenVerifier(issuer, DEVELOPMENT, "services").verify(made))
    assert (caller.subject, caller.scopes) == ("items", frozenset({SCOPE}))


def test_elsewhere_it_is_got_for_the_credentials_of_the_client(
    token: ClientCredentialsToken, fake: FakeIssuer
) -> None:
    assert token.token(SCOPE) == "t1"
    ((authorization, form),) = fake.forms
    assert base64.b64decode(authorization.removeprefix("Basic ")) == b"items:s%3Acret"
    assert form == "grant_type=client_credentials&scope=events%3Aread"


def test_it_is_kept_until_shortly_before_it_expires(
    token: ClientCredentialsToken, fake: FakeIssuer, clock: Clock
) -> None:
    fake.grant["expires_in"] = 600
    for clock.now in (0, 539, 540):
        token.token(SCOPE)
        assert len(fake.forms) == 1 + (clock.now == 540)


@pytest.mark.parametrize("expires_in", [0, -5, 1, None, "soon", 1e300])
def test_an_issuer_of_strange_times_is_asked_every_ten_seconds_at_most(
    token: ClientCredentialsToken, fake: FakeIssuer, clock: Clock, expires_in: object
) -> None:
    fake.grant["expires_in"] = expires_in
    for clock.now in (0, 5, 9):
        token.token(SCOPE)
    assert len(fake.forms) == 1


def test_each_set_of_scopes_has_its_token(token: ClientCredentialsToken, fake: FakeIssuer) -> None:
    token.token("b", "a")
    token.token("a", "b")
    token.token()
    assert [form for _, form in fake.forms] == [
        "grant_type=client_credentials&scope=a+b",
        "grant_type=client_credentials",
    ]


def test_after_a_refusal_the_next_is_new_but_not_all_the_time(
    token: ClientCredentialsToken, fake: FakeIssuer, clock: Clock
) -> None:
    fake.grant["expires_in"] = 3600
    token.token(SCOPE)
    for clock.now in (5, 11, 12, 20):
        token.forget()
        token.token(SCOPE)
    assert len(fake.forms) == 2
    clock.now = 200
    token.token(SCOPE)
    clock.now = 300
    token.token(SCOPE)
    assert len(fake.forms) == 3


def test_threads_wait_for_one_asking(token: ClientCredentialsToken, fake: FakeIssuer) -> None:
    with ThreadPoolExecutor(8) as threads:
        got = list(threads.map(lambda _: token.token(SCOPE), range(40)))
    assert got == ["t1"] * 40
    assert len(fake.forms) == 1


@pytest.mark.parametrize(
    "grant",
    [
        {},
        {"access_token": "a"},
        {"access_token": 1, "token_type": "Bearer"},
        {"access_token": "a", "token_type": "mac"},
    ],
)
def test_what_is_no_bearer_token_is_told(
    token: ClientCredentialsToken, fake: FakeIssuer, grant: dict[str, object]
) -> None:
    fake.grant = grant
    with pytest.raises(TokenUnavailable, match="no bearer token"):
        token.token(SCOPE)


def test_a_refusal_of_the_issuer_is_told_without_the_secret_and_not_asked_again_at_once(
    token: ClientCredentialsToken, fake: FakeIssuer, clock: Clock
) -> None:
    fake.grant, fake.grant_status = {"error": "invalid_client"}, 401
    for clock.now in (0, 5):
        with pytest.raises(TokenUnavailable, match="401 invalid_client") as caught:
            token.token(SCOPE)
        assert "cret" not in str(caught.value)
    assert len(fake.forms) == 1
    fake.grant, fake.grant_status = {"access_token": "t2", "token_type": "Bearer"}, 200
    clock.now = 10
    assert token.token(SCOPE) == "t2"


class Numbered:
    """A new token after each refusal."""

    def __init__(self) -> None:
        self.number = 1

    def token(self, *scopes: str) -> str:
        return f"{'+'.join(scopes)}-{self.number}"

    def forget(self) -> None:
        self.number += 1


@pytest.fixture
def follower_inbox(items_injector: Injector) -> Inbox:
    return Inbox(items_injector, "rooms", items_injector.get(Events).hears)


class Guarded:
    """A feed that takes one token only."""

    def __init__(self, good: str, refusal: int = 401) -> None:
        self.good = f"Bearer {good}"
        self.refusal = refusal
        self.seen: list[str] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.seen.append(request.headers.get("authorization", ""))
        if self.seen[-1] != self.good:
            return httpx2.Response(self.refusal, headers={"WWW-Authenticate": "Bearer x"})
        return httpx2.Response(200, content=wire.encode(page_of()))


def test_a_feed_is_read_with_a_token_for_it_and_with_a_new_one_after_a_refusal() -> None:
    feed = Guarded("events:read-2")
    source = FeedSource(URL, Numbered(), httpx2.MockTransport(feed))
    assert source.read(0, 0).messages == []
    assert feed.seen == ["Bearer events:read-1", "Bearer events:read-2"]


@pytest.mark.parametrize("refusal", [401, 403])
def test_a_feed_that_goes_on_to_refuse_is_told_once(
    refusal: int, follower_inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    feed = Guarded("of another", refusal)
    source = FeedSource(URL, Numbered(), httpx2.MockTransport(feed))
    follower = Follower("rooms", source, follower_inbox, Stopping())
    caplog.set_level(logging.INFO, "services.chassis.events.hearing.follower")
    assert [follower.attempt() for _ in range(3)] == [False] * 3
    (line,) = caplog.messages
    assert f"refuses this service's token with {refusal}, Bearer x" in line
    assert len(feed.seen) == 6


def test_without_a_token_the_feed_is_away(token: ClientCredentialsToken, fake: FakeIssuer) -> None:
    fake.away = True
    source = FeedSource(URL, token, httpx2.MockTransport(Guarded("t1")))
    with pytest.raises(SourceAway, match=r"login\.example.*refused"):
        source.read(0, 0)


def test_a_service_without_a_secret_reads_an_open_feed_without_a_token() -> None:
    seen: list[httpx2.Headers] = []

    def feed(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers)
        return httpx2.Response(200, content=wire.encode(page_of()))

    assert FeedSource(URL, NoToken(), httpx2.MockTransport(feed)).read(0, 0).messages == []
    assert "authorization" not in seen[0]


@pytest.mark.parametrize(("secret", "expected"), [("", NoToken), (SECRET, ClientCredentialsToken)])
def test_only_who_has_a_secret_asks_the_issuer(secret: str, expected: type) -> None:
    auth = AuthSettings(issuer="https://login.example", client_secret=secret)
    settings = Settings(name="items", port=0, database_url="", auth=auth)
    injector = Injector([lambda binder: binder.bind(Settings, to=settings), AuthModule()])
    found: object = injector.get(ServiceToken)  # type: ignore[type-abstract]
    assert isinstance(found, expected)
