"""How fast a relay tells, beside what others publish: rows of the outbox, until confirmed."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from injector import Injector
from pika.adapters.blocking_connection import BlockingChannel
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import Session

import services.rooms
from services.chassis.bindings import injector_of
from services.chassis.database import writing
from services.chassis.events.tables import OutboxRow, SinkCursorRow
from services.chassis.events.telling.relay import Relay
from services.chassis.migrations import migrate
from services.chassis.settings import EventsSettings, Settings
from services.rooms.bindings import configure
from tests.benchmarks.events import raw
from tests.benchmarks.events.missing import say
from tests.benchmarks.events.rates import ROUNDS, Turn, race, rate, shown
from tests.benchmarks.events.sample import events
from tests.benchmarks.events.stores import POSTGRESQL, SQLITE, Store
from tests.benchmarks.table import Row

WANTED: Final[Mapping[str, float]] = {SQLITE: 0.45, POSTGRESQL: 0.3}
PEERS: Final = {"kombu": "KombuPublisher", "FastStream": "FastStreamPublisher"}
_RAW: Final = "pika alone"
_COUNT: Final = 3000
# Peers that wait for each confirm would take long.
_SHARE: Final = 4


def measure(
    url: str, stores: Mapping[str, Store], rounds: int = ROUNDS, count: int = _COUNT
) -> Iterator[Row]:
    """Yield a row for each database and peer; those against pika alone are gates."""
    with raw.topology(url) as channel, ExitStack() as ending:
        turns = _peers(url, channel, count, ending)
        for database, store in stores.items():
            injector = ending.enter_context(rooms(store, url))
            relay = injector.get(Relay)
            ending.callback(relay.sink.close)
            turns[database] = partial(_turn, relay, injector.get(Engine), channel, count)
        found = race(turns, rounds)
    relays = {database: found.pop(database) for database in stores}
    yield from rows(relays, found)


def rows(relays: Mapping[str, float], peers: Mapping[str, float]) -> Iterator[Row]:
    """Yield what relays did, by database, against what peers published in a second."""
    for database, ours in relays.items():
        for peer, theirs in peers.items():
            yield Row(
                what=f"telling, {database}",
                ours=shown(ours),
                peer=f"{peer}: {shown(theirs)}",
                ratio=ours / theirs,
                least=WANTED[database] if peer == _RAW else float("-inf"),
            )


@contextmanager
def rooms(store: Store, url: str | None) -> Iterator[Injector]:
    """Give what the rooms service injects, with its tables."""
    settings = Settings(
        name="rooms",
        port=0,
        database_url=store("rooms"),
        empty=True,
        events=EventsSettings(url=url),
    )
    injector = injector_of(settings, configure)
    engine = injector.get(Engine)
    migrate(engine, Path(services.rooms.__file__).parent / "migrations")
    yield injector
    engine.dispose()


def keep(engine: Engine, count: int) -> None:
    """Put events into the outbox, in one transaction."""
    kept = [
        {
            "event_id": each.event_id,
            "type": each.type,
            "aggregate_id": each.aggregate_id,
            "aggregate_version": 1,
            "dataschema": each.dataschema,
            "occurred_at": each.occurred_at,
            "data": each.data,
        }
        for each in events(count)
    ]
    with Session(engine) as session, writing(session):
        session.execute(insert(OutboxRow), kept)


def publishers() -> Iterator[tuple[str, Callable[[str], Any]]]:
    """Yield what makes a publisher for the broker at a URL, by its name; those installed."""
    yield _RAW, raw.RawPublisher
    for package, name in PEERS.items():
        try:
            module = import_module(f"tests.benchmarks.events.{package.lower()}_peer")
        except ModuleNotFoundError as error:
            say(f"{package}: {error.name} is not installed")
        else:
            yield package, getattr(module, name)


def _peers(url: str, channel: BlockingChannel, count: int, ending: ExitStack) -> dict[str, Turn]:
    turns: dict[str, Turn] = {}
    for name, make in publishers():
        publisher = make(url)
        ending.callback(publisher.close)
        share = count if name == _RAW else max(1, count // _SHARE)
        turns[name] = partial(_peer_turn, publisher, channel, share)
    return turns


def _peer_turn(publisher: Any, channel: BlockingChannel, count: int) -> float:
    channel.queue_purge(raw.QUEUE)
    found = events(count)
    return rate(count, lambda: publisher.publish(found))


def _turn(relay: Relay, engine: Engine, channel: BlockingChannel, count: int) -> float:
    channel.queue_purge(raw.QUEUE)
    relay.attempt()  # so that it leads, and the sink is open
    keep(engine, count)
    per_second = rate(count, partial(_empty, relay))
    if _left(engine):
        raise RuntimeError(f"The relay has stopped before the end: it is {relay.state}.")
    return per_second


def _empty(relay: Relay) -> None:
    while relay.attempt() == 0:
        pass


def _left(engine: Engine) -> int:
    """Return how many events are not where the relay puts them."""
    kept, put = select(func.max(OutboxRow.id)), select(func.max(SinkCursorRow.position))
    with Session(engine) as session:
        return (session.scalar(kept) or 0) - (session.scalar(put) or 0)
