"""Generating modules: the text of each, out of schemas that are parsed for the first time."""

import time
from collections.abc import Iterator
from statistics import median
from typing import Final

from registry.source import JSON
from registry.tree import SchemaTree
from tests.benchmarks.codec.turns import amount
from tests.benchmarks.table import Row
from tests.tools.trees import record
from tools.generate import modules

COUNT: Final = 1_000
ROUNDS: Final = 3
MOST: Final = 1.5
"""Seconds."""


def measure(count: int = COUNT, rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield the seconds that generating takes, and those of parsing before it.

    Each round has schemas of its own, so that none finds what another one has kept.
    """
    turns = [_seconds(turn * count, count) for turn in range(rounds)]
    parsing, generating = (median(each) for each in zip(*turns, strict=True))
    what = f"{count:,} schemas, 16 fields and 5 named types each"
    yield Row(what=f"generating {what}", ours=amount(generating), ratio=generating, most=MOST)
    yield Row(what=f"parsing {what}", ours=amount(parsing))


def _seconds(first: int, count: int) -> tuple[float, float]:
    """Return the seconds of the processor of parsing some schemas, and of generating from them."""
    texts = {path(index): text(index) for index in range(first, first + count)}
    start = time.process_time()
    versions = SchemaTree.from_texts(texts).versions
    parsed = time.process_time()
    modules(versions)
    return parsed - start, time.process_time() - parsed


def path(index: int) -> str:
    """Return where a schema stands in its tree."""
    return f"team{index // 50}/order{index}/v1.avsc"


def text(index: int) -> str:
    """Return a schema of 16 fields, which defines itself, two records, an enum and a fixed."""
    fields = [_field(name, kind) for name, kind in (PLAIN | _defined()).items()]
    return record(f"team{index // 50}.Order{index}", *fields, doc="What somebody orders.")


PLAIN: Final[dict[str, JSON]] = {
    "id": {"type": "string", "logicalType": "uuid"},
    "customer": "string",
    "remark": ["null", "string"],
    "count": "int",
    "position": "long",
    "weight": ["null", "double"],
    "share": "float",
    "is_gift": "boolean",
    "price": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2},
    "made_at": {"type": "long", "logicalType": "timestamp-micros"},
    "tags": {"type": "array", "items": "string"},
    "figures": {"type": "map", "values": "long"},
}


def _defined() -> dict[str, JSON]:
    """Return the fields that define a type."""
    part: list[JSON] = [{"name": "code", "type": "string"}, {"name": "amount", "type": "int"}]
    place: list[JSON] = [
        {"name": "street", "type": "string"},
        {"name": "city", "type": ["null", "string"], "default": None},
        {"name": "digest", "type": {"type": "fixed", "name": "Digest", "size": 16}},
    ]
    symbols: list[JSON] = ["OPEN", "PAID", "SENT"]
    return {
        "state": {"type": "enum", "name": "State", "symbols": symbols, "doc": "How far it is."},
        "first": {"type": "record", "name": "Part", "fields": part, "doc": "One of its parts."},
        "place": {"type": "record", "name": "Place", "fields": place, "doc": "Where it goes."},
        "others": {"type": "array", "items": "Part"},
    }


def _field(name: str, kind: JSON) -> dict[str, JSON]:
    """Return a field with its doc, and with a default where it may be null."""
    field: dict[str, JSON] = {"name": name, "type": kind, "doc": f"What is known of its {name}."}
    return field | {"default": None} if isinstance(kind, list) else field
