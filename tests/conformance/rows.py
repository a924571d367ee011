"""The rows of the samples beside this file, each one JSON object a line."""

import json
from pathlib import Path
from typing import Any

import registry
from registry.schema import Schema

Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    """Return the rows of a sample, such as `pairs`."""
    text = (Path(__file__).parent / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def schema(value: object, *, strict: bool = True) -> Schema:
    """Parse a JSON value as the text that it stands for."""
    return registry.parse(json.dumps(value), strict=strict)
