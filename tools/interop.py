"""What the libraries that other people use make of our schemas."""

import json
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise, permutations
from typing import Final

import avro.schema
import fastavro
from avro.compatibility import ReaderWriterCompatibilityChecker

from registry.canonical import full_text
from registry.compatibility import check
from registry.subjects import SchemaVersion
from tools.case import Case
from tools.finding import Finding

_LOADERS: Final[Mapping[str, Callable[[str], object]]] = {
    "avro": avro.schema.parse,
    "fastavro": lambda text: fastavro.parse_schema(json.loads(text)),
}


def interop(case: Case) -> Iterator[Finding]:
    """The packages avro and fastavro can load every new version, its references inlined."""
    for version in case.new_versions():
        for name, load in _LOADERS.items():
            refusal = _refusal(load, full_text(version.schema))
            if refusal:
                message = f"The Python package {name} refuses {version}: {refusal}"
                fix = "change it, if somebody outside reads this data with that package"
                yield case.finding(version, "", "INTEROP", message, fix)


def disagreements(case: Case) -> Iterator[Finding]:
    """The package avro sees no break between a new version and the one before where none is."""
    for subject in case.tree.values():
        for pair in pairwise(subject.versions):
            if pair[1].path in case.base.texts:
                continue
            for reader, writer in permutations(pair):
                reason = _objection(reader, writer)
                if reason and not any(check(reader.schema, writer.schema)):
                    claim = f"v{reader.number} cannot read the data of v{writer.number}"
                    message = f"The Python package avro says that {claim}, and it can: {reason}"
                    fix = "nothing, unless somebody outside checks it with that package"
                    yield case.finding(pair[1], "", "INTEROP", message, fix)


def _refusal(load: Callable[[str], object], text: str) -> str:
    """Return the first line of what a package raises, "" if it loads the text."""
    try:
        with warnings.catch_warnings(action="ignore"):
            load(text)
    except Exception as error:  # noqa: BLE001 whatever a package raises is its refusal
        return str(error).partition("\n")[0] or type(error).__name__
    return ""


def _objection(reader: SchemaVersion, writer: SchemaVersion) -> str:
    """Return the rules that avro sees broken, "" where it sees none or loads not both."""
    try:
        with warnings.catch_warnings(action="ignore"):
            theirs = [_avros(full_text(each.schema)) for each in (reader, writer)]
            found = ReaderWriterCompatibilityChecker().get_compatibility(theirs[0], theirs[1])
    except Exception:  # noqa: BLE001 whatever it raises, `interop` has said that it refuses
        return ""
    return ", ".join(each.name.upper() for each in found.incompatibilities)


@lru_cache(maxsize=4)  # each is compared with its neighbours, both ways
def _avros(text: str) -> avro.schema.Schema:
    return avro.schema.parse(text)
