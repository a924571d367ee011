"""Why a caller is refused, or nobody can be told apart; each brings the headers of its answer."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from services.chassis.errors import ServiceError

RETRY_SECONDS: Final = 10


def _challenge(**parameters: str) -> dict[str, str]:
    """Return the header that says what a caller lacks (RFC 6750, section 3)."""
    said = {"realm": "services", **parameters}
    return {"WWW-Authenticate": "Bearer " + ", ".join(f'{key}="{said[key]}"' for key in said)}


class TokenMissing(ServiceError):
    """The request has no bearer token. `scopes` are those that the operation asks for."""

    def __init__(self, scopes: Iterable[str]) -> None:
        asked = " ".join(sorted(scopes))
        super().__init__(
            f"This needs a token with the scope {asked}: send Authorization: Bearer and the token."
        )
        # No error code: the caller may not have known that it needs one (section 3.1).
        self.headers = _challenge(scope=asked)


class InvalidToken(ServiceError):
    """The token is not to be believed. `reason` is a sentence without quotes or backslashes."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.headers = _challenge(error="invalid_token", error_description=reason)


class InsufficientScope(ServiceError):
    """The token is good, and does not allow this. `scopes` are those that would."""

    def __init__(self, scopes: Iterable[str]) -> None:
        asked = " ".join(sorted(scopes))
        reason = f"The token does not have the scope {asked}."
        super().__init__(reason)
        self.headers = _challenge(error="insufficient_scope", error_description=reason, scope=asked)


class ForeignPage(ServiceError):
    """The development issuer is asked by what may be a page of another site."""

    def __init__(self, seen: str) -> None:
        super().__init__(
            f"The development issuer is asked {seen}: it answers at http://127.0.0.1 and "
            "http://localhost, and pages from there."
        )


class IssuerAway(ServiceError):
    """No token can be verified now, as the keys of its issuer are not to be had."""

    headers: Mapping[str, str] = {"Retry-After": str(RETRY_SECONDS)}


class TokenUnavailable(ServiceError):
    """The service gets no token for a call of its own; the message says why, and the remedy."""

    headers: Mapping[str, str] = {"Retry-After": str(RETRY_SECONDS)}


class DevelopmentKeyUnusable(ServiceError):
    """The file with the key of the development issuer cannot be read, or holds no such key."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The key of the development issuer, {path}, cannot be used ({reason}): delete the "
            "file, start all services again, and a new one is made. Older tokens end with it."
        )
