"""Dead letters at a terminal: listed, shown with what they hold, tried again, dropped."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from injector import Injector
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from services.chassis.errors import NoSuchEntity
from services.chassis.events.hearing.dead_letters import DeadLetters
from services.chassis.events.tables import DeadLetterRow
from services.chassis.operate.ending import Refused, ended, say
from services.chassis.operate.letter import page
from services.chassis.operate.lines import printable
from services.chassis.operate.places import NoTables, opened
from services.chassis.operate.table import table
from services.chassis.serving.discovery import default_ports

Environment = Mapping[str, str]

_HEAD = ("service", "id", "received", "source", "position", "type", "reason", "detail")
_MOST_DETAIL = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which dead letters to list; None stands for all."""

    service: str | None = None
    source: str | None = None
    reason: str | None = None
    limit: int = 100


def show_list(choice: Choice, environment: Environment) -> int:
    """Print a table of dead letters, the oldest of each service first; return the exit code."""
    return ended("dead-letters.list", lambda: _list(choice, environment))


def show(name: str, which: str, environment: Environment) -> int:
    """Print a dead letter of the service `name` whole, with what to do; return the exit code."""
    return ended("dead-letters.show", lambda: _show(name, _number(which), environment))


def replay(name: str, which: str, environment: Environment) -> int:
    """Let a dead letter, or `all`, take effect now. Returns the exit code, 1 where one fails."""
    return ended("dead-letters.replay", lambda: _each(name, which, environment, _replayed))


def drop(name: str, which: str, environment: Environment, *, yes: bool) -> int:
    """Forget a dead letter, or `all` of them if `yes`; return the exit code."""

    def work() -> int:
        if which == "all" and not yes:
            raise Refused(f"To drop all of {name} for good, say so: --yes.")
        return _each(name, which, environment, _dropped)

    return ended("dead-letters.drop", work)


def _list(choice: Choice, environment: Environment) -> int:
    rows: list[Sequence[object]] = []
    for name in [choice.service] if choice.service else default_ports():
        try:
            with opened(name, environment) as injector:
                letters = injector.get(DeadLetters).list(
                    source=choice.source, reason=choice.reason, limit=choice.limit + 1
                )
        except NoTables as error:
            say("dead-letters.list", str(error))
            continue
        rows += [_row(name, each) for each in letters[: choice.limit]]
        if len(letters) > choice.limit:
            say("dead-letters.list", f"{name} has more than {choice.limit}: --limit shows more.")
    print(table(_HEAD, rows) if rows else "There are no dead letters.")
    return 0


def _row(name: str, letter: DeadLetterRow) -> Sequence[object]:
    received = f"{letter.received_at.astimezone():%Y-%m-%d %H:%M:%S}"
    detail = letter.detail
    short = detail if len(detail) <= _MOST_DETAIL else f"{detail[: _MOST_DETAIL - 1]}…"
    where = (letter.source, letter.position, letter.type)
    return name, letter.id, received, *where, letter.reason, short


def _show(name: str, identity: int, environment: Environment) -> int:
    with opened(name, environment) as injector:
        print(page(name, injector.get(DeadLetters).get(identity), injector))
    return 0


def _each(
    name: str,
    which: str,
    environment: Environment,
    work: Callable[[DeadLetters, int], str | None],
) -> int:
    """Do the work on one or all; it returns why a letter stays. Returns the exit code."""
    done = failed = 0
    with opened(name, environment) as injector:
        letters = injector.get(DeadLetters)
        for identity in _all(injector) if which == "all" else [_number(which)]:
            try:
                reason = work(letters, identity)
            except NoSuchEntity:
                if which != "all":
                    raise
                continue  # somebody else was faster
            if reason:
                print(f"{identity} stays: {printable(reason)}")
            done, failed = done + (not reason), failed + bool(reason)
    word = "took effect" if work is _replayed else "dropped"
    print(f"{done} {word}, {failed} stay." if failed else f"{done} {word}.")
    return int(failed > 0)


def _replayed(letters: DeadLetters, identity: int) -> str | None:
    letter = letters.replay(identity)
    return f"{letter.reason}: {letter.detail}" if letter else None


def _dropped(letters: DeadLetters, identity: int) -> None:
    letters.drop(identity)


def _all(injector: Injector) -> Sequence[int]:
    with Session(injector.get(Engine)) as session:
        return session.scalars(select(DeadLetterRow.id).order_by(DeadLetterRow.id)).all()


def _number(which: str) -> int:
    if re.fullmatch("[0-9]{1,18}", which):
        return int(which)
    raise Refused(f"{which!r} is no id: ./invoke dead-letters.list shows them.")
