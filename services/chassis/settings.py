"""What the environment says about a service: read once, all its problems told at once."""

import os.path
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx2
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from services.chassis.errors import SettingsError

_PROJECT = Path(__file__).parents[2]
_MAX_PORT = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How one service runs.

    `port` 0 takes any free port. `urls` holds where the other services are, by name. `empty` keeps
    an empty database empty.
    """

    name: str
    port: int
    database_url: str
    urls: Mapping[str, str] = field(default_factory=dict)
    empty: bool = False

    @classmethod
    def read(
        cls, name: str, ports: Mapping[str, int], environment: Mapping[str, str]
    ) -> "Settings":
        """Read the settings of the service `name`; `ports` are the default ports of all services.

        For `items`: ITEMS_PORT, ITEMS_DATABASE_URL, VAR_DIR, and of each other service its URL,
        as in ROOMS_URL.

        Raises SettingsError with a line for each value that cannot be used.
        """
        reader = _Reader(environment)
        var = reader.folder("VAR_DIR", _PROJECT / "var")
        settings = cls(
            name=name,
            port=reader.port(f"{name}_PORT".upper(), ports[name]),
            database_url=reader.database_url(
                f"{name}_DATABASE_URL".upper(),
                str(URL.create("sqlite", database=f"{var / name}.sqlite")),
            ),
            urls={
                other: reader.url(
                    f"{other}_URL".upper(),
                    f"http://127.0.0.1:{reader.port(f'{other}_PORT'.upper(), port)}",
                )
                for other, port in ports.items()
                if other != name
            },
        )
        reader.finish()
        return settings

    def overridden(self, *, empty: bool, port: int | None) -> "Settings":
        """Return the settings with what the command line says. Raises SettingsError."""
        if port is not None and not 0 <= port <= _MAX_PORT:
            raise SettingsError([f"--port: expected a number from 0 to {_MAX_PORT}, not {port}."])
        return replace(self, empty=empty, port=self.port if port is None else port)


class _Reader:
    """Reads values and keeps what is wrong with them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._problems: list[str] = []

    def finish(self) -> None:
        if self._problems:
            raise SettingsError(self._problems)

    def port(self, key: str, default: int) -> int:
        text = self._environment.get(key, str(default))
        if re.fullmatch("[0-9]{1,5}", text) and int(text) <= _MAX_PORT:
            return int(text)
        self._wrong(key, text, f"a port number from 0 to {_MAX_PORT}")
        return default

    def folder(self, key: str, default: Path) -> Path:
        text = self._environment.get(key, str(default))
        # The method of Path raises where a folder above may not be looked into.
        if not text or os.path.isfile(text):  # noqa: PTH113
            self._wrong(key, text, "a folder")
        return Path(text).absolute()

    def url(self, key: str, default: str) -> str:
        text = self._environment.get(key, default)
        if not _is_http(text):
            self._wrong(key, text, f"a URL such as {default}")
        return text.rstrip("/")

    def database_url(self, key: str, default: str) -> str:
        text = self._environment.get(key, default)
        if not _is_database(text):
            # The text may hold a password, so it is not shown.
            self._problems.append(
                f"{key}: expected the URL of a database that is kept, with a driver that is "
                f"installed, such as {default}."
            )
        return text

    def _wrong(self, key: str, text: str, expected: str) -> None:
        self._problems.append(f"{key}: expected {expected}, not {text!r}.")


def _is_http(text: str) -> bool:
    try:
        url = httpx2.URL(text)
    except httpx2.InvalidURL:
        return False
    return url.scheme in {"http", "https"} and bool(url.host) and (url.port or 0) <= _MAX_PORT


def _is_database(text: str) -> bool:
    try:
        url = make_url(text)
        url.get_dialect().import_dbapi()
    # SQLAlchemy lets through what its parts make of a strange scheme or port.
    except (ArgumentError, AttributeError, ImportError, ValueError):
        return False
    in_memory = url.database in {None, "", ":memory:"}
    return not (url.get_backend_name() == "sqlite" and in_memory)
