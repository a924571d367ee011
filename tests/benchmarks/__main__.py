"""Runs the benchmarks: `python -m tests.benchmarks [NAME ...]`, all without a name."""

import sys
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Final

from tests.benchmarks import gate, pairs
from tests.benchmarks.codec import measure as codec
from tests.benchmarks.events import measure as events
from tests.benchmarks.services import measure as services
from tests.benchmarks.services import parts
from tests.benchmarks.table import Row, table

BENCHMARKS: Final[Mapping[str, tuple[Callable[[], Iterable[Row]], ...]]] = {
    "schemas": (pairs.measure, gate.measure),
    "codec": (codec.measure,),
    "services": (services.measure, parts.measure),
    "events": (events.measure,),
}


def main(names: list[str]) -> int:
    """Print the table of some benchmarks.

    Returns 0, 1 where a ratio is out of its bounds, 2 for a name that there is not.
    """
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        known = ", ".join(BENCHMARKS)
        print(f"bench: there is no benchmark {unknown[0]!r}. There are: {known}.", file=sys.stderr)
        return 2
    chosen = chain.from_iterable(BENCHMARKS[name] for name in names or BENCHMARKS)
    rows = [row for measure in chosen for row in measure()]
    print(table(rows))
    return 0 if all(row.ok for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
