"""Parsing and checking the pairs of the conformance sample, against package avro."""

import gc
import json
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from statistics import median

import avro.schema
from avro.compatibility import ReaderWriterCompatibilityChecker
from avro.errors import AvroException

import registry
from registry.errors import SchemaError
from tests.benchmarks.table import Row
from tests.conformance.rows import rows

Pair = tuple[str, str]
ROUNDS = 15
WANTED = 2.0


def measure(rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield how many pairs a second we parse and check, from text to verdict.

    Defaults are validated, and nothing is kept from one pair to the next. The two take turns, so
    that a machine that slows down slows both, and count processor time, not that of the clock.
    """
    pairs = [(json.dumps(row["reader"]), json.dumps(row["writer"])) for row in rows("pairs")]
    with warnings.catch_warnings(action="ignore"):
        turns = [(_seconds(ours, pairs), _seconds(theirs, pairs)) for _ in range(rounds)]
    mine, peer = (median(each) for each in zip(*turns, strict=True))
    yield Row(
        what=f"parse + check, {len(pairs)} pairs",
        ours=f"{len(pairs) / mine:,.0f} pairs/s",
        peer=f"avro: {len(pairs) / peer:,.0f} pairs/s",
        ratio=peer / mine,
        least=WANTED,
    )


def _seconds(judge: Callable[[Pair], bool], pairs: Sequence[Pair]) -> float:
    gc.collect()
    gc.disable()  # as timeit does
    try:
        start = time.process_time()
        for pair in pairs:
            judge(pair)
        return time.process_time() - start
    finally:
        gc.enable()


def ours(pair: Pair) -> bool:
    """Tell whether a reader is sound and can read what a sound writer writes."""
    try:
        reader, writer = map(registry.parse, pair)
    except SchemaError:
        return False
    return not list(registry.check(reader, writer))


def theirs(pair: Pair) -> bool:
    """Tell what package avro makes of a pair."""
    try:
        reader, writer = map(avro.schema.parse, pair)
        found = ReaderWriterCompatibilityChecker().get_compatibility(reader, writer)
    except (AvroException, KeyError):
        return False
    return not found.incompatibilities
