"""Asks the issuer of tokens for what it is: its metadata, its keys, a token for this service."""

import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import httpx2
import orjson

from services.chassis.auth.errors import IssuerAway
from services.chassis.auth.keys import KeySet, usable_keys
from services.chassis.environment import is_private
from services.chassis.media_types import JSON
from services.chassis.settings import AuthSettings

_SECONDS = 5.0
_MAX_BYTES = 1 << 20
_ASKED: Final = {"Accept": JSON, "Accept-Encoding": "identity"}


class Issuer:
    """The issuer of the settings, over HTTP: bounded in time and size, redirected nowhere.

    `local` lets it be reached without TLS.
    """

    def __init__(
        self,
        settings: AuthSettings,
        *,
        local: bool,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._local = local
        self._transport = transport

    def key_set(self) -> KeySet:
        """Return the keys that it signs with. Raises IssuerAway."""
        url = self._settings.jwks_url or self._discovered("jwks_uri")
        keys = usable_keys(self._json("GET", url))
        if not keys:
            raise IssuerAway(f"{url} shows no key that a token may be signed with.")
        return keys

    def grant(self, scopes: str) -> Mapping[str, Any]:
        """Return its answer to this service's credentials (RFC 6749, section 4.4).

        Raises IssuerAway.
        """
        url = self._settings.token_url or self._discovered("token_endpoint")
        form = {"grant_type": "client_credentials"} | ({"scope": scopes} if scopes else {})
        # Encoded twice, as section 2.3.1 asks.
        client, secret = self._settings.client_id, self._settings.client_secret
        credentials = (quote(client, safe=""), quote(secret, safe=""))
        return self._json("POST", url, form, credentials)

    def _discovered(self, name: str) -> str:
        url = self._metadata().get(name)
        if not isinstance(url, str):
            raise IssuerAway(f"The metadata of {self._settings.issuer} does not say {name}.")
        return url

    def _metadata(self) -> Mapping[str, Any]:
        """Return its metadata: by OpenID Connect Discovery, section 4, else by RFC 8414."""
        issuer = self._settings.issuer or ""
        try:
            found = self._json("GET", issuer.rstrip("/") + "/.well-known/openid-configuration")
        except _Refused:
            path = httpx2.URL(issuer).path.rstrip("/")
            well_known = f"/.well-known/oauth-authorization-server{path}"
            found = self._json("GET", str(httpx2.URL(issuer).join(well_known)))
        if found.get("issuer") != issuer:
            raise IssuerAway(f"The metadata of {issuer} is of {found.get('issuer')!r} instead.")
        return found

    def _json(
        self,
        method: str,
        url: str,
        form: Mapping[str, str] | None = None,
        credentials: tuple[str, str] | None = None,
    ) -> Mapping[str, Any]:
        if not (self._local or is_private(url)):
            raise IssuerAway(f"{url} is not asked, as it is not https.")
        try:
            with (
                # A proxy of the environment is for what is far away.
                httpx2.Client(
                    transport=self._transport, trust_env=url.startswith("https:"), timeout=_SECONDS
                ) as client,
                client.stream(method, url, data=form, auth=credentials, headers=_ASKED) as answer,
            ):
                body = _bounded(answer)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise IssuerAway(f"{url} does not answer: {error}") from error
        found = _object(body)
        if not answer.is_success:
            why = (found or {}).get("error", "")
            raise _Refused(f"{url} answers {answer.status_code} {why}".rstrip() + ".")
        if found is None:
            raise IssuerAway(f"{url} answers with what is no JSON object.")
        return found


class _Refused(IssuerAway):
    """The issuer answers, and gives nothing."""


def _bounded(answer: httpx2.Response) -> bytes:
    end = time.monotonic() + _SECONDS
    body = bytearray()
    for part in answer.iter_bytes():
        body += part
        if len(body) > _MAX_BYTES or time.monotonic() > end:
            raise httpx2.ReadError(f"more than {_MAX_BYTES} bytes, or {_SECONDS} seconds")
    return bytes(body)


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None
