"""The keys of an issuer are asked for seldom, and outlive its absence for a while."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from jwt import PyJWK

from services.chassis.auth.errors import InvalidToken, IssuerAway
from services.chassis.auth.keys import IssuerKeys, KeySet, usable_keys
from tests.services.issuers import jwk

HOUR = 3600.0


class Shown:
    """What an issuer shows, how often it was asked, and the time."""

    def __init__(self, *kids: str) -> None:
        self.kids = kids
        self.away = False
        self.asked = 0
        self.now = 0.0
        self.answering = Event()
        self.answering.set()

    def fetch(self) -> KeySet:
        self.asked += 1
        assert self.answering.wait(10)
        if self.away:
            raise IssuerAway("It is away.")
        return tuple(PyJWK(jwk("ES256", kid)) for kid in self.kids)


@pytest.fixture
def shown() -> Shown:
    return Shown("one")


@pytest.fixture
def keys(shown: Shown) -> IssuerKeys:
    return IssuerKeys(shown.fetch, lambda: shown.now)


def find(keys: IssuerKeys, kid: str | None = "one") -> str | None:
    return asyncio.run(keys.find(kid)).key_id


def asked_again(shown: Shown, times: int) -> None:
    """Wait for the thread that asks beside the requests."""
    deadline = time.monotonic() + 10
    while shown.asked < times:
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_keys_are_asked_for_once_while_they_are_fresh(keys: IssuerKeys, shown: Shown) -> None:
    for shown.now in (0, 100, 299):
        assert find(keys) == "one"
    assert shown.asked == 1


def test_a_new_key_is_found_by_its_first_token(keys: IssuerKeys, shown: Shown) -> None:
    find(keys)
    shown.kids, shown.now = ("one", "two"), 10
    assert find(keys, "two") == "two"
    assert shown.asked == 2


def test_keys_that_are_not_known_are_asked_for_every_ten_seconds_at_most(
    keys: IssuerKeys, shown: Shown
) -> None:
    for shown.now in [0.1 * tenth for tenth in range(201)]:
        with pytest.raises(InvalidToken):
            find(keys, "unknown")
    assert shown.asked == 3


def test_a_key_that_was_withdrawn_is_refused_after_the_next_asking(
    keys: IssuerKeys, shown: Shown
) -> None:
    find(keys)
    shown.kids, shown.now = ("two",), 301
    find(keys)  # it does not wait for the news
    asked_again(shown, 2)
    assert find(keys, "two") == "two"
    with pytest.raises(InvalidToken):
        find(keys, "one")


def test_requests_with_a_known_key_do_not_wait_for_the_issuer(
    keys: IssuerKeys, shown: Shown
) -> None:
    find(keys)
    shown.now = 301
    shown.answering.clear()
    for _ in range(10):
        assert find(keys) == "one"
    shown.answering.set()
    assert shown.asked == 2


def test_while_the_issuer_is_away_its_keys_work_for_a_day(keys: IssuerKeys, shown: Shown) -> None:
    find(keys)
    shown.away = True
    shown.now = 23 * HOUR
    assert find(keys) == "one"
    with pytest.raises(IssuerAway):
        find(keys, "unknown")
    shown.now = 25 * HOUR
    with pytest.raises(IssuerAway):
        find(keys)
    shown.away, shown.now = False, 25 * HOUR + 10
    assert find(keys) == "one"


def test_an_issuer_that_is_away_from_the_start_is_asked_again_after_ten_seconds(
    keys: IssuerKeys, shown: Shown
) -> None:
    shown.away = True
    for shown.now in (0, 1, 9.9):
        with pytest.raises(IssuerAway):
            find(keys)
    assert shown.asked == 1
    shown.away, shown.now = False, 10
    assert find(keys) == "one"


def test_many_requests_of_many_threads_wait_for_one_asking(keys: IssuerKeys, shown: Shown) -> None:
    shown.answering.clear()

    async def several() -> list[PyJWK]:
        return await asyncio.gather(*[keys.find("one") for _ in range(20)])

    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(asyncio.run, several()) for _ in range(4)]
        asked_again(shown, 1)
        shown.answering.set()
        found = [key.key_id for each in waiting for key in each.result()]
    assert found == ["one"] * 80
    assert shown.asked == 1


def test_waiting_for_the_issuer_does_not_stop_the_event_loop(
    keys: IssuerKeys, shown: Shown
) -> None:
    shown.answering.clear()

    async def both() -> str | None:
        found = asyncio.create_task(keys.find("one"))
        await asyncio.sleep(0)
        assert not found.done()
        shown.answering.set()
        return (await found).key_id

    assert asyncio.run(both()) == "one"


def test_a_request_that_is_given_up_takes_nothing_from_the_others(
    keys: IssuerKeys, shown: Shown
) -> None:
    shown.answering.clear()

    async def both() -> str | None:
        given_up, kept = asyncio.create_task(keys.find("one")), asyncio.create_task(keys.find(None))
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.sleep(0)
        shown.answering.set()
        return (await kept).key_id

    assert asyncio.run(both()) == "one"


def test_a_failure_that_nobody_foresaw_leaves_nobody_waiting() -> None:
    def fail() -> KeySet:
        message = "unforeseen"
        raise RuntimeError(message)

    with pytest.raises(IssuerAway):
        find(IssuerKeys(fail))


def test_only_keys_for_asymmetric_signatures_are_used() -> None:
    good = jwk("ES256", "good")
    entries = [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "secret"},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "one", "alg": "HS256"},
        jwk("RS256", "for encryption", use="enc"),
        jwk("RS256", "unknown algorithm", alg="RSA-OAEP"),
        jwk("RS256", "none", alg="none"),
        {"kty": "EC", "crv": "P-256", "kid": "no point"},
        {"kty": "EC", "crv": "P-256", "x": 1, "y": [], "kid": "no numbers"},
        {"kty": ["EC"]},
        {},
        None,
        "key",
        good,
    ]
    assert [key.key_id for key in usable_keys({"keys": entries})] == ["good"]


@pytest.mark.parametrize("jwks", [{}, {"keys": None}, {"keys": {"a": 1}}, {"keys": "abc"}])
def test_what_is_no_set_of_keys_has_none(jwks: dict[str, object]) -> None:
    assert usable_keys(jwks) == ()


def test_a_key_that_says_no_algorithm_has_that_of_its_kind() -> None:
    entries = [jwk(kind, kind) for kind in ("RS256", "ES256", "EdDSA")]
    for entry in entries:
        del entry["alg"]
    names = [key.algorithm_name for key in usable_keys({"keys": entries})]
    assert names == ["RS256", "ES256", "EdDSA"]
