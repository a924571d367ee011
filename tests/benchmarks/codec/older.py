"""The data of a first version, read into the class of the second."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from registry import schema_of
from tests.benchmarks.codec import shop
from tests.benchmarks.codec.records import row
from tests.benchmarks.codec.sample import Sample, from_bytes
from tests.benchmarks.codec.turns import ROUNDS, Work, race
from tests.benchmarks.table import Row

MOST: Final = 0.45


def measure(rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield a row for the item and for the room, against fastavro's own resolution."""
    for old, new in shop.older():
        times = race(contestants(old, new), rounds)
        yield row(f"{old.name} into {new.name}, decode", times, MOST)


def contestants(old: Sample, new: Sample) -> dict[str, Work]:
    """Return the two that read the datum of one sample into what the other one is made of."""
    return {
        "ours": partial(new.made.from_avro, old.data, schema_of(old.made)),
        "fastavro": partial(from_bytes, old.parsed, old.data, new.parsed),
    }
