"""The rules of the gate, and what they find in a case."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

from tools.case import Case
from tools.finding import Finding
from tools.generate import freshness, modules, read_modules
from tools.grading import graded, unknown_severities
from tools.interop import disagreements, interop
from tools.lint import lint
from tools.rules.breaking import breaking_changes
from tools.rules.files import changed_releases, id_collisions, problems, unchanged_versions
from tools.rules.leaving import leaving_pins
from tools.rules.references import older_pins, unused_pins
from tools.rules.waived import lowered_levels, unused_waivers
from tools.structure import settings

Rule: TypeAlias = Callable[[Case], Iterable[Finding]]

RULES: Final[tuple[Rule, ...]] = (
    problems,
    settings,
    unknown_severities,
    changed_releases,
    unchanged_versions,
    breaking_changes,
    lowered_levels,
    unused_waivers,
    unused_pins,
    older_pins,
    leaving_pins,
    interop,
    disagreements,
    lint,
)
"""Each looks at one subject at a time, and at what that pins."""


def judge(case: Case, records: Path | None = None) -> list[Finding]:
    """Return the findings of all rules, by their places.

    `records` is the folder of the generated modules, None where there is none to judge.
    """
    found = [finding for rule in (*RULES, id_collisions) for finding in rule(case)]
    if records is not None:
        found.extend(stale(case, records))
    return graded(found, case.tree.config.severities)


def stale(case: Case, records: Path) -> Iterator[Finding]:
    """Every generated module is what its schema generates."""
    if case.problems or any(True for _ in changed_releases(case)):
        return  # first the schemas must be right, or the advice to generate would do harm
    yield from freshness(modules(case.tree.versions), read_modules(records), records)
