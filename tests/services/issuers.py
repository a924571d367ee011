"""An issuer of tokens that tests hold in their hands."""

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import httpx2
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import get_default_algorithms

from services.chassis.app import Configure
from services.chassis.auth.issuer import Issuer
from services.chassis.settings import AuthSettings, Profile, Settings

ISSUER = "https://login.example/realms/main"
METADATA = "/realms/main/.well-known/openid-configuration"


@cache
def private_key(algorithm: str, number: int = 1) -> Any:
    """One key of a kind for all tests, as those of RSA take long to make; `number` tells apart."""
    if algorithm == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    if algorithm.startswith("ES"):
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, 2048 + 0 * number)


def jwk(algorithm: str, kid: str, number: int = 1, **more: object) -> dict[str, Any]:
    """The public key as an issuer shows it."""
    public = private_key(algorithm, number).public_key()
    shown: dict[str, Any] = json.loads(get_default_algorithms()[algorithm].to_jwk(public))
    return {**shown, "kid": kid, "alg": algorithm, "use": "sig", **more}


def signed(
    claims: Mapping[str, object] | None = None,
    *,
    algorithm: str = "ES256",
    kid: str | None = "one",
    number: int = 1,
    headers: Mapping[str, object] | None = None,
) -> str:
    """A token that is good but for what the arguments say; a claim that is None is left out."""
    now = int(time.time())
    good = {
        "iss": ISSUER,
        "aud": "services",
        "sub": "alice",
        "scope": "rooms:read rooms:write",
        "iat": now,
        "nbf": now,
        "exp": now + 60,
    }
    made = {key: each for key, each in {**good, **(claims or {})}.items() if each is not None}
    named = {**({"kid": kid} if kid else {}), **(headers or {})}
    return jwt.encode(made, private_key(algorithm, number), algorithm, headers=named)


def segment(value: object) -> str:
    """A part of a token that the library would not make."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


class FakeIssuer(httpx2.BaseTransport):
    """Answers as an issuer does, to those who know its address."""

    def __init__(self, *keys: dict[str, Any]) -> None:
        self.keys = list(keys)
        self.away = False
        self.asked: list[str] = []
        self.forms: list[tuple[str, str]] = []
        self.grant: dict[str, Any] = {"access_token": "t1", "token_type": "bearer"}
        self.grant_status = 200

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request.url.path)
        if self.away:
            raise httpx2.ConnectError("refused", request=request)
        if request.url.path == METADATA:
            found = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"}
            return httpx2.Response(200, json=found | {"token_endpoint": f"{ISSUER}/token"})
        if request.url.path.endswith("/keys"):
            return httpx2.Response(200, json={"keys": self.keys})
        if request.url.path.endswith("/token"):
            body = request.read().decode()
            self.forms.append((request.headers["authorization"], body))
            return httpx2.Response(self.grant_status, json=self.grant)
        return httpx2.Response(404, text="<html>")

    def issuer(self, **settings: Any) -> Issuer:
        """This issuer, as a service in production knows it."""
        auth = AuthSettings(**{"issuer": ISSUER, "client_id": "items", **settings})
        return Issuer(auth, local=False, transport=self)


def in_production(settings: Settings, issuer: FakeIssuer) -> tuple[Settings, Configure]:
    """Settings with an issuer and closed reads, and the binding that puts the issuer in place."""
    auth = AuthSettings(issuer=ISSUER, open_reads=False)
    changed = replace(settings, profile=Profile.PRODUCTION, auth=auth)
    return changed, lambda binder: binder.bind(Issuer, to=issuer.issuer())
