"""Contestants that take turns with events, and how many of them each handles in a second."""

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Final, TypeAlias

# Handles some events, and returns how many a second; what it needs before is not counted.
Turn: TypeAlias = Callable[[], float]
ROUNDS: Final = 5
SECONDS: Final = 60.0


def race(turns: Mapping[str, Turn], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the events that each contestant handles in a second: the median of some rounds.

    It is time of the clock, as most of it is spent in a broker or a database. In a round each has
    one turn, so that a moment in which the machine is slow slows all of them.
    """
    found = [{name: turn() for name, turn in turns.items()} for _ in range(rounds)]
    return {name: median(each[name] for each in found) for name in turns}


def rate(count: int, work: Callable[[], object]) -> float:
    """Return how many a second it is, where `work` handles `count`."""
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def shown(per_second: float) -> str:
    """Return a rate for people."""
    return f"{per_second:,.0f}/s"


def until(condition: Callable[[], bool], pause: float = 0.002) -> None:
    """Return once a condition holds. Raises TimeoutError."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"in vain for {SECONDS:g} seconds")
        time.sleep(pause)
