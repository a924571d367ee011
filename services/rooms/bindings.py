"""What this service injects: its provider, its events and its samples."""

from pathlib import Path

from injector import Binder

from services.chassis.entities.samples import Samples
from services.chassis.events.declaration import Events
from services.chassis.wiring import per_request
from services.rooms.events import EVENTS
from services.rooms.provider import RoomsProvider


def configure(binder: Binder) -> None:
    """Bind what handlers and effects take, and what the service tells and hears."""
    binder.bind(RoomsProvider, scope=per_request)
    binder.bind(Events, to=EVENTS)
    binder.bind(Samples, to=Samples(RoomsProvider, Path(__file__).with_name("samples.json")))
