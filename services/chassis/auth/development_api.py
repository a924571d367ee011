"""What the development issuer answers over HTTP: /dev/token and /dev/jwks.json.

Whoever is on this machine gets a token. A page of another site that a browser shows does not:
it may name this machine in its DNS (so the Host is checked) or be trusted by CORS (so the Origin).
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from connexion import FlaskApp
from flask import Request, Response, jsonify, request
from injector import Injector

from services.chassis.auth.development import TOKEN_SECONDS, DevelopmentIssuer
from services.chassis.auth.errors import ForeignPage
from services.chassis.environment import LOOPBACK
from services.chassis.settings import Settings

TOKEN_PATH = "/dev/token"
JWKS_PATH = "/dev/jwks.json"

_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_ONCE = ("grant_type", "scope", "client_id")


def install(app: FlaskApp, injector: Injector, scopes: Iterable[str]) -> None:
    """Let the app give tokens with any of `scopes`, unless the settings name another issuer.

    Raises DevelopmentKeyUnusable.
    """
    settings = injector.get(Settings).auth
    if settings.issuer is not None:
        return
    issuer, audience = injector.get(DevelopmentIssuer), settings.audience
    known = frozenset(scopes)

    def token() -> Response:
        _check_page(request)
        error = _error(request, known)
        if error is not None:
            return _answer({"error": error[0], "error_description": error[1]}, 400)
        granted = request.form.get("scope", "").split() or sorted(known)
        return _answer(_grant(issuer.token(_client(request), audience, granted), granted))

    def jwks() -> Response:
        _check_page(request)
        return jsonify(keys=[issuer.jwk])

    app.add_url_rule(TOKEN_PATH, "development token", token, methods=["POST"])
    app.add_url_rule(JWKS_PATH, "development keys", jwks)


def _check_page(asked: Request) -> None:
    """Raise ForeignPage where the request is not for this machine, or not from a page of it."""
    if urlsplit(f"//{asked.host}").hostname not in LOOPBACK:
        raise ForeignPage(f"as {asked.host!r}")
    origin = asked.headers.get("Origin")
    if origin is not None and origin != f"{asked.scheme}://{asked.host}":
        raise ForeignPage(f"from {origin!r}")


def _error(asked: Request, known: frozenset[str]) -> tuple[str, str] | None:
    """Return what is wrong with a request, in the terms of RFC 6749, section 5.2."""
    if any(len(asked.form.getlist(name)) > 1 for name in _ONCE):
        return "invalid_request", "A parameter is there twice."
    grant = asked.form.get("grant_type")
    if grant is None:
        return "invalid_request", "Send a form with grant_type=client_credentials, and scope."
    if grant != "client_credentials":
        return "unsupported_grant_type", "The grant_type here is client_credentials."
    if set(asked.form.get("scope", "").split()) - known:
        return "invalid_scope", f"The scopes here are {' '.join(sorted(known))}."
    return None


def _client(asked: Request) -> str:
    """Return the name that a client gives itself; no secret is asked for."""
    basic = asked.authorization and asked.authorization.get("username")
    return asked.form.get("client_id") or basic or "developer"


def _grant(token: str, scopes: Iterable[str]) -> dict[str, object]:
    """Return what a client is told of its token (RFC 6749, section 5.1)."""
    return {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": TOKEN_SECONDS,
        "scope": " ".join(scopes),
    }


def _answer(document: dict[str, object], status: int = 200) -> Response:
    answer = jsonify(document)
    answer.status_code = status
    answer.headers.update(_NO_STORE)
    return answer
