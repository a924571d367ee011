"""A case made ready to be tried."""

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from random import Random
from typing import Any, Final

import registry
from registry.schema import Schema
from tests.fuzz.classes import Classes
from tests.fuzz.findings import Finding
from tests.fuzz.growth import grown
from tests.fuzz.loose import Loose
from tests.fuzz.mutation import mutant
from tests.fuzz.others import Others
from tests.fuzz.outcome import outcome
from tests.fuzz.seeds import Seed
from tests.registry.strategies import JsonSchema

LOOSE: Final = 2
"""Other encodings of the value that a case tries."""
MUTANTS: Final = 24
"""Spoiled encodings that it tries, and how many times that when it is made smaller."""
MORE: Final = 4
_THEIRS_TOO: Final = frozenset(
    [
        *("date", "decimal", "time-millis", "time-micros", "timestamp-millis", "timestamp-micros"),
        *("local-timestamp-millis", "local-timestamp-micros"),
    ]
)
"""Logical types that fastavro turns into the same values as we do."""


class Trial:
    """The schemas and the value of a case, and what was made of them."""

    def __init__(
        self,
        seed: Seed,
        others: Others,
        classes: Classes | None = None,
        *,
        thorough: bool = False,
    ) -> None:
        """`classes` are those of the reader, None where they are not to be tried.

        `thorough` tries the same and more, for a case to be made smaller without losing what it
        shows.
        """
        self.seed = seed
        self.others = others
        self.classes = classes
        self.thorough = thorough
        self.tried = 0
        self.writer = parsed(seed.writer)
        self.reader = parsed(seed.reader) if seed.evolved else self.writer
        self.value = seed.value
        if seed.grow:
            self.value = grown(self.writer, seed.value, self.random("grown"))

    def random(self, purpose: str) -> Random:
        """Return a source of chance that depends on the case and the purpose alone."""
        return Random(f"{self.seed.rolls} {purpose}")  # noqa: S311 repeatable, not secret

    @cached_property
    def compatible(self) -> bool:
        """Whether the reader can read all that the writer writes."""
        return not list(registry.check(self.reader, self.writer))

    @cached_property
    def raw(self) -> tuple[Schema, Any] | None:
        """The writer and the value without logical types; None where it is beyond our limits."""
        schema = parsed(without_logical(self.seed.writer, frozenset()))
        encoded = outcome(lambda: registry.write(self.value, self.writer))
        value = outcome(lambda: registry.read(encoded.value, schema, tagged=True))
        return (schema, value.value) if value.ok else None

    @cached_property
    def loose(self) -> list[Loose]:
        """Other encodings of the value; none where the value is beyond our limits."""
        random = self.random("loose")
        return [Loose(*self.raw, random) for _ in range(LOOSE)] if self.raw else []

    @cached_property
    def mutants(self) -> list[bytes]:
        """Spoiled encodings of the value."""
        random = self.random("mutants")
        count = MUTANTS * (MORE if self.thorough else 1)
        return [mutant(random.choice(self.loose), random) for _ in range(count) if self.loose]

    @cached_property
    def theirs(self) -> tuple[str, str]:
        """The texts of writer and reader with those logical types that fastavro shares."""
        writer = comparable(self.seed.writer)
        return writer, comparable(self.seed.reader) if self.seed.evolved else ""

    @cached_property
    def comparable(self) -> tuple[Schema, Schema]:
        """The schemas of those texts."""
        writer, reader = self.theirs
        made = registry.parse(writer)
        return made, registry.parse(reader) if reader else made

    def finding(self, kind: str, call: str, said: Mapping[str, str], **more: Any) -> Finding:
        """Return a finding on the case; `more` is `data` or `value`, the case's own by default."""
        reader = self.seed.reader if self.seed.evolved else None
        more = more or {"value": self.value}
        return Finding(kind, call, self.seed.writer, reader, said=said, **more)


def parsed(schema: JsonSchema) -> Schema:
    """Return the schema of a JSON value."""
    return registry.parse(json.dumps(schema))


def comparable(schema: JsonSchema) -> str:
    """Return the text of a schema without the logical types that fastavro does not share."""
    return registry.full_text(parsed(without_logical(schema, _THEIRS_TOO)))


def without_logical(schema: JsonSchema, kept: frozenset[str]) -> JsonSchema:
    """Return a schema as JSON without all logical types but some."""
    if isinstance(schema, list):
        return [without_logical(each, kept) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return dict(_members(schema, kept))


def _members(schema: Mapping[str, JsonSchema], kept: frozenset[str]) -> Iterator[tuple[str, Any]]:
    for key, each in schema.items():
        if key != "logicalType":
            yield key, each if key == "default" else without_logical(each, kept)
        elif each in kept:
            yield key, each
