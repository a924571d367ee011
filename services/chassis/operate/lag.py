"""Shows how far events have come: what each service has told, and what it has heard."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TypeAlias

from sqlalchemy.exc import SQLAlchemyError

from services.chassis.errors import DatabaseAway, ServiceError, SettingsError
from services.chassis.events.telling.readers import READER
from services.chassis.operate.ending import ended, say
from services.chassis.operate.figures import Figures, Heard, Reader, figures_of
from services.chassis.operate.places import opened
from services.chassis.operate.table import table
from services.chassis.serving.discovery import default_ports

Row: TypeAlias = tuple[str, str, int, int | str, str]

_COMMAND = "events.lag"
_HEAD = ("service", "what", "position", "lag", "")


def main(environment: Mapping[str, str]) -> int:
    """Print a table of all services, from their databases.

    A service whose database cannot be read is named, with the reason. Returns the exit code: 0, or
    2 where the settings are wrong.
    """
    return ended(_COMMAND, lambda: _show(environment))


def _show(environment: Mapping[str, str]) -> int:
    found = {name: read for name in default_ports() if (read := _read(name, environment))}
    rows = [row for name in found for row in _rows(name, found)]
    if rows:
        print(table(_HEAD, rows))
    return 0


def _read(name: str, environment: Mapping[str, str]) -> Figures | None:
    try:
        with opened(name, environment) as injector:
            return figures_of(injector)
    except SettingsError:
        raise
    except DatabaseAway as error:
        say(_COMMAND, f"{name}: the database does not answer ({error.reason}).")
    except (ServiceError, SQLAlchemyError) as error:
        say(_COMMAND, f"{name}: {str(error).splitlines()[0]}")
    return None


def _rows(name: str, found: Mapping[str, Figures]) -> Iterator[Row]:
    of = found[name]
    pending = f"{of.pending} more without a position yet" if of.pending else ""
    yield name, "told", of.position, "", pending
    for reader in of.readers:
        yield name, f"  to {reader.name}", reader.position, reader.lag, _age(reader)
    for heard in of.heard:
        lag = _lag(heard, found.get(heard.source))
        yield name, f"heard of {heard.source}", heard.position, lag, _remarks(heard)


def _age(reader: Reader) -> str:
    if reader.oldest is None:
        return ""
    if reader.name.startswith(READER):
        # It may have gone on to a queue, or read more since: its place is noted now and then.
        return f"last seen {_since(reader.seen)} ago"
    return f"the oldest waits for {_since(reader.oldest)}"


def _since(moment: datetime) -> str:
    seconds = (datetime.now(UTC) - moment).total_seconds()
    return f"{max(seconds, 0):.0f} s"


def _lag(heard: Heard, source: Figures | None) -> int | str:
    """Return how many positions the source is ahead, where its database is known."""
    if source is None:
        return "?"
    is_other_feed = heard.feed not in {None, source.feed}
    return source.position - (0 if is_other_feed else heard.position)


def _remarks(heard: Heard) -> str:
    letters = heard.dead_letters
    remarks = [
        "nothing yet" if heard.feed is None else "",
        "reads the feed next" if heard.behind and heard.feed else "",
        f"{letters} dead letter{'s' * (letters > 1)}" if letters else "",
    ]
    return ", ".join(filter(None, remarks))
