"""A service of today hears one of tomorrow: it asks a registry for what it does not know."""

from collections.abc import Iterator

import pytest
from injector import Injector
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from registry.records.rooms.room_changed.v1 import RoomChanged
from services.chassis.errors import RegistryAway
from services.chassis.events.declaration import Hears
from services.chassis.events.hearing.inbox import Inbox
from services.chassis.events.hearing.source import Batch, Message
from services.chassis.events.tables import DeadLetterRow
from services.chassis.schemas import Schemas, tree
from services.chassis.schemas.confluent import ConfluentRegistry
from services.chassis.schemas.lookup import AWAY_SECONDS
from tests.services import examples
from tests.services.databases import on_both_databases
from tests.services.examples import feed_batch, message
from tests.services.newer_rooms import NEWER, newer_data, newer_tree
from tests.services.stand_in_registry import StandInRegistry, standing_in

pytestmark = on_both_databases


class Items:
    """An items service that hears rooms, with a registry to ask and a clock of its own."""

    def __init__(self, injector: Injector, engine: Engine, registry: StandInRegistry) -> None:
        self.now = 0.0
        self.heard: list[str] = []
        self._engine = engine
        elsewhere = ConfluentRegistry(registry.url)
        looked_up = Schemas(tree(), elsewhere, lambda: self.now)
        injector.binder.bind(Schemas, to=looked_up)
        self.inbox = Inbox(injector, "rooms", [Hears("rooms", RoomChanged, self.take)])

    def take(self, event: RoomChanged) -> None:
        self.heard.append(event.room.name)

    def dead_letters(self) -> list[tuple[int, str, str]]:
        with Session(self._engine) as session:
            letters = session.scalars(select(DeadLetterRow)).all()
            return [(each.position, each.reason, each.detail) for each in letters]


@pytest.fixture
def registry() -> Iterator[StandInRegistry]:
    with standing_in(newer_tree()) as made:
        yield made


@pytest.fixture
def items(items_injector: Injector, engine: Engine, registry: StandInRegistry) -> Items:
    return Items(items_injector, engine, registry)


def told(position: int, name: str, *, newer: bool = False) -> Message:
    changed = examples.room_changed(examples.room(name=name))
    if not newer:
        return message(position, changed)
    return message(position, changed, dataschema=NEWER, data=newer_data(changed))


def batch() -> Batch:
    return feed_batch(0, told(1, "A"), told(2, "B", newer=True), told(3, "C"))


def test_events_of_a_newer_writer_take_effect_with_the_others_in_order(
    items: Items, registry: StandInRegistry
) -> None:
    items.inbox.receive(batch())
    items.inbox.receive(feed_batch(3, told(4, "D", newer=True)))
    assert (items.heard, items.dead_letters()) == (["A", "B", "C", "D"], [])
    assert registry.asked.count("/subjects/rooms.RoomChanged/versions/3") == 1


def test_while_the_registry_is_away_nothing_takes_effect_and_nothing_is_lost(
    items: Items, registry: StandInRegistry
) -> None:
    registry.goes()
    waiting = batch()
    for _ in range(3):
        with pytest.raises(RegistryAway):
            items.inbox.receive(waiting)
    assert (items.heard, items.dead_letters(), items.inbox.cursor().position) == ([], [], 0)
    registry.appears()
    items.now += AWAY_SECONDS
    items.inbox.receive(waiting)
    assert (items.heard, items.dead_letters()) == (["A", "B", "C"], [])


def test_what_no_registry_knows_becomes_a_dead_letter_that_says_so(
    items: Items, registry: StandInRegistry
) -> None:
    registry.tree = tree()
    items.inbox.receive(batch())
    assert items.heard == ["A", "C"]
    ((position, reason, detail),) = items.dead_letters()
    assert (position, reason) == (2, "UnknownSchema")
    assert registry.url in detail
    assert "Version 3 not found" in detail


def test_a_version_that_has_not_the_fingerprint_of_the_message_is_not_used(
    items: Items, registry: StandInRegistry
) -> None:
    registry.lies = {NEWER: "rooms.RoomChanged/2"}
    items.inbox.receive(batch())
    assert items.heard == ["A", "C"]
    ((_, reason, detail),) = items.dead_letters()
    assert reason == "UnknownSchema"
    assert "its fingerprint is" in detail
