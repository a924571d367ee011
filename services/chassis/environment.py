"""Reads values from the environment, and keeps all that is wrong with them."""

import os.path
import re
from collections.abc import Mapping
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

import httpx2
from pika import URLParameters
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from services.chassis.errors import SettingsError

E = TypeVar("E", bound=StrEnum)

MAX_PORT: Final = 65_535
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_YES: Final = frozenset({"1", "true", "yes", "on"})
_NO: Final = frozenset({"0", "false", "no", "off"})
# User and password of a URL, as far as that is one.
_USER: Final = re.compile(r"://\S*@")


class Environment:
    """The variables of a process. An empty one counts as one that is not set."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = {key: text for key, text in variables.items() if text}
        self._problems: list[str] = []

    def finish(self) -> None:
        """Raise SettingsError if anything was wrong."""
        if self._problems:
            raise SettingsError(self._problems)

    def problem(self, sentence: str) -> None:
        """Keep what is wrong; it is told once, however often it is found."""
        if sentence not in self._problems:
            self._problems.append(sentence)

    def has(self, key: str) -> bool:
        """Return whether the variable is set."""
        return key in self._variables

    def text(self, key: str, default: str) -> str:
        """Return the text as it is."""
        return self._variables.get(key, default)

    def one_of(self, key: str, choices: tuple[str, ...], default: str) -> str:
        """Return one of the choices, whatever the case of its letters."""
        text = self._variables.get(key, default)
        for choice in choices:
            if text.lower() == choice.lower():
                return choice
        self._wrong(key, text, f"one of {', '.join(choices)}")
        return default

    def choice(self, key: str, of: type[E], default: E) -> E:
        """Return a member of an enum."""
        return of(self.one_of(key, tuple(of), default))

    def flag(self, key: str, *, default: bool) -> bool:
        """Return a yes or no."""
        text = self._variables.get(key)
        if text is None:
            return default
        if text.lower() not in _YES | _NO:
            self._wrong(key, text, "true or false")
        return text.lower() in _YES

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        """Return a whole number within bounds."""
        text = self._variables.get(key, str(default))
        if re.fullmatch("[0-9]{1,18}", text) and least <= int(text) <= most:
            return int(text)
        self._wrong(key, text, f"a number from {least} to {most}")
        return default

    def port(self, key: str, default: int) -> int:
        """Return the number of a port; 0 takes any free one."""
        text = self._variables.get(key, str(default))
        if re.fullmatch("[0-9]{1,5}", text) and int(text) <= MAX_PORT:
            return int(text)
        self._wrong(key, text, f"a port number from 0 to {MAX_PORT}")
        return default

    def folder(self, key: str, default: Path) -> Path:
        """Return the absolute path of a folder, which need not be there."""
        text = self._variables.get(key, str(default))
        # The method of Path raises where a folder above may not be looked into.
        if os.path.isfile(text):  # noqa: PTH113
            self._wrong(key, text, "a folder")
        return Path(text).absolute()

    def url(self, key: str, default: str) -> str:
        """Return the URL of something that speaks HTTP, without a slash at its end."""
        text = self._variables.get(key, default)
        if not _is_http(text):
            self._wrong(key, text, f"a URL such as {default}")
        return text.rstrip("/")

    def optional_url(self, key: str, *, private: bool = False) -> str | None:
        """Return a URL as it is written, None where there is none.

        `private` takes none that others on the way could read or change.
        """
        text = self._variables.get(key)
        if text is not None and not (_is_http(text) and (is_private(text) or not private)):
            self._wrong(key, text, "a URL such as https://login.example")
        return text

    def pattern(self, key: str, default: str, names: tuple[str, ...]) -> str:
        """Return a URL in which each `{name}` stands for something else."""
        text = self._variables.get(key, default)
        filled = text
        for name in names:
            filled = filled.replace(f"{{{name}}}", "1")
        if "{" in filled or not _is_http(filled):
            self._wrong(key, text, f"a URL such as {default}, where {names} may stand in braces")
            return default
        return text

    def origins(self, key: str) -> tuple[str, ...]:
        """Return the origins (RFC 6454) of a list with commas; `*` is all of them."""
        listed = self._variables.get(key, "").split(",")
        origins = tuple(each.strip().rstrip("/") for each in listed if each.strip())
        for each in origins:
            if each != "*" and not (_is_http(each) and httpx2.URL(each).path == "/"):
                self._wrong(key, each, "origins such as https://shop.example, with commas between")
        return origins

    def networks(self, key: str) -> tuple[str, ...]:
        """Return the IP addresses and networks of a list with commas."""
        listed = self._variables.get(key, "").split(",")
        networks = tuple(each.strip() for each in listed if each.strip())
        for each in networks:
            try:
                ip_network(each)
            except ValueError:
                self._wrong(key, each, "addresses such as 10.0.0.7 or 10.0.0.0/8, commas between")
        return networks

    def database_url(self, key: str, default: str) -> str:
        """Return SQLAlchemy's URL of a database that is kept."""
        text = _with_driver(self._variables.get(key, default))
        if not _is_database(text):
            # The text may hold a password, so it is not shown.
            self.problem(
                f"{key}: expected the URL of a database that is kept, with a driver that is "
                f"installed, such as {default} or postgresql://user:password@host/name."
            )
        return text

    def broker_url(self, key: str) -> str | None:
        """Return the URL of a RabbitMQ broker or a Kafka cluster; None where there is none."""
        text = self._variables.get(key)
        if text is not None and not _is_broker(text):
            # The text may hold a password, so it is not shown.
            self.problem(
                f"{key}: expected the URL of a RabbitMQ broker, such as "
                "amqp://user:password@host:5672/ or amqps://user:password@host/ (what follows a ? "
                "is to be an option of pika's, such as heartbeat=30), or of a Kafka cluster, such "
                "as kafka://host:9092,host:9092."
            )
        return text

    def _wrong(self, key: str, text: str, expected: str) -> None:
        shown = _USER.sub("://***@", text)
        self.problem(f"{key}: expected {expected}, not {shown!r}.")


