"""What this service injects: its provider, its events and its samples."""

from pathlib import Path

from injector import Binder

from registry.records.items.item_changed.v1 import ItemChanged
from registry.records.rooms.room_changed.v1 import RoomChanged
from services.chassis.entities.samples import Samples
from services.chassis.events.declaration import Events, Subscription
from services.chassis.wiring import per_request
from services.items.effects import room_changed
from services.items.provider import ItemsProvider


def configure(binder: Binder) -> None:
    """Bind what handlers and effects take, and what the service tells and hears."""
    heard = Subscription("rooms", RoomChanged, room_changed)
    binder.bind(ItemsProvider, scope=per_request)
    binder.bind(Events, to=Events(tells=(ItemChanged,), hears=(heard,)))
    binder.bind(Samples, to=Samples(ItemsProvider, Path(__file__).with_name("samples.json")))
