"""What this service injects: its provider, its events and its samples."""

from pathlib import Path

from injector import Binder

from registry.records.rooms.room_changed.v1 import RoomChanged
from services.chassis.entities.samples import Samples
from services.chassis.events.declaration import Events
from services.chassis.wiring import per_request
from services.rooms.provider import RoomsProvider


def configure(binder: Binder) -> None:
    """Bind what handlers take, and what the service tells."""
    binder.bind(RoomsProvider, scope=per_request)
    binder.bind(Events, to=Events(tells=(RoomChanged,)))
    binder.bind(Samples, to=Samples(RoomsProvider, Path(__file__).with_name("samples.json")))
