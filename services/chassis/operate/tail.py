"""Shows what a service tells, as it happens: a line for each event of its feed."""

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TypeVar

from services.chassis.auth.service_token import ServiceToken
from services.chassis.bindings import injector_of
from services.chassis.operate.ending import ended, say
from services.chassis.operate.feed import (
    SCOPE,
    Event,
    FeedAway,
    FeedRefused,
    Page,
    ReadableFeed,
)
from services.chassis.operate.lines import Paper, line, printable
from services.chassis.operate.places import settings_beside
from services.chassis.serving.console import is_plain
from services.chassis.settings import Settings

T = TypeVar("T")
Say = Callable[[str], None]

_LAST_EVENTS = 5
_WAIT_SECONDS = 10.0
_PAUSE_SECONDS = 0.5
# The client of an issuer that reads feeds for people, unless AUTH_CLIENT_ID names another.
_CLIENT = "events-tail"
_COMMAND = "events.tail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which events to show: those after a position, or the last few and those that come."""

    after: int | None = None
    type: str | None = None
    limit: int | None = None
    as_json: bool = False


def main(name: str, choice: Choice, environment: Mapping[str, str]) -> int:
    """Print the events of the service `name` until Ctrl-C, or as many as are chosen.

    Returns the exit code: 0 at the end, 1 if the feed may not be read, 2 if there is no such
    service or the settings are wrong.
    """
    return ended(_COMMAND, lambda: _tail(name, choice, environment))


def _tail(name: str, choice: Choice, environment: Mapping[str, str]) -> int:
    settings = settings_beside(name, _CLIENT, environment)
    token = injector_of(settings).get(ServiceToken)  # type: ignore[type-abstract]  # a port
    tail = Tail(name, ReadableFeed(settings.urls[name], token), partial(say, _COMMAND))
    paper = _paper(environment)
    try:
        for event in tail.events(choice):
            print(json.dumps(event) if choice.as_json else line(event, paper), flush=True)
    except FeedRefused as error:
        say(_COMMAND, _refusal(name, settings, str(error)))
        return 1
    return 0


class Tail:
    """Follows the feed of the service `name`, and waits for it while it is away."""

    def __init__(
        self, name: str, feed: ReadableFeed, say: Say, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._name = name
        self._feed = feed
        self._say = say
        self._pause = pause
        self._away = False

    def events(self, choice: Choice) -> Iterator[Event]:
        """Yield what is chosen, and wait for more. Raises FeedRefused."""
        after = choice.after
        if after is None:
            after = max(self._asked(self._feed.head) - _LAST_EVENTS, 0)
        chosen = (event for event in self._all(after) if choice.type in {None, event["type"]})
        return islice(chosen, choice.limit)

    def _all(self, after: int) -> Iterator[Event]:
        known = None
        while True:
            page = self._asked(partial(self._feed.read, after, wait=_WAIT_SECONDS))
            if known not in {None, page.feed}:
                self._say(f"{self._name} has a new feed, which is read from its beginning.")
                page = Page(page.feed, (), 0)
            yield from page.events
            known, after = page.feed, page.position
            if not page.events:
                # It may have come at once: where too many wait, nobody else does.
                self._pause(_PAUSE_SECONDS)

    def _asked(self, ask: Callable[[], T]) -> T:
        while True:
            try:
                answer = ask()
            except FeedAway as error:
                self._tell_away(error)
                self._pause(_PAUSE_SECONDS)
            else:
                if self._away:
                    self._say(f"{self._name} has appeared.")
                self._away = False
                return answer

    def _tell_away(self, error: FeedAway) -> None:
        if not self._away:
            why = printable(str(error))
            self._say(
                f"{self._name} is away at {self._feed.url} ({why}) and is waited for: "
                f"./invoke run {self._name} starts it, {self._name.upper()}_URL says where else "
                "it is."
            )
        self._away = True


def _paper(environment: Mapping[str, str]) -> Paper:
    if not sys.stdout.isatty():
        return Paper()
    return Paper(shutil.get_terminal_size().columns, colours=not is_plain(environment))


def _refusal(name: str, settings: Settings, reason: str) -> str:
    """Return why the feed may not be read, and what to do about it."""
    if settings.auth.issuer is None:
        remedy = f"{name} takes tokens of another issuer: set VAR_DIR, or AUTH_ISSUER, as it has it"
    else:
        remedy = (
            f"let the issuer give the scope {SCOPE} to the client {settings.auth.client_id}, and "
            "set AUTH_CLIENT_ID and AUTH_CLIENT_SECRET"
        )
    return f"{name} refuses to be read at {settings.urls[name]} ({printable(reason)}): {remedy}."
