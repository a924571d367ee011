"""An event as a line that people read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.chassis.operate.feed import Event

_DIM, _BOLD, _END = "\033[2m", "\033[1m", "\033[0m"
_WIDE = 120  # columns from which ids are shown whole


@dataclass(frozen=True, slots=True)
class Paper:
    """What lines are written to: `width` in columns, None where a line may be of any length."""

    width: int | None = None
    colours: bool = False


def line(event: Event, paper: Paper) -> str:
    """Return time, position, type, kind, entity and datum of an event, cut to the paper's width.

    The kind is there if the datum has one. What moves the cursor of a terminal is escaped.
    """
    datum = event["data"]
    kind = datum.get("kind") if datum else None
    words = [_time(event["occurred_at"]), f"{event['position']:>5}", event["type"]]
    if isinstance(kind, str):
        words.append(f"{kind:<7}")
    words.append(_identity(event["aggregate_id"], paper.width))
    head = printable("  ".join(words))
    rest = printable(_datum(datum))
    if paper.width is not None:
        head = _cut(head, paper.width)
        rest = _cut(rest, paper.width - len(head) - 2)
    shown = f"{_BOLD}{head}{_END}  {_DIM}{rest}{_END}" if paper.colours else f"{head}  {rest}"
    return shown.rstrip()


def printable(text: str) -> str:
    """Return a text of one line that does nothing to a terminal but be shown."""
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )


def _time(occurred_at: str) -> str:
    """Return the time of day here, with the date where it is not of today."""
    try:
        local = datetime.fromisoformat(occurred_at).astimezone()
    except (ValueError, OverflowError):
        return occurred_at
    is_today = local.date() == datetime.now(UTC).astimezone().date()
    return f"{local:%H:%M:%S}" if is_today else f"{local:%Y-%m-%d %H:%M:%S}"


def _identity(text: str, width: int | None) -> str:
    return text if width is None or width >= _WIDE or len(text) < _WIDE // 4 else f"…{text[-8:]}"


def _datum(datum: Mapping[str, Any] | None) -> str:
    """Return the datum as JSON: what it is about first, and not again what the line has said."""
    if datum is None:
        return "(of a type that the service tells no more)"
    members = {name: value for name, value in datum.items() if name != "kind"}
    ordered = sorted(members, key=lambda name: not isinstance(members[name], dict))
    shown = {name: members[name] for name in ordered}
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…" * (width > 0)
