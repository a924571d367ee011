"""What came of one call of ours: a value, a typed refusal, or a fault.

Calls are bounded in time and memory.
"""

import re
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from traceback import extract_tb
from types import FrameType
from typing import Any, Final

from registry.errors import LimitExceeded, Undecodable, Unencodable, WireError

SECONDS: Final = 2.0
"""Of processor time, for one call."""
MEMORY: Final = 256 << 20
"""Bytes by which one call may raise the peak of the process."""
_DIGITS = re.compile(r"\d{1000,}")
_SHOWN = 300  # characters of a value in a report


class _TooSlowError(BaseException):
    """Derived so that no handler under test catches it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One of three: `error` is a typed refusal, `fault` what must never be, else there is a value.

    A fault is a word that tells its kind and a sentence.
    """

    value: Any = None
    error: WireError | None = None
    fault: tuple[str, str] | None = None

    @property
    def ok(self) -> bool:
        """Whether there is a value."""
        return self.error is None and self.fault is None

    def said(self) -> str:
        """Return what a report says of it."""
        if self.fault:
            return f"FAULT {self.fault[1]}"
        if self.error:
            return f"{type(self.error).__name__}: {self.error}"
        return cut(self.value)

    def signature(self) -> tuple[str, str, int | None] | None:
        """Return the error's type, path and offset, None where there is none."""
        if self.error is None:
            return None
        path = getattr(self.error, "path", "")
        return type(self.error).__name__, path, getattr(self.error, "offset", None)


def outcome(call: Callable[[], Any], seconds: float = SECONDS) -> Outcome:
    """Call something of ours and return what came of it; whatever it raises is caught."""
    before = _peak()
    try:
        with _bounded(seconds):
            made = _called(call)
    except _TooSlowError:
        return Outcome(fault=("slow", f"still busy after {seconds} s"))
    except Exception as error:  # noqa: BLE001 to catch what should not be is the point
        return Outcome(fault=(_where(error), f"{type(error).__name__}: {cut(error)}"))
    grown = _peak() - before
    if grown > MEMORY:
        return Outcome(fault=("memory", f"took {grown >> 20} MiB"))
    return made


def _called(call: Callable[[], Any]) -> Outcome:
    try:
        return Outcome(call())
    except (Undecodable, Unencodable, LimitExceeded) as error:
        str(error)  # which must not fail either
        return Outcome(error=error)


@contextmanager
def _bounded(seconds: float) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TooSlowError

    previous = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, previous)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def _where(error: Exception) -> str:
    """Return the type of an error and the function it comes from, which make a kind of finding."""
    frames = extract_tb(error.__traceback__)
    return f"{type(error).__name__} in {frames[-1].name}"


def text_of(value: object) -> str:
    """Return the text of a value or error, whatever it is."""
    most = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)  # or a report could not name what a huge number has done
    try:
        text = str(value) if isinstance(value, BaseException) else repr(value)
    finally:
        sys.set_int_max_str_digits(most)
    return _DIGITS.sub(lambda found: f"<{len(found[0])} digits>", text)


def cut(value: object) -> str:
    """Return the text of a value or error, the middle of a long one left out."""
    text, half = text_of(value), _SHOWN // 2
    return text if len(text) <= _SHOWN else f"{text[:half]} ... {text[-half:]}"
