"""How fast a service hears: from its queue through the inbox, until the effects are committed."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import pika
from injector import Injector
from pika.adapters.blocking_connection import BlockingChannel
from sqlalchemy import Engine

import services.items
from registry.records.rooms.room_changed.v1 import RoomChanged
from services.chassis.bindings import injector_of
from services.chassis.events.declaration import Hears
from services.chassis.events.hearing.inbox import Inbox
from services.chassis.events.hearing.source import Batch
from services.chassis.events.rabbit import source as rabbit_source
from services.chassis.events.rabbit.source import RabbitSource
from services.chassis.migrations import migrate
from services.chassis.settings import Settings
from services.chassis.stopping import Stopping
from services.items.bindings import configure
from services.items.events import room_changed
from tests.benchmarks.events import raw
from tests.benchmarks.events.rates import Turn, race, rate, shown
from tests.benchmarks.events.sample import TYPE, events
from tests.benchmarks.events.stores import Store
from tests.benchmarks.table import Row
from tests.services.examples import FEED

_COUNT: Final = 2000
_ROUNDS: Final = 3
_BATCHES: Final = (500, 1000)
_RAW: Final = "pika alone"


def nothing(event: RoomChanged) -> None:
    """Have no effect: what is left is the way to it."""


_EFFECTS: Final[Mapping[str, Any]] = {"no effect": nothing, "items' effect": room_changed}


def measure(
    url: str, stores: Mapping[str, Store], rounds: int = _ROUNDS, count: int = _COUNT
) -> Iterator[Row]:
    """Yield a row for each database, effect and batch: against pika, which has no inbox."""
    with raw.topology(url) as channel, ExitStack() as ending:
        publisher = raw.RawPublisher(url)
        ending.callback(publisher.close)
        fill = partial(_fill, publisher, channel, count)
        turns: dict[str, Turn] = {_RAW: partial(_raw_turn, url, fill, count)}
        for (database, store), (what, effect) in product(stores.items(), _EFFECTS.items()):
            injector = ending.enter_context(items(store))
            inbox = Inbox(injector, raw.SERVICE, [Hears(raw.SERVICE, RoomChanged, effect)])
            _catch_up(inbox)
            for batch in _BATCHES:
                name = f"hearing, {database}, {what}, batches of {batch}"
                turns[name] = partial(_turn, url, inbox, fill, batch, count)
        found = race(turns, rounds)
        best = found.pop(_RAW)
        for name, ours in found.items():
            yield Row(what=name, ours=shown(ours), peer=f"{_RAW}: {shown(best)}", ratio=ours / best)


@contextmanager
def items(store: Store) -> Iterator[Injector]:
    """Give what the items service injects, with its tables."""
    settings = Settings(name="items", port=0, database_url=store("items"), empty=True)
    injector = injector_of(settings, configure)
    engine = injector.get(Engine)
    migrate(engine, Path(services.items.__file__).parent / "migrations")
    yield injector
    engine.dispose()


def _catch_up(inbox: Inbox) -> None:
    """Let the inbox have read the feed, which it wants to have before it takes from a queue."""
    at = inbox.cursor().position
    inbox.receive(Batch((), feed=FEED, after=at, position=at))


def _fill(publisher: raw.RawPublisher, channel: BlockingChannel, count: int) -> None:
    channel.queue_purge(raw.QUEUE)
    publisher.publish(events(count))


def _turn(url: str, inbox: Inbox, fill: Any, batch: int, count: int) -> float:
    with patch.object(rabbit_source, "_BATCH", batch):
        source = RabbitSource(url, raw.QUEUE, [TYPE], inbox.fall_behind, Stopping())
        try:
            source.open()
            fill()
            return rate(count, partial(_hear, source, inbox, count))
        finally:
            source.close()


def _hear(source: RabbitSource, inbox: Inbox, count: int) -> None:
    while count > 0:
        batch = source.read(0, 1.0)
        if not inbox.receive(batch):
            raise RuntimeError("The inbox does not take what the queue gives.")
        source.settle(batch)
        count -= len(batch.messages)


def _raw_turn(url: str, fill: Any, count: int) -> float:
    fill()
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        channel.basic_qos(prefetch_count=2 * _BATCHES[0])
        return rate(count, partial(_consume, channel, count))


def _consume(channel: BlockingChannel, count: int) -> None:
    messages = channel.consume(raw.QUEUE, inactivity_timeout=10)
    for number in range(1, count + 1):
        method, _, _ = next(messages)
        if number % _BATCHES[0] == 0 or number == count:
            channel.basic_ack((method and method.delivery_tag) or 0, multiple=True)
    channel.cancel()
