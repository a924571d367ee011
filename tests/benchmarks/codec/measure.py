"""All that is measured of the codec, the rows with bounds before those that only tell."""

import math
from collections.abc import Iterable

from tests.benchmarks.codec import files, generating, imports, older, records
from tests.benchmarks.table import Row


def measure() -> list[Row]:
    """Return the rows, which take some minutes."""
    rows = [
        *records.measure_records(),
        *older.measure(),
        *records.measure_arrays(),
        *files.measure(),
        *generating.measure(),
        *imports.measure(),
    ]
    return bounded_first(rows)


def bounded_first(rows: Iterable[Row]) -> list[Row]:
    """Return rows with those that have a bound before the others, else in their order."""
    return sorted(rows, key=lambda row: math.isinf(row.most))
