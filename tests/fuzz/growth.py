"""Values larger, deeper and odder than those that strategies draw."""

import math
from random import Random
from typing import Any

from registry.schema import Schema
from tests.fuzz.places import Place, places, replaced

_TIMES = (3, 17, 150)
_DEEPER = (2, 20, 61, 64, 90)
_ODD_FLOATS = (math.nan, math.inf, -math.inf, -0.0, 2.0**-149)  # which 4 bytes can hold


def grown(schema: Schema, value: Any, random: Random) -> Any:
    """Return a value of the schema that is longer or deeper or has odd floats, where it can be."""
    found = list(places(schema, value))
    grow = random.choice((_longer, _deeper, _odder))
    return grow(value, found, random)


def _longer(value: Any, found: list[Place], random: Random) -> Any:
    sized = [each for each in found if isinstance(each.value, list | dict | str) and each.value]
    long = [each for each in sized if not each.schema.logical and each.schema.type != "enum"]
    long = [each for each in long if each.schema.type != "record"]
    if not long:
        return value
    place, times = random.choice(long), random.choice(_TIMES)
    part = place.value
    if isinstance(part, dict):
        made: Any = {f"{key}{i}": each for i in range(times) for key, each in part.items()}
    else:
        made = part * times
    return replaced(value, place.steps, made)


def _deeper(value: Any, found: list[Place], random: Random) -> Any:
    """Put a value that holds another of its own type into that other's place, and again."""
    pairs = [
        (outer, inner)
        for outer in found
        for inner in found
        if outer.schema is inner.schema
        and len(outer.steps) < len(inner.steps)
        and inner.steps[: len(outer.steps)] == outer.steps
    ]
    if not pairs:
        return value
    outer, inner = random.choice(pairs)
    deeper, between = outer.value, inner.steps[len(outer.steps) :]
    for _ in range(random.choice(_DEEPER)):
        deeper = replaced(outer.value, between, deeper)
    return replaced(value, outer.steps, deeper)


def _odder(value: Any, found: list[Place], random: Random) -> Any:
    for place in found:
        if place.schema.type in ("float", "double"):
            value = replaced(value, place.steps, random.choice(_ODD_FLOATS))
    return value
