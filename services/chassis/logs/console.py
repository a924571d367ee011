"""Log lines for people."""

import re
from datetime import datetime
from typing import Final

from structlog.typing import EventDict, WrappedLogger

_DIM, _RED, _YELLOW, _PLAIN = "\033[2m", "\033[31m", "\033[33m", "\033[0m"
_LEVELS: Final = {"warning": _YELLOW, "error": _RED, "critical": _RED}
# They stand in the sentence already, or are the same on all lines.
_LEFT_OUT: Final = frozenset(
    {"time", "level", "logger", "event", "exception", "stack_info", "service"}
    | {"method", "path", "status", "duration_ms", "bytes", "operation"}
)
# What says which request it was matters where something is wrong.
_WHERE_ALL_IS_WELL: Final = frozenset({"request_id", "trace_id", "events"})
# What a terminal would obey: C0, DEL and C1, the marks of direction, and line separators.
_CONTROL: Final = re.compile("[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class Console:
    """Renders a line: time, level, sentence, and the rest dimmed."""

    def __init__(self, *, coloured: bool) -> None:
        self._coloured = coloured

    def __call__(self, _: WrappedLogger, __: str, line: EventDict) -> str:
        """Return the text of a line, which is one, but for a traceback that is indented below."""
        time = datetime.fromisoformat(line["time"]).astimezone().strftime("%H:%M:%S")
        level = self._painted(f"{line['level'].upper():<7}", _LEVELS.get(line["level"], ""))
        left_out = _LEFT_OUT | _WHERE_ALL_IS_WELL if line["level"] == "info" else _LEFT_OUT
        facts = " ".join(f"{key}={line[key]}" for key in line if key not in left_out)
        text = f"{self._painted(time, _DIM)} {level} {_harmless(str(line['event']))}"
        if facts:
            text += "  " + self._painted(_harmless(facts), _DIM)
        for each in str(line.get("exception", "")).splitlines():
            text += "\n    " + _harmless(each)
        return text

    def _painted(self, text: str, colour: str) -> str:
        return f"{colour}{text}{_PLAIN}" if self._coloured and colour else text


def _harmless(text: str) -> str:
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
