"""What this service injects: its provider, its events and its samples."""

from pathlib import Path

from injector import Binder

from services.chassis.entities.samples import Samples
from services.chassis.events.declaration import Events
from services.chassis.wiring import per_request
from services.items.events import EVENTS
from services.items.provider import ItemsProvider


def configure(binder: Binder) -> None:
    """Bind what handlers and effects take, and what the service tells and hears."""
    binder.bind(ItemsProvider, scope=per_request)
    binder.bind(Events, to=EVENTS)
    binder.bind(Samples, to=Samples(ItemsProvider, Path(__file__).with_name("samples.json")))
