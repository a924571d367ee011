"""The gate: judges a tree of schemas, and against what is released of it."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

from registry.errors import RegistryError
from registry.tree import read_texts
from tools.breaking import breaking_changes
from tools.case import Case
from tools.finding import Finding, Severity, as_text
from tools.generate import freshness, modules, read_modules
from tools.git import GitError, base_of
from tools.interop import interop
from tools.rules import changed_releases, id_collisions, problems, unchanged_versions

Rule: TypeAlias = Callable[[Case], Iterable[Finding]]

RULES: Final[tuple[Rule, ...]] = (
    problems,
    changed_releases,
    unchanged_versions,
    id_collisions,
    breaking_changes,
    interop,
)


def main(schemas: Path, records: Path | None, against: str | None) -> int:
    """Judge the schemas in a folder and print what is found.

    `records` is the folder of their generated modules, None where there is none to judge;
    `against` a git ref, see `tools.git.base_of`. Returns 0 for no errors, 1 for errors, 2 where
    there can be no judgement.
    """
    start = time.perf_counter()
    try:
        case = Case.of(schemas, read_texts(schemas), base_of(schemas, against))
    except (RegistryError, GitError) as error:
        print(f"check-schemas: {error}", file=sys.stderr)
        return 2
    findings = judge(case, records)
    colour = sys.stdout.isatty()
    for finding in findings:
        print(as_text(finding, _text(finding.file), colour=colour), end="\n\n")
    if case.base.note:
        print(case.base.note)
    print(f"{_summary(case, findings)} ({time.perf_counter() - start:.2f} s)")
    return 1 if any(each.severity is Severity.ERROR for each in findings) else 0


def judge(case: Case, records: Path | None = None) -> list[Finding]:
    """Return the findings of all rules, by their places."""
    found = [finding for rule in RULES for finding in rule(case)]
    if records is not None:
        found.extend(_freshness(case, records))
    return sorted(found, key=lambda each: each.place)


def _freshness(case: Case, records: Path) -> Iterator[Finding]:
    if case.problems:
        return  # a file that cannot be read would make its module look left over
    yield from freshness(modules(case.tree.versions), read_modules(records), records)


def _text(file: str) -> str:
    path = Path(file)
    return path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""


def _summary(case: Case, findings: list[Finding]) -> str:
    if not findings:
        versions = _count(len(case.tree.versions), "version")
        subjects = _count(len(case.tree), "subject")
        return f"{versions} of {subjects}: sound, and compatible by their levels."
    errors = sum(each.severity is Severity.ERROR for each in findings)
    warnings = len(findings) - errors
    counts = [_count(n, word) for n, word in ((errors, "error"), (warnings, "warning")) if n]
    files = _count(sum(path.endswith(".avsc") for path in case.texts), "schema")
    return f"{' and '.join(counts)} in {files}."


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
