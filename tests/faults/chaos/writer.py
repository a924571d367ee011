"""The program that changes entities at random until it is ended: rooms --rate=50 --seed=1.

Each unit of work is one transaction of a few changes, by the providers that handlers use. Some are
given up halfway, and their changes must not be told.
"""

import argparse
import os
import time
from collections.abc import Sequence
from random import Random
from typing import Any
from uuid import UUID, uuid4

from injector import Injector
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.chassis.bindings import injector_of
from services.chassis.database import writing
from services.chassis.entities.store import Entities
from services.chassis.errors import ServiceError
from services.chassis.serving.discovery import default_ports, load
from services.chassis.settings import Settings
from services.chassis.wiring import unit_of_work
from services.items.provider import ItemsProvider
from services.items.rows import ItemRow, KnownRoomRow
from services.rooms.provider import RoomsProvider
from services.rooms.rows import RoomRow
from tests.services.examples import ITEM_BODY, ROOM_BODY

_PAUSE_SECONDS = 0.1
_MOST_CHANGES = 10
# Few enough that each is changed often, as what is told of one entity has an order.
_POPULATION = 150
_GIVEN_UP = 0.05


class _GiveUp(Exception):
    """A unit of work that ends halfway."""


class _Writer:
    def __init__(self, injector: Injector, random: Random) -> None:
        self._injector = injector
        self._random = random

    def work(self) -> int:
        """Do one unit of work; return how many changes it was to make."""
        changes = self._random.choice((1, 1, 2, 5, _MOST_CHANGES))
        try:
            with unit_of_work(self._injector), writing(self._injector.get(Session)):
                for _ in range(changes):
                    self._change(self._injector.get(Session))
                self._doubt()
        except _GiveUp:
            return 0
        return changes

    def _doubt(self) -> None:
        if self._random.random() < _GIVEN_UP:
            raise _GiveUp

    def _change(self, session: Session) -> None:
        """Make a change; where another writer was faster, there is none."""
        there = session.scalars(select(self.row.id)).all()
        roll = self._random.random()
        try:
            if len(there) < _POPULATION / 2 or (roll < 0.15 and len(there) < _POPULATION):
                self._provider.add(self._new(session))
            elif roll < 0.30:
                self._provider.delete(self._random.choice(there))
            else:
                name = f"name {self._random.randrange(10**9)}"
                self._provider.patch(self._random.choice(there), {"name": name})
        except LookupError:
            return

    row: type[RoomRow | ItemRow]

    @property
    def _provider(self) -> Any:
        raise NotImplementedError

    def _new(self, session: Session) -> dict[str, Any]:
        raise NotImplementedError


class _RoomsWriter(_Writer):
    row = RoomRow

    @property
    def _provider(self) -> Entities[RoomRow] | Any:
        return self._injector.get(RoomsProvider)

    def _new(self, _: Session) -> dict[str, Any]:
        return ROOM_BODY | {"url": f"https://rooms.example/{uuid4()}"}


class _ItemsWriter(_Writer):
    row = ItemRow

    @property
    def _provider(self) -> Any:
        return self._injector.get(ItemsProvider)

    def _new(self, session: Session) -> dict[str, Any]:
        known = select(KnownRoomRow.id).where(~KnownRoomRow.deleted)
        rooms: list[UUID] = list(session.scalars(known))
        return ITEM_BODY | ({"room_id": str(self._random.choice(rooms))} if rooms else {})


def main(words: Sequence[str]) -> None:
    """Write at a rate, events a second, until a signal."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=("rooms", "items"))
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args(words)
    settings = Settings.read(options.name, default_ports(), os.environ)
    injector = injector_of(settings, load(options.name).bindings.configure)
    kind = _RoomsWriter if options.name == "rooms" else _ItemsWriter
    _write(kind(injector, Random(options.seed)), options.rate)  # noqa: S311 repeatable


def _write(writer: _Writer, rate: float) -> None:
    begun, written = time.monotonic(), 0
    while True:
        try:
            written += writer.work()
        except (ServiceError, SQLAlchemyError) as error:
            print(f"{type(error).__name__}: {error}", flush=True)
            time.sleep(_PAUSE_SECONDS)
        ahead = written / rate - (time.monotonic() - begun)
        time.sleep(max(ahead, 0))
