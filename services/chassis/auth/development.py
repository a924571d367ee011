"""The development issuer: one key in a file that all services of a machine share."""

import base64
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from services.chassis.auth.errors import DevelopmentKeyUnusable, InvalidToken
from services.chassis.auth.keys import pick

ISSUER: Final = "urn:development-issuer"
TOKEN_SECONDS: Final = 3600

_FILE = "development-key.pem"


class DevelopmentIssuer:
    """Makes tokens for whoever asks, and knows the key that they are signed with."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.jwk = _public_jwk(key)
        self._keys = (jwt.PyJWK(self.jwk),)

    @classmethod
    def open(cls, var: Path) -> "DevelopmentIssuer":
        """Return the issuer whose key is in the folder `var`; without one, make it.

        Processes that start at once agree on one key. Raises DevelopmentKeyUnusable.
        """
        path = var / _FILE
        try:
            if not path.exists():
                _make(path)
            key = load_pem_private_key(path.read_bytes(), password=None)
        except OSError as error:
            raise DevelopmentKeyUnusable(path, error.strerror or str(error)) from error
        except (ValueError, TypeError) as error:
            raise DevelopmentKeyUnusable(path, "it holds no private key") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise DevelopmentKeyUnusable(path, "its key is not of Ed25519")
        return cls(key)

    async def find(self, kid: str | None) -> jwt.PyJWK:
        """Return the key of an id. Raises InvalidToken."""
        key = pick(self._keys, kid)
        if key is None:
            raise InvalidToken("The token is not of the development issuer, whose tokens count.")
        return key

    def token(self, subject: str, audience: str, scopes: Iterable[str]) -> str:
        """Return a token for an hour."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": audience,
            "sub": subject,
            "scope": " ".join(sorted(scopes)),
            "iat": now,
            "exp": now + TOKEN_SECONDS,
        }
        return jwt.encode(claims, self._key, "EdDSA", headers={"kid": self.jwk["kid"]})


def _make(path: Path) -> None:
    """Put a new key there, whole and readable by its owner only, unless another was faster."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=_FILE) as new:  # mode 0600
        new.write(pem)
        new.flush()
        os.fsync(new.fileno())
        try:
            os.link(new.name, path)
        except FileExistsError:
            return


def _public_jwk(key: Ed25519PrivateKey) -> dict[str, Any]:
    """Return the public key as a JWK (RFC 8037), named by its thumbprint (RFC 7638)."""
    x = _base64url(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
    required = {"crv": "Ed25519", "kty": "OKP", "x": x}
    text = json.dumps(required, sort_keys=True, separators=(",", ":"))
    kid = _base64url(hashlib.sha256(text.encode()).digest())
    return {**required, "kid": kid, "alg": "EdDSA", "use": "sig"}


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
