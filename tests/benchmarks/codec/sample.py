"""A datum to measure with: as a record of ours, as fastavro's dictionary, and as bytes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from io import BytesIO
from typing import Any, NamedTuple

from fastavro import parse_schema, schemaless_reader, schemaless_writer
from fastavro.types import Schema as Parsed

from registry import Record, schema_of
from registry.canonical import full_text


class Codec(NamedTuple):
    """What a contestant does with one datum: value to bytes, and those bytes to a value."""

    encode: Callable[[], bytes]
    decode: Callable[[], Any]


class Bounds(NamedTuple):
    """What the ratios to fastavro's dictionaries may be at most."""

    encode: float
    decode: float


@dataclass(frozen=True)
class Sample:
    """A datum of a generated class, given as the dictionary that fastavro reads and writes."""

    name: str
    made: type[Record]
    datum: Mapping[str, Any]
    bounds: Bounds

    @cached_property
    def parsed(self) -> Parsed:
        """The schema as fastavro wants it: once for all calls."""
        return parse_schema(json.loads(full_text(schema_of(self.made))))

    @cached_property
    def data(self) -> bytes:
        """The datum as fastavro writes it."""
        return to_bytes(self.parsed, self.datum)


def to_bytes(parsed: Parsed, datum: Mapping[str, Any]) -> bytes:
    """Write one datum with fastavro, as its users do."""
    out = BytesIO()
    schemaless_writer(out, parsed, datum)
    return out.getvalue()


def from_bytes(parsed: Parsed, data: bytes, reader: Parsed | None = None) -> Any:
    """Read one datum with fastavro, as its users do."""
    return schemaless_reader(BytesIO(data), parsed, reader)


def ours(sample: Sample) -> Codec:
    """Return the codec of the generated class, all limits on."""
    made, data = sample.made, sample.data
    return Codec(made.from_avro(data).to_avro, partial(made.from_avro, data))


def fastavro(sample: Sample) -> Codec:
    """Return fastavro's codec of dictionaries, which every ratio is to."""
    return Codec(
        partial(to_bytes, sample.parsed, sample.datum),
        partial(from_bytes, sample.parsed, sample.data),
    )
