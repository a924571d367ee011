"""The public keys that tokens are verified with, as their issuer shows them now."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Any, Final, Protocol, TypeAlias

from jwt import PyJWK
from jwt.exceptions import PyJWTError

from services.chassis.auth.errors import RETRY_SECONDS, InvalidToken, IssuerAway

# Asymmetric only: whoever can verify a token must not be able to make one.
ALGORITHMS: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
KeySet: TypeAlias = tuple[PyJWK, ...]

_MOST_KEYS = 100
_FRESH_SECONDS = 300.0
# As long as the longest tokens commonly live; who is away longer has nobody left to admit.
_STALE_SECONDS = 24 * 3600.0
_PATIENCE_SECONDS = 12.0

_log = logging.getLogger(__name__)


class Keys(Protocol):
    """Where the key of a token is looked up."""

    async def find(self, kid: str | None) -> PyJWK:
        """Return the key of an id; without an id, the only key.

        Raises InvalidToken where there is none, IssuerAway where that cannot be known.
        """


def usable_keys(jwks: Mapping[str, Any]) -> KeySet:
    """Return the keys of a JWK Set (RFC 7517, section 5) that tokens may be signed with.

    What is for another use, or of a kind that is not known here, is left out.
    """
    listed = jwks.get("keys")
    entries = listed[:_MOST_KEYS] if isinstance(listed, list) else []
    return tuple(key for entry in entries if (key := _usable(entry)) is not None)


def pick(keys: KeySet, kid: str | None) -> PyJWK | None:
    """Return the key of an id, or the only key where a token names none."""
    if kid is None:
        return keys[0] if len(keys) == 1 else None
    return next((key for key in keys if key.key_id == kid), None)


def _usable(entry: object) -> PyJWK | None:
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
        return None
    try:
        key = PyJWK(entry)
    # What its parts make of an algorithm or a number that is none.
    except (PyJWTError, ValueError, TypeError, AttributeError, NotImplementedError):
        return None
    return key if key.algorithm_name in ALGORITHMS else None


class IssuerKeys:
    """Keeps the keys of an issuer, and asks for them again where they are old or one is not known.

    It asks at most every ten seconds, one at a time, in a thread of its own; requests with a key
    that is known do not wait for it. While the issuer is away its keys go on to work for a day.
    `fetch` raises IssuerAway; `clock` counts seconds.
    """

    def __init__(
        self, fetch: Callable[[], KeySet], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = Lock()
        self._keys: KeySet = ()
        self._fetched = -_STALE_SECONDS * 2
        self._tried = -_STALE_SECONDS * 2
        self._failure: Exception | None = None
        self._pending: Future[None] | None = None

    async def find(self, kid: str | None) -> PyJWK:
        """Return the key of an id; without an id, the only key.

        Raises InvalidToken where there is none, IssuerAway where that cannot be known.
        """
        key = self._known(kid)
        pending = self._refreshing(needed=key is None)
        if key is None:
            if pending is not None:
                await _settled(pending)
            # Also without waiting: what was fetched may have come between the first look and now.
            key = self._known(kid)
        if key is not None:
            return key
        if self._failure or (pending is not None and not pending.done()):
            raise IssuerAway("The keys of the issuer of tokens cannot be had now: try again later.")
        raise InvalidToken("The token is signed with a key that its issuer does not show.")

    def _known(self, kid: str | None) -> PyJWK | None:
        return pick(self._keys, kid) if self._age() < _STALE_SECONDS else None

    def _age(self) -> float:
        return self._clock() - self._fetched

    def _refreshing(self, *, needed: bool) -> Future[None] | None:
        """Return what is being fetched now; begin to where it is due."""
        if not needed and self._age() < _FRESH_SECONDS:
            return None
        with self._lock:
            if self._pending is None and self._clock() - self._tried >= RETRY_SECONDS:
                self._tried = self._clock()
                self._pending = Future()
                Thread(target=self._refresh, name="issuer-keys", daemon=True).start()
            return self._pending

    def _refresh(self) -> None:
        try:
            self._keys = self._fetch()
            self._fetched = self._clock()
            self._failure = None
        except Exception as error:  # noqa: BLE001 whatever it is, requests wait for an end
            if self._failure is None:
                _log.warning("Tokens are verified with the keys that are known: %s", error)
            self._failure = error
        finally:
            with self._lock:
                pending, self._pending = self._pending, None
            if pending is not None:
                pending.set_result(None)


async def _settled(pending: Future[None]) -> None:
    """Wait until something is fetched, a while at most; others may wait for the same."""
    try:
        shared = asyncio.shield(asyncio.wrap_future(pending))
        await asyncio.wait_for(shared, _PATIENCE_SECONDS)
    except TimeoutError:
        pass
