"""Breaks whole systems for some minutes: `python -m tests.faults.chaos --minutes N`."""

import argparse
import math
import secrets
import signal
import sys

from tests.faults.chaos import controls
from tests.faults.chaos.run import Run
from tests.faults.chaos.system import Combination

COMBINATIONS = [
    Combination(transport, database)
    for transport in ("feed", "rabbitmq")
    for database in ("sqlite", "postgresql")
]
# Of a combination's share: to start, to let events arrive, and to look at them.
_AROUND_SECONDS = 25.0
_LEAST_SECONDS = 10.0
_CONTROLS = "controls"


def main(words: list[str]) -> int:
    """Return the exit code: 0 if nothing is lost, double or out of order."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    options = _options(words)
    print(f"seed {options.seed}", flush=True)
    if options.only == _CONTROLS:
        return 0 if controls.run() else 1
    chosen = [each for each in COMBINATIONS if options.only in (None, each.name)]
    share = options.minutes * 60 / len(chosen) - _AROUND_SECONDS
    seconds = max(share, _LEAST_SECONDS)
    runs = [
        Run(combination, seconds=seconds, events=options.events, seed=options.seed + number)
        for number, combination in enumerate(chosen)
    ]
    # Each runs, whatever became of those before.
    good = [run.run() for run in runs]
    if options.only is None:
        good.append(controls.run())
    return 0 if all(good) else 1


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.chaos", description=__doc__)
    parser.add_argument("--minutes", type=_minutes, default=3.0, help="shared by the combinations")
    names = [each.name for each in COMBINATIONS]
    parser.add_argument("--only", choices=[*names, _CONTROLS])
    parser.add_argument("--events", type=int, help="at least so many of each combination")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1 << 32))
    return parser.parse_args(words)


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = math.nan
    if not (minutes > 0 and math.isfinite(minutes * 60)):
        message = f"{text} is no time to run. Give a number above 0, such as --minutes 3."
        raise argparse.ArgumentTypeError(message)
    return minutes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
