"""Hunts for faults of the codec: `python -m tests.fuzz --minutes N [--seed N]`."""

import argparse
import math
import resource
import secrets
import sys
from time import monotonic
from typing import Final

from tests.fuzz.hunt import Hunt
from tests.fuzz.others import Others

_MEMORY: Final = 3 << 30
"""Bytes for this process; whoever wants more gets a MemoryError, which is a finding."""


def main(words: list[str]) -> int:
    """Hunt for some minutes and print what was found. Returns 0, or 1 where that is something."""
    options = _options(words)
    begun = monotonic()
    with Others() as others:
        hunt = Hunt(others, options.minutes * 60)
        told = _Told(hunt, begun)
        try:
            hunt.run(options.seed, told)
        except KeyboardInterrupt:
            print("stopped", file=sys.stderr)
    seconds = monotonic() - begun
    rate = f"{hunt.tried} cases in {seconds:.0f} s ({hunt.tried / seconds:.0f} a second)"
    print(f"{rate}, seed {options.seed}, findings: {len(hunt.findings)}")
    return 1 if hunt.findings else 0


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--minutes", type=_minutes, default=1.0, help="wall time")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1 << 32))
    return parser.parse_args(words)


def _minutes(text: str) -> float:
    """Return a time that ends, and has begun when it does."""
    try:
        minutes = float(text)
    except ValueError:
        minutes = math.nan
    if not (minutes > 0 and math.isfinite(minutes * 60)):
        message = f"{text} is no time to hunt. Give a number above 0, such as --minutes 1."
        raise argparse.ArgumentTypeError(message)
    return minutes


class _Told:
    """Prints each finding once, and on a terminal how far the hunt is."""

    def __init__(self, hunt: Hunt, begun: float) -> None:
        self._hunt = hunt
        self._begun = begun
        self._printed = 0

    def __call__(self) -> None:
        for finding in self._hunt.findings[self._printed :]:
            print(f"\n{finding.text()}\n", flush=True)
        self._printed = len(self._hunt.findings)
        if sys.stderr.isatty():
            seconds = monotonic() - self._begun
            line = f"{seconds:.0f} s, {self._hunt.tried} cases, {self._printed} findings"
            print(f"\r{line} ", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    sys.exit(main(sys.argv[1:]))
