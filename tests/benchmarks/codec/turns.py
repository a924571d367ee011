"""Contestants that take turns, so that a moment in which the machine is slow slows all of them."""

import gc
import time
from collections.abc import Callable, Mapping
from itertools import count
from statistics import median
from typing import Final

Work = Callable[[], object]
ROUNDS: Final = 21
LEAST: Final = 0.005  # seconds, far above what the clock of the processor cannot tell apart


def race(
    contestants: Mapping[str, Work], rounds: int = ROUNDS, least: float = LEAST
) -> dict[str, float]:
    """Return what one call of each contestant takes, by its name: the median of some rounds.

    It is the time of the processor in seconds, without the garbage collector, as of timeit. In a
    round each contestant is called, one after the other, as often as takes `least` seconds.
    """
    gc.collect()
    gc.disable()
    try:
        calls = {name: _calls(work, least) for name, work in contestants.items()}
        turns = [
            {name: spent(work, calls[name]) / calls[name] for name, work in contestants.items()}
            for _ in range(rounds)
        ]
    finally:
        gc.enable()
    return {name: median(turn[name] for turn in turns) for name in contestants}


def spent(work: Work, calls: int = 1) -> float:
    """Return the seconds of the processor that some calls take together."""
    times = range(calls)
    start = time.process_time()
    for _ in times:
        work()
    return time.process_time() - start


def amount(seconds: float) -> str:
    """Return a time in the unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.2f} {unit}"
    return f"{seconds * 1e6:.2f} µs"


def _calls(work: Work, least: float) -> int:
    """Return how many calls take that long; the first ones also warm up what is to be measured."""
    return next(calls for calls in (1 << power for power in count()) if spent(work, calls) >= least)
