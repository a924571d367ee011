"""What the libraries that other people use make of our schemas."""

import json
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import avro.schema
import fastavro

from registry.canonical import full_text
from tools.case import Case
from tools.finding import Finding, Severity

_LOADERS: Final[Mapping[str, Callable[[str], object]]] = {
    "avro": avro.schema.parse,
    "fastavro": lambda text: fastavro.parse_schema(json.loads(text)),
}


def interop(case: Case) -> Iterator[Finding]:
    """The packages avro and fastavro can load every new version, its references inlined."""
    for version in case.new_versions():
        text = full_text(version.schema)
        for name, load in _LOADERS.items():
            refusal = _refusal(load, text)
            if refusal:
                message = f"The Python package {name} refuses {version}: {refusal}"
                fix = "change it, if somebody outside reads this data with that package"
                yield case.finding(version, "", "INTEROP", message, fix, Severity.WARNING)


def _refusal(load: Callable[[str], object], text: str) -> str:
    """Return the first line of what a package raises, "" if it loads the text."""
    try:
        with warnings.catch_warnings(action="ignore"):
            load(text)
    except Exception as error:  # noqa: BLE001 whatever a package raises is its refusal
        return str(error).partition("\n")[0] or type(error).__name__
    return ""
