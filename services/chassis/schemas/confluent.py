"""A registry that speaks Confluent's API: gives a version with all that it refers to."""

import re
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import httpx2
import orjson

from registry import SchemaVersion, parse
from registry.defaults import INT_RANGE
from registry.errors import SchemaError, UnknownSchema, shown
from registry.naming import is_full_name
from registry.schema import NamedSchema
from registry.subjects import Reference
from services.chassis.errors import RegistryAway

_SECONDS = 5.0
_MAX_BYTES = 4 << 20
_MAX_VERSIONS = 100
_MAX_DEPTH = 20
_MAX_NAME = 255
_NAME = re.compile(r"(?P<subject>[\w.]+)/(?P<number>[1-9][0-9]{0,9})", re.ASCII)
_KNOWS_NONE = (HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)
_ASKED: Final = {
    "Accept": "application/vnd.schemaregistry.v1+json, application/json",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


class ConfluentRegistry:
    """The registry at `url`, which may hold a user and a password. It is redirected nowhere.

    A version is fetched with what it refers to within bounds of time, number and size.
    """

    def __init__(self, url: str, transport: httpx2.BaseTransport | None = None) -> None:
        base = httpx2.URL(url)
        # Without user and password, which the log must not show.
        self._place = f"{base.scheme}://{base.netloc.decode('ascii')}{base.path}".rstrip("/")
        # It is configured as it is to be reached: a proxy of the environment is not for it.
        self._client = httpx2.Client(
            base_url=base, transport=transport, trust_env=False, timeout=_SECONDS
        )

    def version(self, name: str) -> SchemaVersion:
        """Return the version of a name such as `shop.Order/3`.

        Raises UnknownSchema where there is none, or none that can be used; RegistryAway where the
        registry does not answer, or not as a registry.
        """
        match = _NAME.fullmatch(name) if len(name) <= _MAX_NAME else None
        if match is None or not is_full_name(match["subject"]):
            raise UnknownSchema(f"{shown(name)} names no version.", "Name one as shop.Order/3.")
        found = _Fetching(self._client, self._place).version(
            match["subject"], int(match["number"]), 0
        )
        if found.schema.name != match["subject"]:
            raise UnknownSchema(f"What {self._place} gives as {name} is {found.schema.name}.")
        return found


class _Fetching:
    """One version and what it refers to. The bounds are for all of it together."""

    def __init__(self, client: httpx2.Client, place: str) -> None:
        self._client = client
        self._place = place
        self._made: dict[tuple[str, int], SchemaVersion] = {}
        self._bytes = 0
        self._asked = 0
        self._end = time.monotonic() + _SECONDS

    def version(self, subject: str, number: int, depth: int) -> SchemaVersion:
        """Return a version of a subject, which of a reference may be called anything."""
        if (made := self._made.get((subject, number))) is not None:
            return made
        self._asked += 1
        if depth > _MAX_DEPTH or self._asked > _MAX_VERSIONS:
            raise self._unusable(subject, number, "refers to too much, or to itself")
        found = self._get(subject, number)
        try:
            pins = _pins(found)
            referred = {
                Reference(name, pinned): self.version(of, pinned, depth + 1)
                for name, of, pinned in pins
            }
            schema = parse(found["schema"], [e.schema for e in referred.values()], strict=False)
        except (SchemaError, ValueError) as error:
            raise self._unusable(subject, number, f"is not sound: {error}") from None
        if not isinstance(schema, NamedSchema):
            raise self._unusable(subject, number, "is no record, enum or fixed")
        made = SchemaVersion(subject, number, "", found["schema"], schema, tuple(referred))
        self._made[subject, number] = made
        return made

    def _get(self, subject: str, number: int) -> Mapping[str, Any]:
        """Return what the registry says of a version; its `schema` is a text."""
        if number > INT_RANGE[1]:
            raise self._unusable(subject, number, f"would be above {INT_RANGE[1]}")
        try:
            path = f"subjects/{quote(subject, safe='')}/versions/{number}"
            with self._client.stream("GET", path, headers=_ASKED) as answer:
                body = self._body(answer, subject, number)
        except httpx2.HTTPError as error:
            raise RegistryAway(f"{self._place} does not answer: {error}") from error
        found = _object(body)
        if answer.status_code == HTTPStatus.OK and isinstance(found.get("schema"), str):
            return found
        if answer.status_code in _KNOWS_NONE and type(found.get("error_code")) is int:
            raise self._unusable(subject, number, f"is not there: {shown(found.get('message'))}")
        raise RegistryAway(
            f"{self._place} answers {answer.status_code}, and not as a registry does: is that the "
            "URL of one, with a user and a password where it asks for them?"
        )

    def _body(self, answer: httpx2.Response, subject: str, number: int) -> bytes:
        body = bytearray()
        # Raw, as what is compressed may be of any size.
        for part in answer.iter_raw():
            body += part
            self._bytes += len(part)
            if self._bytes > _MAX_BYTES:
                raise self._unusable(subject, number, f"is of more than {_MAX_BYTES} bytes")
            if time.monotonic() > self._end:
                raise httpx2.ReadTimeout(f"it takes more than {_SECONDS} seconds")
        return bytes(body)

    def _unusable(self, subject: str, number: int, why: str) -> UnknownSchema:
        return UnknownSchema(f"{subject}/{number} of {self._place} {why}.")


def _object(body: bytes) -> Mapping[str, Any]:
    """Return a JSON object; an empty one where the bytes hold none."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _pins(found: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """Return name, subject and version of what a version refers to. Raises ValueError."""
    if found.get("schemaType", "AVRO") != "AVRO":
        raise ValueError("it is no schema of Avro")
    listed = found.get("references") or []
    pins = list(map(_pin, listed)) if isinstance(listed, list) else [None]
    if None in pins:
        raise ValueError("its references are no references")
    return [each for each in pins if each is not None]


def _pin(value: Any) -> tuple[str, str, int] | None:
    if not isinstance(value, dict):
        return None
    name, subject, version = (value.get(key) for key in ("name", "subject", "version"))
    if isinstance(name, str) and isinstance(subject, str) and type(version) is int and version > 0:
        return name, subject, version
    return None
