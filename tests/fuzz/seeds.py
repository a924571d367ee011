"""What a case is made of: schemas and a value that Hypothesis draws, and a number for the rest."""

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

import registry
from tests.fuzz.twists import twisted
from tests.registry.evolutions import evolutions
from tests.registry.strategies import JsonSchema, data, records, schemas


@dataclass(frozen=True)
class Seed:
    """A case before it is tried; all that follows from it is decided by its `rolls`.

    `reader` is the writer itself, or one that differs from it. The unions of `value`
    hold pairs (branch name, value).
    """

    writer: JsonSchema
    reader: JsonSchema
    value: Any
    rolls: int
    grow: bool = False
    """Make the value longer, deeper or odder."""
    classes: bool = False
    """Go through generated classes too, where the writer is a record."""

    @property
    def evolved(self) -> bool:
        """Whether the reader is another schema."""
        return self.reader is not self.writer

    def text(self) -> str:
        """Return all of it on a few lines."""
        head = f"rolls {self.rolls}, grow {self.grow}, classes {self.classes}"
        schemas = f"writer {json.dumps(self.writer)}\nreader {json.dumps(self.reader)}"
        return f"{schemas}\nvalue {self.value!r}\n{head}"


@st.composite
def seeds(draw: st.DrawFn) -> Seed:
    """Any case."""
    writer = draw(st.one_of(records(), schemas(), records(logical=False)))
    is_record = isinstance(writer, dict) and writer["type"] == "record"
    return Seed(
        writer,
        draw(_readers(writer)) if is_record else writer,
        draw(data(registry.parse(json.dumps(writer)))),
        draw(st.integers(0, (1 << 32) - 1)),
        grow=draw(st.booleans()),
        classes=is_record and draw(st.integers(0, 3)) == 3,
    )


@st.composite
def _readers(draw: st.DrawFn, writer: JsonSchema) -> JsonSchema:
    """The writer itself, or what evolved from it or was twisted out of it."""
    way = draw(st.sampled_from(("same", "evolved", "twisted")))
    if way == "same":
        return writer
    if way == "evolved":
        return draw(evolutions(writer))
    reader = twisted(writer, draw(st.randoms(use_true_random=False)))
    return writer if list(registry.problems(json.dumps(reader))) else reader
