"""What earlier runs of the gate have found, in a file that may be lost or damaged at any time."""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NamedTuple

import registry
import tools
from tools.finding import Finding

_FILE: Final = "check-schemas.json"
_JUDGES: Final = ("avro", "fastavro", "jsonschema")


class Verdict(NamedTuple):
    """What is found in one folder, and what of it the judgement of the whole tree needs."""

    findings: list[Finding]
    ids: dict[str, int]
    """By the path of the version."""
    modules: dict[str, str]
    """SHA-256 of each generated module by its path; empty where no records are judged."""


def read(folder: Path) -> dict[str, Verdict]:
    """Return the verdicts of a cache by their keys, none where it is not one of this very gate."""
    try:
        seal, _, body = (folder / _FILE).read_bytes().partition(b"\n")
    except OSError:
        return {}
    if seal != _seal(body):
        return {}
    return {key: _verdict(row) for key, row in json.loads(body).items()}


def write(folder: Path, verdicts: Mapping[str, Verdict]) -> None:
    """Keep verdicts, if that is possible: a cache that cannot be written is no error."""
    rows = {
        key: [[asdict(finding) for finding in each.findings], each.ids, each.modules]
        for key, each in verdicts.items()
    }
    body = json.dumps(rows).encode()
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".gitignore").write_text("*\n")
        handle, temporary = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(_seal(body) + b"\n" + body)
        Path(temporary).replace(folder / _FILE)


def rules_state() -> str:
    """Return a digest of all that decides a judgement beside the schemas: code and libraries."""
    digest = hashlib.sha256(sys.version.encode())
    for name in _JUDGES:
        digest.update(f"{name} {version(name)}\n".encode())
    for path in sorted(_sources()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _seal(body: bytes) -> bytes:
    """Return a digest that nobody else writes: others may know findings of another shape."""
    return hashlib.sha256(rules_state().encode() + body).hexdigest().encode()


def _sources() -> Iterator[Path]:
    for package, pattern in ((registry, "*.py"), (tools, "**/*.py"), (tools, "**/*.json")):
        yield from Path(str(package.__file__)).parent.glob(pattern)


def _verdict(row: list[Any]) -> Verdict:
    findings, ids, modules = row
    return Verdict([_finding(each) for each in findings], ids, modules)


def _finding(row: dict[str, Any]) -> Finding:
    tuples = {key: tuple(row[key]) for key in ("versions", "affected")}
    return Finding(**{**row, **tuples})
