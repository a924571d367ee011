"""How data of recursive schemas ends."""

import math
from typing import Final

from registry.schema import EnumSchema, RecordSchema, Schema, UnionSchema, children
from registry.smallest import Uninhabited


class Shape:
    """What the types in a schema cost: how many recursive records their least value stands on.

    A value that has to end takes the cheapest branches, and leaves out what may be left out and
    costs something.
    """

    def __init__(self, schema: Schema) -> None:
        self._types = _reachable(schema)
        self.loops: Final = _loops(schema)
        """The records that a way through the schema meets again, by `id`: one in every cycle."""
        references = [id(each) for holder in self._types.values() for each in children(holder)]
        self.ways: Final = sum(each in self.loops for each in references)
        """How many places there are in the schema for those records."""
        self._costs: dict[int, float] = dict.fromkeys(self._types, math.inf)
        while [each for each in self._types.values() if self._lowered(each)]:
            pass

    def cost(self, schema: Schema) -> float:
        """Return the cost of a type; infinite if it has no value."""
        return self._costs[id(schema)]

    def is_free(self, schema: Schema) -> bool:
        """Tell whether a value need not recur."""
        return self.cost(schema) == 0

    def cheapest(self, union: UnionSchema) -> list[Schema]:
        """Return the branches that cost least."""
        return [each for each in union.branches if self.cost(each) == self.cost(union)]

    def inhabited(self, union: UnionSchema) -> list[Schema]:
        """Return the branches that have values."""
        return [each for each in union.branches if not math.isinf(self.cost(each))]

    def require(self, schema: Schema) -> None:
        """Raise Uninhabited for a type without a value."""
        if math.isinf(self.cost(schema)):
            reason = "a record that must hold itself, an enum without symbols or an empty union"
            raise Uninhabited(f"{schema.label} has no value: it needs {reason}.")

    def _lowered(self, schema: Schema) -> bool:
        before = self._costs[id(schema)]
        self._costs[id(schema)] = self._computed(schema)
        return self._costs[id(schema)] < before

    def _computed(self, schema: Schema) -> float:
        inner = [self._costs[id(each)] for each in children(schema)]
        if isinstance(schema, RecordSchema):
            return max(inner, default=0) + (id(schema) in self.loops)
        if isinstance(schema, UnionSchema):
            return min(inner, default=math.inf)
        return math.inf if isinstance(schema, EnumSchema) and not schema.symbols else 0


def _reachable(schema: Schema) -> dict[int, Schema]:
    """Return the types in a schema by `id`, mostly inner before outer."""
    found: dict[int, Schema] = {}
    pending = [schema]
    while pending:
        current = pending.pop()
        if id(current) not in found:
            found[id(current)] = current
            pending += children(current)
    return dict(reversed(found.items()))


def _loops(schema: Schema) -> frozenset[int]:
    found: set[int] = set()
    opened: set[int] = set()
    closed: set[int] = set()
    pending = [(schema, False)]
    while pending:
        current, is_done = pending.pop()
        if is_done:
            opened.discard(id(current))
            closed.add(id(current))
        elif id(current) in opened:
            found.add(id(current))
        elif id(current) not in closed:
            opened.add(id(current))
            pending.append((current, True))
            pending.extend((each, False) for each in children(current))
    return frozenset(found)
