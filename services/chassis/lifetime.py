"""What happens between the start of a service and its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter

from injector import Injector
from sqlalchemy import Engine

from services.chassis.events.declaration import Events
from services.chassis.events.follower import Follower
from services.chassis.events.inbox import Inbox
from services.chassis.events.source import FeedSource
from services.chassis.events.waiting import Stopping
from services.chassis.samples import Samples, put_samples
from services.chassis.settings import Settings


@contextmanager
def running(injector: Injector) -> Iterator[None]:
    """Fill an empty database and follow the other services, until the block ends."""
    if not injector.get(Settings).empty and injector.binder.has_explicit_binding_for(Samples):
        put_samples(injector.get(Samples), injector)
    followers = _followers(injector)
    for each in followers:
        each.start()
    try:
        yield
    finally:
        injector.get(Stopping).set()
        for each in followers:
            each.join()
        injector.get(Engine).dispose()


def _followers(injector: Injector) -> list[Follower]:
    engine, urls = injector.get(Engine), injector.get(Settings).urls
    by_source = attrgetter("source")
    hears = sorted(injector.get(Events).hears, key=by_source)
    return [
        Follower(
            name,
            FeedSource(urls[name]),
            Inbox(engine, name, list(subscriptions)),
            injector.get(Stopping),
        )
        for name, subscriptions in groupby(hears, by_source)
    ]
