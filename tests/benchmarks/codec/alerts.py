"""The published alerts of a sky survey: a hundred fields, earlier detections, three pictures."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

import fastavro

from registry import Record
from tests.benchmarks.codec.generated import record_class
from tests.benchmarks.codec.sample import Bounds, Sample

FOLDER: Final = Path(__file__).parents[4] / "shared" / "real" / "ztf" / "data"
ABSENT: Final = "ztf alert: skipped, its files are not at shared/real/ztf/data"
PUBLISHED: Final = Bounds(0.15, 0.45)
EMPTY: Final = Bounds(0.30, 0.55)


def samples(folder: Path = FOLDER) -> Iterator[Sample]:
    """Yield each alert as it was published, and with null wherever its schema allows it.

    Nothing where the folder is absent. The pictures and earlier detections are among what the
    empty one lacks.
    """
    for file in sorted(folder.glob("alert_*.avro")):
        text, datum = _alert(file)
        name, made = f"ztf alert {datum['schemavsn']}", record_class(text)
        for kind, value, bounds in (
            ("as published", datum, PUBLISHED),
            ("empty", _emptied(datum, json.loads(text)), EMPTY),
        ):
            yield _named(f"{name} {kind}", made, value, bounds)


def _alert(file: Path) -> tuple[str, dict[str, Any]]:
    """Return the schema and the only datum of a container file."""
    with file.open("rb") as opened:
        reader = fastavro.reader(opened)
        (datum,) = reader
        return reader.metadata["avro.schema"], cast("dict[str, Any]", datum)


def _emptied(datum: dict[str, Any], record: dict[str, Any]) -> dict[str, Any]:
    """Return a datum of a record with null for what may be null, in the records inside it too."""
    emptied: dict[str, Any] = {}
    for field in record["fields"]:
        name, kind = field["name"], field["type"]
        if isinstance(kind, list) and "null" in kind:
            emptied[name] = None
        elif isinstance(kind, dict) and kind["type"] == "record":
            emptied[name] = _emptied(datum[name], kind)
        else:
            emptied[name] = datum[name]
    return emptied


def _named(name: str, made: type[Record], datum: dict[str, Any], bounds: Bounds) -> Sample:
    """Return a sample whose name says how many bytes it has."""
    sample = Sample(name, made, datum, bounds)
    return Sample(f"{name}, {len(sample.data):,} bytes", made, datum, bounds)
