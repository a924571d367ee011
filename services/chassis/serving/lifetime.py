"""What happens between the start of a service and its end."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Thread

from injector import Injector
from sqlalchemy import Engine

from services.chassis.entities.samples import Samples, put_samples
from services.chassis.events.hearing.follower import Follower, Following
from services.chassis.events.hearing.pruning import InboxPruning
from services.chassis.events.hearing.sources import followers_of
from services.chassis.events.telling.pruning import OutboxPruning
from services.chassis.events.telling.relay import Relay, Relaying
from services.chassis.events.telling.watching import Watcher
from services.chassis.serving.turn import Turn
from services.chassis.settings import Settings
from services.chassis.stopping import Stopping

_PRUNING_SECONDS = 3600.0


@contextmanager
def running(injector: Injector) -> Iterator[None]:
    """Fill an empty database, follow the other services and relay, until the block ends.

    Only a developer's database is filled; of several processes one follows, and one relays.
    """
    settings, stopping = injector.get(Settings), injector.get(Stopping)
    has_samples = injector.binder.has_explicit_binding_for(Samples)
    if has_samples and settings.is_local and not settings.empty:
        put_samples(injector.get(Samples), injector)
    followers = injector.get(Following)
    followers[:] = followers_of(injector)
    following = _Turns(followers, injector.get(Turn), stopping, _prunings(injector))
    following.start()
    watcher, relaying = injector.get(Watcher), injector.get(Relaying)
    watcher.start()
    relaying[:] = [injector.get(Relay)] if settings.events.url else []
    for relay in relaying:
        relay.start()
    try:
        yield
    finally:
        stopping.set()
        following.join()
        for relay in relaying:
            relay.join()
        watcher.join()
        injector.get(Engine).dispose()


def _prunings(injector: Injector) -> Sequence[OutboxPruning | InboxPruning]:
    return injector.get(OutboxPruning), injector.get(InboxPruning)


class _Turns(Thread):
    """Follows and prunes, once it is this process's turn, until the service stops."""

    def __init__(
        self,
        followers: Sequence[Follower],
        turn: Turn,
        stopping: Stopping,
        prunings: Sequence[OutboxPruning | InboxPruning],
    ) -> None:
        super().__init__(name="following", daemon=True)
        self._followers = followers
        self._prunings = prunings
        self._turn = turn
        self._stopping = stopping

    def run(self) -> None:
        for each in self._followers:
            each.stand_by()
        if not self._turn.wait(self._stopping):
            return
        for each in self._followers:
            each.start()
        while not self._stopping.wait(_PRUNING_SECONDS):
            for pruning in self._prunings:
                pruning.run(self._stopping)
        for each in self._followers:
            each.join()
