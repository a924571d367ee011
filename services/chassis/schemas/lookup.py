"""Looks up the schema of who wrote a message, who may know more versions than this checkout."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final, Protocol, TypeVar

from registry import SchemaTree, SchemaVersion
from registry.errors import NoSuchSubject, NoSuchVersion, UnknownSchema
from services.chassis.errors import RegistryAway

T = TypeVar("T")

UNKNOWN_SECONDS: Final = 10.0
"""How long a version that the registry does not know is not asked for again."""
AWAY_SECONDS: Final = 2.0
"""How long a registry that was away is not asked again, so that a batch waits for it once."""

_MOST_KEPT = 1000

_log = logging.getLogger(__name__)


class Elsewhere(Protocol):
    """Where versions come from that this checkout does not have."""

    def version(self, name: str) -> SchemaVersion:
        """Return the version of a name such as `shop.Order/3`.

        Raises UnknownSchema where there is none, RegistryAway where that cannot be known now.
        """


@dataclass(frozen=True, slots=True)
class _Unknown:
    """Why a version is not known, and until when (on the clock) that is believed."""

    reason: str
    until: float


class Schemas:
    """The schemas of this checkout, `own`, and those that it has fetched from `elsewhere`.

    A version never changes, so that one which was fetched is kept. `clock` counts seconds.
    """

    def __init__(
        self,
        own: SchemaTree,
        elsewhere: Elsewhere | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._own = own
        self._elsewhere = elsewhere
        self._clock = clock
        self._lock = Lock()
        self._fetched: dict[str, SchemaVersion] = {}
        self._unknown: dict[str, _Unknown] = {}
        self._away = _Unknown("", clock())

    def version(self, name: str) -> SchemaVersion:
        """Return the version of a name such as `shop.Order/3`.

        It may be asked for over HTTP, for some seconds at most. Raises UnknownSchema where nobody
        knows it, RegistryAway where that cannot be known now.
        """
        try:
            return self._own.version(name)
        except (NoSuchSubject, NoSuchVersion) as error:
            if self._elsewhere is None:
                raise UnknownSchema(error.reason, error.fix) from None
        return self._fetched.get(name) or self._asked(name, self._elsewhere)

    def by_fingerprint(self, fingerprint: bytes) -> tuple[SchemaVersion, ...]:
        """Return the versions of a fingerprint: of this checkout, else of what was fetched."""
        fetched = tuple(self._fetched.values())
        return self._own.by_fingerprint(fingerprint) or tuple(
            each for each in fetched if each.fingerprint == fingerprint
        )

    def by_id(self, number: int) -> SchemaVersion:
        """Return the version of an id of this checkout. Raises UnknownSchema."""
        return self._own.by_id(number)

    def _asked(self, name: str, elsewhere: Elsewhere) -> SchemaVersion:
        with self._lock:
            # Another thread may have asked in the meantime.
            if name in self._fetched:
                return self._fetched[name]
            self._refuse(name)
            try:
                version = elsewhere.version(name)
            except RegistryAway as error:
                self._away = _Unknown(error.reason, self._clock() + AWAY_SECONDS)
                raise
            except UnknownSchema as error:
                _keep(self._unknown, name, _Unknown(str(error), self._clock() + UNKNOWN_SECONDS))
                raise
            _log.info("%s is not in this checkout; the registry has given it.", name)
            _keep(self._fetched, name, version)
            return version

    def _refuse(self, name: str) -> None:
        """Raise what the registry has answered a moment ago."""
        now = self._clock()
        if now < self._away.until:
            raise RegistryAway(self._away.reason)
        unknown = self._unknown.get(name)
        if unknown is not None and now < unknown.until:
            raise UnknownSchema(unknown.reason)


def _keep(kept: dict[str, T], name: str, value: T) -> None:
    """Keep a value as the newest one; of too many the oldest goes."""
    kept.pop(name, None)
    if len(kept) >= _MOST_KEPT:
        del kept[next(iter(kept))]
    kept[name] = value
