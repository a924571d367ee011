"""Lets a service hear another again, so that what it has made of the events is made anew."""

from collections.abc import Mapping

from injector import Injector

from services.chassis.events.declaration import Events
from services.chassis.events.hearing.replay import replay
from services.chassis.operate.ending import Refused, ended
from services.chassis.operate.places import opened
from services.chassis.settings import Settings

_COMMAND = "events.replay"


def main(name: str, first: int, source: str | None, environment: Mapping[str, str]) -> int:
    """Set back how far the service `name` has heard a source, to before the position `first`.

    Returns the exit code: 0, 1 where the database or the position does not allow it, 2 for words
    that are wrong.
    """
    return ended(_COMMAND, lambda: _replay(name, first, source, environment))


def _replay(name: str, first: int, source: str | None, environment: Mapping[str, str]) -> int:
    with opened(name, environment) as injector:
        of = source or _only_source(name, injector)
        tables = [each.__tablename__ for each in injector.get(Events).projections.get(of, ())]  # type: ignore[attr-defined]
        heard = replay(injector, of, first)
        print(f"{name} has heard {of} up to event {heard}, and hears it again from event {first}.")
        if tables:
            done = "is empty" if first == 1 else "takes any version"
            print(f"What it made of the events {done} until then: {', '.join(tables)}.")
        url = injector.get(Settings).urls[of]
        print(f"It reads the feed of {of} at {url} within seconds, or once it is started.")
    return 0


def _only_source(name: str, injector: Injector) -> str:
    sources = sorted({each.source for each in injector.get(Events).hears})
    if len(sources) == 1:
        return sources[0]
    known = " or ".join(sources) or "nobody"
    raise Refused(f"{name} hears {known}: name the one with --source.")
