"""What a probe is: legal Avro that breaks record generators, and plain values that hit the spot."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from registry.naming import schema_path
from registry.source import JSON
from tests.tools.trees import record

Plain = Any
"""A plain value; of a union, where it does not tell its branch, the pair (branch name, value)."""


class Probe(NamedTuple):
    """Files of a small tree, the first of which is probed, and some of its plain values."""

    texts: tuple[str, ...]
    samples: tuple[Plain, ...]
    json: str = ""
    """Why its values have no JSON form, where they have none."""
    avro: str = ""
    """Why the package avro does not write these values, where it does not."""
    fastavro: str = ""
    """Why the package fastavro cannot be given the logical types, where it cannot."""

    @property
    def files(self) -> dict[str, str]:
        """The texts by their paths in a tree."""
        return {path_of(text): text for text in self.texts}


def probe(
    name: str,
    fields: Iterable[Mapping[str, JSON]],
    *samples: Plain,
    others: tuple[str, ...] = (),
    json: str = "",
    avro: str = "",
    fastavro: str = "",
    **more: JSON,
) -> tuple[str, Probe]:
    """Return the name of a probe and the probe: a record called Trap in a namespace of its own."""
    text = record(f"probe.{name}.Trap", *fields, doc=f"The probe {name}.", **more)
    return name, Probe((text, *others), samples, json, avro, fastavro)


def path_of(text: str) -> str:
    """Return where the text of a first version stands in a tree."""
    schema = json.loads(text)
    return schema_path(f"{schema['namespace']}.{schema['name']}", 1)


def required(name: str, kind: JSON, **more: JSON) -> dict[str, JSON]:
    """Return a field without a default."""
    return {"name": name, "type": kind, **more}


def array(items: JSON) -> dict[str, JSON]:
    """Return the type of a list."""
    return {"type": "array", "items": items}


def mapping(values: JSON) -> dict[str, JSON]:
    """Return the type of a map."""
    return {"type": "map", "values": values}


def fixed(name: str, size: int, **more: JSON) -> dict[str, JSON]:
    """Return the type of so many bytes."""
    return {"type": "fixed", "name": name, "size": size, **more}
