"""How far a command has come, on a terminal; a log or a pipe sees nothing of it."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TextIO

_PAUSE: Final = 0.1
"""Seconds between two lines at least."""
_ERASE: Final = "\r\x1b[K"


def followed(
    values: Iterable[Any],
    at: Callable[[], int],
    total: int,
    screen: TextIO | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Any]:
    """Yield values, and meanwhile show their number and how much of the bytes of a file they are.

    `at` tells the place in the file, `total` are its bytes (0 where nobody knows, as of a pipe).
    The line is gone when they end, in whatever way.
    """
    screen = screen or sys.stderr
    if screen is None or not screen.isatty():  # None where it was closed before Python began
        yield from values
        return
    due = clock() + _PAUSE
    try:
        for number, value in enumerate(values, 1):
            yield value
            if clock() >= due:
                share = f", {100 * at() // total} %" if total else ""
                screen.write(f"{_ERASE}{number:,} records{share}")
                screen.flush()
                due = clock() + _PAUSE
    finally:
        screen.write(_ERASE)
        screen.flush()
