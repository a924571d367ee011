"""The tokens that this service sends when it calls another."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from services.chassis.auth.development import DevelopmentIssuer
from services.chassis.auth.errors import RETRY_SECONDS, IssuerAway, TokenUnavailable
from services.chassis.auth.issuer import Issuer

_DEFAULT_SECONDS = 60.0
_MOST_SECONDS = 24 * 3600.0
_MARGIN_SECONDS = 60.0


class ServiceToken(Protocol):
    """Where a client of another service gets its bearer token."""

    def token(self, *scopes: str) -> str | None:
        """Return a token with the scopes; without scopes, one with those that the issuer gives.

        None is for calls without a token. Raises TokenUnavailable.
        """

    def forget(self) -> None:
        """Take note that the other service refused a token, so that the next one is new."""


class NoToken:
    """Calls without a token: this service has no secret to get one with."""

    def token(self, *_scopes: str) -> None:
        """Return None; the others answer where their reads are open."""

    def forget(self) -> None:
        """Do nothing, as there is no other."""


class DevelopmentToken:
    """Tokens of the development issuer, for the service `subject`."""

    def __init__(self, issuer: DevelopmentIssuer, subject: str, audience: str) -> None:
        self._issuer = issuer
        self._subject = subject
        self._audience = audience

    def token(self, *scopes: str) -> str:
        """Return a new token."""
        return self._issuer.token(self._subject, self._audience, scopes)

    def forget(self) -> None:
        """Do nothing, as each token is new."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What an issuer said, and when it is to be asked again."""

    answer: str | TokenUnavailable
    asked: float
    until: float


class ClientCredentialsToken:
    """Tokens for this service's own client (RFC 6749, section 4.4).

    They are kept until shortly before they expire. The issuer is asked once for all threads, and
    for the same scopes at most every ten seconds. `clock` counts seconds.
    """

    def __init__(self, issuer: Issuer, clock: Callable[[], float] = time.monotonic) -> None:
        self._issuer = issuer
        self._clock = clock
        self._lock = Lock()
        self._kept: dict[str, _Kept] = {}
        self._forgotten = -RETRY_SECONDS * 2.0

    def token(self, *scopes: str) -> str:
        """Return a token with the scopes. Raises TokenUnavailable."""
        wanted = " ".join(sorted(scopes))
        with self._lock:
            kept = self._kept.get(wanted)
            if kept is None or self._is_over(kept):
                kept = self._kept[wanted] = self._ask(wanted)
        if isinstance(kept.answer, TokenUnavailable):
            raise kept.answer
        return kept.answer

    def forget(self) -> None:
        """Take note that a token was refused, so that the next one is new."""
        self._forgotten = self._clock()

    def _is_over(self, kept: _Kept) -> bool:
        now = self._clock()
        refused = kept.asked < self._forgotten and now - kept.asked >= RETRY_SECONDS
        return refused or now >= kept.until

    def _ask(self, scopes: str) -> _Kept:
        asked = self._clock()
        try:
            token, seconds = _granted(self._issuer, scopes)
        except IssuerAway as error:
            return _Kept(TokenUnavailable(str(error)), asked, asked + RETRY_SECONDS)
        return _Kept(token, asked, asked + seconds)


def _granted(issuer: Issuer, scopes: str) -> tuple[str, float]:
    """Return a token, and for how many seconds it is used. Raises IssuerAway."""
    grant = issuer.grant(scopes)
    token, kind = grant.get("access_token"), grant.get("token_type")
    if not isinstance(token, str) or not isinstance(kind, str) or kind.lower() != "bearer":
        raise IssuerAway("The issuer gives no bearer token.")
    said = grant.get("expires_in", _DEFAULT_SECONDS)
    lives = said if isinstance(said, int | float) else _DEFAULT_SECONDS
    # Used for at least a while, so that an issuer of short ones is not asked all the time.
    return token, max(min(lives, _MOST_SECONDS) - min(_MARGIN_SECONDS, lives / 2), RETRY_SECONDS)
