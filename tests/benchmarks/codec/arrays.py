"""Arrays of a thousand numbers, texts or bytes: each primitive, and each length that it has."""

from collections.abc import Callable, Iterator, Mapping
from random import Random
from string import ascii_letters
from typing import Any, Final

from registry import Record
from tests.benchmarks.codec.generated import record_class
from tests.benchmarks.codec.sample import Bounds, Sample
from tests.tools.trees import record

COUNT: Final = 1_000
BOUNDS: Final = Bounds(1.2, 1.2)
_GREEK: Final = "αβγδεζηθικλμνξοπρστυφχψω"

Draw = Callable[[Random], Any]
KINDS: Final[Mapping[str, Mapping[str, Draw]]] = {
    "boolean": {"": lambda random: random.random() < 1 / 2},
    "int": {
        " < 64": lambda random: random.randrange(64),
        " < 8,192": lambda random: random.randrange(8192),
        ", random": lambda random: random.randrange(-(1 << 31), 1 << 31),
    },
    "long": {
        " < 8,192": lambda random: random.randrange(8192),
        " near 2^40": lambda random: (1 << 40) + random.randrange(1 << 20),
        ", random": lambda random: random.randrange(-(1 << 63), 1 << 63),
    },
    # Sixteenths are exact in the 32 bits of a float as well.
    "float": {"": lambda random: random.randrange(-(1 << 20), 1 << 20) / 16},
    "double": {"": lambda random: random.random()},
    "bytes": {" of 16": lambda random: random.randbytes(16)},
    "string": {
        " of 8": lambda random: "".join(random.choices(ascii_letters, k=8)),
        " of 100": lambda random: "".join(random.choices(ascii_letters, k=100)),
        " of 20, Greek": lambda random: "".join(random.choices(_GREEK, k=20)),
    },
}
"""How an element is drawn, by primitive type and by what distinguishes the elements."""


def samples(count: int = COUNT) -> Iterator[Sample]:
    """Yield a record with one array for each kind of element, the same ones in every run."""
    random = Random(1)  # noqa: S311 nothing secret
    for primitive, kinds in KINDS.items():
        made = _class(primitive)
        for kind, draw in kinds.items():
            datum = {"values": [draw(random) for _ in range(count)]}
            yield Sample(f"{count:,} x {primitive}{kind}", made, datum, BOUNDS)


def _class(primitive: str) -> type[Record]:
    """Return the class of a record whose one field is an array of a primitive type."""
    name = f"measured.{primitive.title()}Array"
    values = record(name, {"name": "values", "type": {"type": "array", "items": primitive}})
    return record_class(values)
