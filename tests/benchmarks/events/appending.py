"""What an event costs the request that tells it: POST of a room, with the outbox and without."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from operator import attrgetter
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

import orjson

import services.rooms
from services.chassis.events.declaration import Events
from services.chassis.settings import Settings
from services.rooms.events import EVENTS
from tests.benchmarks.codec.turns import amount
from tests.benchmarks.events.stores import Store
from tests.benchmarks.services.driving import Cost, Request, turns
from tests.benchmarks.services.parts import Shown
from tests.benchmarks.table import Row
from tests.services.examples import ROOM_BODY
from tests.services.tokens import bearer

MOST: Final = 1.15
# Short rounds and many, as most of a request is its disk, whose moods change.
_ROUNDS: Final = 40
_SIZE: Final = 8


def measure(stores: Mapping[str, Store], rounds: int = _ROUNDS) -> Iterator[Row]:
    """Yield a row for each database: what a request takes, against one that tells nothing."""
    for name, store in stores.items():
        costs = _turns(store, rounds)
        yield row(name, costs["telling"], costs["silent"])


def row(database: str, telling: Sequence[Cost], silent: Sequence[Cost]) -> Row:
    """Return what both took on a database in each round; the bound is on the time of a client."""
    ratios = [told.clock / untold.clock for told, untold in zip(telling, silent, strict=True)]
    return Row(
        what=f"POST a room, and its event, {database}",
        ours=_shown(telling),
        peer=f"without: {_shown(silent)}",
        ratio=median(ratios),
        most=MOST,
    )


def _shown(costs: Sequence[Cost]) -> str:
    clock, processor = (median(map(attrgetter(each), costs)) for each in ("clock", "processor"))
    return f"{amount(clock)}, of the processor {amount(processor)}"


def _turns(store: Store, rounds: int) -> dict[str, list[Cost]]:
    with TemporaryDirectory() as folder, ExitStack() as ending:
        logging.disable(logging.INFO)
        ending.callback(logging.disable, logging.NOTSET)
        var = Path(folder)
        url = store("appending")
        settings = Settings(name="rooms", port=0, database_url=url, var=var, empty=True)
        token = bearer(var, "rooms:read", "rooms:write")["Authorization"]
        requests = (Request("POST", "/v1/rooms", 201, _body(number)) for number in count())
        nothing = replace(EVENTS, tells=())
        apps = {
            "telling": services.rooms.create_app(settings),
            "silent": services.rooms.create_app(
                settings, lambda binder: binder.bind(Events, to=nothing)
            ),
        }
        return turns(
            {name: Shown(app, token) for name, app in apps.items()}, requests, rounds, _SIZE
        )


def _body(number: int) -> bytes:
    return orjson.dumps({**ROOM_BODY, "url": f"https://canal-homes.example/rooms/{number}"})
