"""Puts samples into an empty database, the way a client would, so that the first GET shows some."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from injector import Injector
from sqlalchemy.orm import Session

from services.chassis.database import exclusively, writing
from services.chassis.entities.pages import Page
from services.chassis.wiring import unit_of_work

_log = logging.getLogger(__name__)


class EntitiesProvider(Protocol):
    """What samples need of a provider."""

    def search(self, *, limit: int, cursor: str | None = None) -> Page[Any]:
        """Return a page of entities."""

    def add(self, body: Mapping[str, Any]) -> object:
        """Store the entity that a client sent."""


@dataclass(frozen=True, slots=True)
class Samples:
    """The provider that takes the samples, and the JSON file with the bodies to send."""

    provider: type[EntitiesProvider]
    file: Path


def put_samples(samples: Samples, injector: Injector) -> None:
    """Store the samples, unless there is something already: all of them, or none."""
    with unit_of_work(injector), writing(injector.get(Session)):
        exclusively(injector.get(Session).connection(), "samples")
        provider = injector.get(samples.provider)
        if provider.search(limit=1).entities:
            return
        bodies = json.loads(samples.file.read_text(encoding="utf-8"))
        for body in bodies:
            provider.add(body)
    _log.info("The database was empty; it now has %d samples.", len(bodies))
