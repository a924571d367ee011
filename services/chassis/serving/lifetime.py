"""What happens between the start of a service and its end."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from threading import Thread

from injector import Injector
from sqlalchemy import Engine

from services.chassis.auth.service_token import ServiceToken
from services.chassis.entities.samples import Samples, put_samples
from services.chassis.events.declaration import Events
from services.chassis.events.follower import Follower, Following
from services.chassis.events.inbox import Inbox
from services.chassis.events.source import FeedSource
from services.chassis.events.waiting import Stopping
from services.chassis.serving.turn import Turn
from services.chassis.settings import Settings


@contextmanager
def running(injector: Injector) -> Iterator[None]:
    """Fill an empty database and follow the other services, until the block ends.

    Only a developer's database is filled; of several processes one follows.
    """
    settings, stopping = injector.get(Settings), injector.get(Stopping)
    has_samples = injector.binder.has_explicit_binding_for(Samples)
    if has_samples and settings.is_local and not settings.empty:
        put_samples(injector.get(Samples), injector)
    followers = injector.get(Following)
    followers[:] = _followers(injector)
    following = _Turns(followers, injector.get(Turn), stopping)
    following.start()
    try:
        yield
    finally:
        stopping.set()
        following.join()
        injector.get(Engine).dispose()


class _Turns(Thread):
    """Starts the followers once it is this process's turn, and ends with them."""

    def __init__(self, followers: Sequence[Follower], turn: Turn, stopping: Stopping) -> None:
        super().__init__(name="following", daemon=True)
        self._followers = followers
        self._turn = turn
        self._stopping = stopping

    def run(self) -> None:
        if not self._turn.wait(self._stopping):
            return
        for each in self._followers:
            each.start()
        self._stopping.wait()
        for each in self._followers:
            each.join()


def _followers(injector: Injector) -> list[Follower]:
    urls = injector.get(Settings).urls
    token = injector.get(ServiceToken)  # type: ignore[type-abstract]  # a port
    by_source = attrgetter("source")
    hears = sorted(injector.get(Events).hears, key=by_source)
    return [
        Follower(
            name,
            FeedSource(urls[name], token),
            Inbox(injector, name, list(subscriptions)),
            injector.get(Stopping),
        )
        for name, subscriptions in groupby(hears, by_source)
    ]
