"""Decides whether a bearer token (RFC 6750) that is a JWT (RFC 7519, RFC 9068) is believed."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import jwt

from services.chassis.auth.caller import Caller
from services.chassis.auth.errors import InvalidToken
from services.chassis.auth.keys import ALGORITHMS, Keys

MAX_TOKEN_BYTES: Final = 8 * 1024
# How far the clocks of the issuer and of this service may differ.
LEEWAY_SECONDS: Final = 30

_JWT = jwt.PyJWT(options={"require": ["exp", "iss", "aud"], "enforce_minimum_key_length": True})
_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/-]+=*) *", re.IGNORECASE)
_REASONS: Final[Sequence[tuple[type[Exception], str]]] = (
    (jwt.ExpiredSignatureError, "The token has expired."),
    (jwt.ImmatureSignatureError, "The token is not valid yet."),
    (jwt.InvalidIssuerError, "The token is of another issuer."),
    (jwt.InvalidAudienceError, "The token is for another audience."),
    (jwt.InvalidSignatureError, "The signature of the token is wrong."),
    (jwt.MissingRequiredClaimError, "The token lacks one of the claims exp, iss and aud."),
)


def bearer_token(headers: Sequence[str]) -> str | None:
    """Return the token of a request's Authorization headers; None where they bring no token.

    Raises InvalidToken where there is more than one, or one that is no bearer token.
    """
    if len(headers) > 1:
        raise InvalidToken("The request has more than one Authorization header.")
    if not headers or headers[0].split(" ", 1)[0].lower() != "bearer":
        return None
    # Before the expression, which is for short texts.
    if len(headers[0]) > MAX_TOKEN_BYTES:
        raise InvalidToken(f"The token is longer than {MAX_TOKEN_BYTES} bytes.")
    match = _BEARER.fullmatch(headers[0])
    if match is None:
        raise InvalidToken("The Authorization header is not Bearer and one token.")
    return match[1]


class TokenVerifier:
    """Believes the tokens that `issuer` has made for `audience` and signed with one of `keys`."""

    def __init__(self, keys: Keys, issuer: str, audience: str) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience

    async def verify(self, token: str) -> Caller:
        """Return whom the token speaks for. Raises InvalidToken, and IssuerAway without keys."""
        header = _header(token)
        algorithm, kid = header.get("alg"), header.get("kid")
        if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
            raise InvalidToken("The token is not signed with an algorithm that is allowed here.")
        key = await self._keys.find(kid)
        if key.algorithm_name != algorithm:
            raise InvalidToken("The token names another algorithm than its key has.")
        return _caller(self._claims(token, key))

    def _claims(self, token: str, key: jwt.PyJWK) -> Mapping[str, Any]:
        try:
            return _JWT.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                issuer=self._issuer,
                audience=self._audience,
                leeway=LEEWAY_SECONDS,
            )
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            raise InvalidToken(_reason(error)) from error


def _header(token: str) -> Mapping[str, Any]:
    """Return what a token says of itself. Raises InvalidToken."""
    try:
        header: Mapping[str, Any] = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        raise InvalidToken("The token is not a signed JWT.") from error
    # No extension that a token could call critical is understood (RFC 7515, section 4.1.11).
    if "crit" in header:
        raise InvalidToken("The token asks for an extension that is not understood here.")
    return header


def _reason(error: Exception) -> str:
    known = (reason for kind, reason in _REASONS if isinstance(error, kind))
    return next(known, "The token is not a JWT that can be read.")


def _caller(claims: Mapping[str, Any]) -> Caller:
    """Return the caller of claims; a program may be named as a client only."""
    names = (claims.get(each) for each in ("sub", "client_id", "azp"))
    subject = next((name for name in names if isinstance(name, str) and name), None)
    if subject is None:
        raise InvalidToken("The token does not say whom it speaks for.")
    return Caller(subject, _scopes(claims))


def _scopes(claims: Mapping[str, Any]) -> frozenset[str]:
    """Return the scopes, which some issuers list under another name."""
    listed = claims.get("scope", claims.get("scp", ()))
    if isinstance(listed, str):
        listed = listed.split()
    if not isinstance(listed, list | tuple):
        return frozenset()
    return frozenset(each for each in listed if isinstance(each, str))
