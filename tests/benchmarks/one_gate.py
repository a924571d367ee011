"""One run of the gate in a process of its own, whose last line says in JSON what that took.

Started as `python -m tests.benchmarks.one_gate SCHEMAS CACHE`.
"""

import json
import resource
import sys
from pathlib import Path

from tools.check import Options, main


def run(schemas: Path, cache: Path) -> None:
    """Judge a tree, then print the exit code, the seconds of the processor and the peak memory."""
    before = _seconds()
    code = main(Options(schemas=schemas, cache=cache))
    seconds = _seconds() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"code": code, "seconds": seconds, "kilobytes": peak}))


def _seconds() -> float:
    """Return the processor time of this process and of those that it has waited for."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]))