def is_private(text: str) -> bool:
    """Return whether nobody on the way to a URL can read or change what is sent."""
    url = httpx2.URL(text)
    return url.scheme == "https" or url.host in LOOPBACK


def _is_http(text: str) -> bool:
    try:
        url = httpx2.URL(text)
    except httpx2.InvalidURL:
        return False
    return url.scheme in {"http", "https"} and bool(url.host) and (url.port or 0) <= MAX_PORT


def _is_broker(text: str) -> bool:
    try:
        url = urlsplit(text)
        if url.scheme == "kafka":
            return url.path in {"", "/"} and all(map(_is_bootstrap, url.netloc.split(",")))
        # For the options in its query.
        URLParameters(text)
    except Exception:  # noqa: BLE001 it raises what its options raise
        return False
    return url.scheme in {"amqp", "amqps"} and bool(url.hostname) and url.port != 0


def _is_bootstrap(text: str) -> bool:
    """Return whether it is the host of a broker, with a port where it is not 9092."""
    url = urlsplit(f"//{text}")
    return bool(url.hostname) and url.port != 0 and "@" not in text


def _with_driver(text: str) -> str:
    """Name the driver of PostgreSQL that is installed, where the URL names none."""
    return re.sub("^postgres(ql)?://", "postgresql+psycopg://", text)


def _is_database(text: str) -> bool:
    try:
        url = make_url(text)
        url.get_dialect().import_dbapi()
    # SQLAlchemy lets through what its parts make of a strange scheme or port.
    except (ArgumentError, AttributeError, ImportError, ValueError):
        return False
    in_memory = url.database in {None, "", ":memory:"}
    return not (url.get_backend_name() == "sqlite" and in_memory)
