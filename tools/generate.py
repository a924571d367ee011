"""The generated records: which modules a tree of schemas asks for, and bringing a folder there."""

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from registry.errors import RegistryError
from registry.naming import module_path
from registry.source import position
from registry.subjects import SchemaVersion
from registry.tree import SchemaTree
from tools.faces.text import as_text
from tools.finding import Finding
from tools.modules.module import MARK, module_text

_FIX: Final = "./invoke generate"
_HEAD: Final = 1_000


def main(schemas: Path, records: Path, check: bool) -> int:  # noqa: FBT001 the name of the flag
    """Write the missing and stale modules and delete the left over ones; with `check` only report.

    Returns 0 where all is fresh (or now is), 1 for findings, 2 where the schemas are not sound.
    """
    try:
        tree = SchemaTree.load(schemas)
    except RegistryError as error:
        print(f"generate: {error}\n./invoke check-schemas says more.", file=sys.stderr)
        return 2
    expected, present = modules(tree.versions), read_modules(records)
    if check:
        return _report(list(freshness(expected, present, records)), len(expected))
    changed = {path: text for path, text in expected.items() if present.get(path) != text}
    for path, text in changed.items():
        _write(records / path, text)
    left_over = sorted(_left_over(expected, present))
    for path in left_over:
        _delete(records / path, records)
    print(f"{len(expected)} modules: {len(changed)} written, {len(left_over)} deleted.")
    return 0


def modules(versions: Iterable[SchemaVersion]) -> dict[str, str]:
    """Return the generated modules of versions: {path under the records: text}."""
    return {f"{module_path(each.subject, each.number)}.py": module_text(each) for each in versions}


def read_modules(records: Path) -> dict[str, str]:
    """Return the modules of a folder, {path: text}; an absent folder has none."""
    return {
        path.relative_to(records).as_posix(): path.read_bytes().decode("utf-8", "replace")
        for path in sorted(records.rglob("*.py"))
    }


def freshness(
    expected: Mapping[str, str], present: Mapping[str, str], records: Path
) -> Iterator[Finding]:
    """Yield a finding for each module that is missing, stale or left over."""
    for path, text in expected.items():
        file, current = (records / path).as_posix(), present.get(path)
        if current is None:
            message = "The module is missing: its schema version has no generated record."
            yield Finding(file, "FRESHNESS", message, fix=_FIX)
        elif current != text:
            line, column = first_difference(current, text)
            message = "The module is stale: from here on it is not what its schema generates."
            yield Finding(file, "FRESHNESS", message, line, column, fix=_FIX)
    for path in _left_over(expected, present):
        file = (records / path).as_posix()
        message = "The module is left over: there is no schema version that generates it."
        yield Finding(file, "FRESHNESS", message, fix=_FIX)


def first_difference(text: str, other: str) -> tuple[int, int]:
    """Return the line and column, from 1, at which a text differs from another."""
    pairs = enumerate(zip(text, other, strict=False))
    shorter = min(len(text), len(other))
    return position(text, next((index for index, (a, b) in pairs if a != b), shorter))


def _left_over(expected: Mapping[str, str], present: Mapping[str, str]) -> Iterator[str]:
    return (p for p, text in present.items() if p not in expected and MARK in text[:_HEAD])


def _report(findings: list[Finding], count: int) -> int:
    for finding in findings:
        print(as_text(finding), end="\n\n")
    print(f"{count} modules: {len(findings) or 'none'} to renew.")
    return 1 if findings else 0


def _write(path: Path, text: str) -> None:
    """Replace a file in one step, so that no importer sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(text.encode())
    Path(temporary).chmod(0o644)
    Path(temporary).replace(path)


def _delete(path: Path, records: Path) -> None:
    """Delete a module and the folders that it leaves empty."""
    path.unlink()
    with suppress(OSError):  # a folder that is not empty stays
        for folder in path.parents:
            if folder == records:
                break
            folder.rmdir()
