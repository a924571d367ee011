"""From the commit of one service to the effect in another, which run as they do for users.

The rooms service is a process of its own, with its relay and its feed. Its rooms are written, and
heard, from here: so whoever waits is woken by what another process has committed.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import product
from pathlib import Path
from signal import SIGTERM
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Final
from uuid import UUID

from injector import Injector
from sqlalchemy import Engine

from registry.records.rooms.room_changed.v1 import RoomChanged
from services.chassis.auth.development import DevelopmentIssuer
from services.chassis.auth.service_token import DevelopmentToken
from services.chassis.entities.uuid7 import uuid7
from services.chassis.events.declaration import Hears
from services.chassis.events.hearing.feed_source import FeedSource
from services.chassis.events.hearing.follower import Follower
from services.chassis.events.hearing.inbox import Inbox
from services.chassis.events.rabbit.source import RabbitSource
from services.chassis.events.telling.watching import Watcher
from services.chassis.stopping import Stopping
from services.chassis.wiring import unit_of_work
from services.rooms.provider import RoomsProvider
from tests.benchmarks.events import raw
from tests.benchmarks.events.hearing import items
from tests.benchmarks.events.rates import rate, shown, until
from tests.benchmarks.events.sample import TYPE
from tests.benchmarks.events.stores import Store
from tests.benchmarks.events.telling import keep, rooms
from tests.benchmarks.table import Row
from tests.e2e.processes import Running
from tests.ports import free_port
from tests.services.examples import ROOM_BODY

_SECONDS: Final = 5.0
_PER_SECOND: Final = 30
_COUNT: Final = 3000
_NOBODY: Final = "http://127.0.0.1:9"


class Effects:
    """When each room was heard of."""

    def __init__(self) -> None:
        self.times: dict[UUID, float] = {}

    def take(self, event: RoomChanged) -> None:
        """Have the effect that now is known."""
        self.times[event.room.id] = time.perf_counter()


class Writer:
    """Makes rooms, as handlers of the rooms service do, but in a process of its own."""

    def __init__(self, injector: Injector) -> None:
        self._injector = injector

    def write(self) -> UUID:
        """Make a room, and return its id once that is committed."""
        body = {**ROOM_BODY, "url": f"https://canal-homes.example/{uuid7()}"}
        with unit_of_work(self._injector):
            return self._injector.get(RoomsProvider).add(body).id


def measure(
    url: str | None,
    stores: Mapping[str, Store],
    seconds: float = _SECONDS,
    count: int = _COUNT,
) -> Iterator[Row]:
    """Yield two rows for each database and way: how long one event takes, and how many a second."""
    ways = {"RabbitMQ": url, "feed": None} if url else {"feed": None}
    for (database, store), (way, broker) in product(stores.items(), ways.items()):
        yield from _rows(f"{way}, {database}", _store(store, way), broker, seconds, count)


def _rows(name: str, store: Store, url: str | None, seconds: float, count: int) -> Iterator[Row]:
    with rooms(store, None) as told, items(store) as heard, ExitStack() as ending:
        effects, writer = Effects(), Writer(told)
        ending.enter_context(_notifying(told))
        var = Path(ending.enter_context(TemporaryDirectory()))
        at = ending.enter_context(_serving(store, url, var))
        ending.enter_context(_following(heard, effects, at, url, var))
        writer.write()
        until(lambda: bool(effects.times))
        delays = _delays(writer, effects, seconds)
        yield delay_row(name, delays)
        yield Row(
            what=f"commit to effect, {name}, {count:,} at once",
            ours=shown(_through(told.get(Engine), writer, effects, count)),
        )


def delay_row(name: str, delays: list[float]) -> Row:
    """Return the median and the last hundredth of some delays in seconds."""
    hundredths = quantiles(delays, n=100, method="inclusive")
    return Row(
        what=f"commit to effect, {name}, {_PER_SECOND} a second",
        ours=f"p50 {hundredths[49] * 1e3:.0f} ms, p99 {hundredths[98] * 1e3:.0f} ms",
    )


def _delays(writer: Writer, effects: Effects, seconds: float) -> list[float]:
    committed = {}
    start = time.perf_counter()
    for number in range(int(seconds * _PER_SECOND)):
        time.sleep(max(0.0, start + number / _PER_SECOND - time.perf_counter()))
        room_id = writer.write()
        committed[room_id] = time.perf_counter()
    until(lambda: committed.keys() <= effects.times.keys())
    # An effect may be there before its writer goes on.
    return [max(0.0, effects.times[each] - then) for each, then in committed.items()]


def _through(engine: Engine, writer: Writer, effects: Effects, count: int) -> float:
    keep(engine, count - 1)
    expected = len(effects.times) + count

    def wait() -> None:
        writer.write()  # which wakes whoever waits
        until(lambda: len(effects.times) == expected)

    return rate(count, wait)


def _store(store: Store, way: str) -> Store:
    """Return databases that no other way has."""
    return lambda name: store(f"{name}_{way}")


@contextmanager
def _notifying(injector: Injector) -> Iterator[None]:
    """Let other processes be woken by what is written here, as a service does."""
    watcher, stopping = injector.get(Watcher), injector.get(Stopping)
    watcher.start()
    try:
        yield
    finally:
        stopping.set()
        watcher.join()


@contextmanager
def _serving(store: Store, url: str | None, var: Path) -> Iterator[str]:
    """Run the rooms service; give its address."""
    environment = {
        "ROOMS_PORT": free_port(),
        "ROOMS_DATABASE_URL": store("rooms"),
        "ITEMS_URL": _NOBODY,
        "VAR_DIR": str(var),
        "EVENTS_URL": url or "",
        "LOG_LEVEL": "INFO",
    }
    running = Running(["rooms", "--empty"], environment, Path.cwd())
    try:
        yield running.url("rooms")
    finally:
        running.end(SIGTERM)


@contextmanager
def _following(
    injector: Injector, effects: Effects, address: str, url: str | None, var: Path
) -> Iterator[None]:
    stopping = Stopping()
    token = DevelopmentToken(DevelopmentIssuer.open(var), "items", "services")
    inbox = Inbox(injector, raw.SERVICE, [Hears(raw.SERVICE, RoomChanged, effects.take)])
    queue = url and RabbitSource(url, raw.QUEUE, [TYPE], inbox.fall_behind, stopping)
    follower = Follower(raw.SERVICE, FeedSource(address, token), inbox, stopping, queue or None)
    follower.start()
    try:
        yield
    finally:
        stopping.set()
        follower.join()
