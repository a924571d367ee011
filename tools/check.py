"""The command that judges a tree of schemas, and says what it finds in the form asked for."""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from registry.errors import RegistryError, TreeError, did_you_mean
from registry.tree import read_texts
from tools.affected import SOURCES, Users, sources
from tools.case import Case
from tools.faces import FACES, Face
from tools.finding import Finding
from tools.git import GitError, base_of
from tools.grading import graded
from tools.report import Report
from tools.rules.leaving import leaving_uses
from tools.verdicts import judged


@dataclass(frozen=True, kw_only=True)
class Options:
    """What is asked of the gate."""

    schemas: Path
    records: Path | None = None
    """The generated modules of the schemas, None where there are none to judge."""
    services: Path | None = None
    """Sources that may use the records, to name whom a break affects."""
    against: str | None = None
    """A git ref, see `tools.git.base_of`."""
    only_new: bool = False
    """Leave out what the base had already, in files that are as they were."""
    form: str = "text"
    """One of `tools.faces.FACES`."""
    cache: Path | None = None
    """A folder for what is found, so that the next run need not look again."""


def main(options: Options) -> int:
    """Judge the schemas in a folder and print what is found.

    Returns 0 for no errors, 1 for errors, 2 where there can be no judgement.
    """
    start = time.perf_counter()
    try:
        face = _face(options.form)
        case = _case(options)
        findings, hidden = _findings(case, options)
    except (RegistryError, GitError) as error:
        print(f"check-schemas: {error}", file=sys.stderr)
        return 2
    seconds = time.perf_counter() - start
    report = Report(case=case, findings=findings, hidden=hidden, seconds=seconds, colour=_colour())
    # A file name may hold what no encoding can write.
    encoding = sys.stdout.encoding
    print(face(report).encode(encoding, "backslashreplace").decode(encoding), end="")
    return 1 if report.failed else 0


def _face(form: str) -> Face:
    if form not in FACES:
        raise RegistryError(f"There is no format {form!r}.", did_you_mean(form, FACES))
    return FACES[form]


def _case(options: Options) -> Case:
    if options.services and not options.services.is_dir():
        raise TreeError(f"There is no folder {str(options.services)!r}.", "Name that of services.")
    texts = read_texts(options.schemas)
    base = base_of(options.schemas, options.against)
    if not any(path.endswith(".avsc") for path in (*texts, *base.texts)):
        fix = "Name the folder that holds them, or begin with ./invoke new-subject shop.Order."
        raise TreeError(f"There are no schemas in {str(options.schemas)!r}.", fix)
    return Case(options.schemas, texts, base)


def _findings(case: Case, options: Options) -> tuple[list[Finding], int]:
    """Return what is found, and how much more the base has as well."""
    found = judged(case, options.records, options.cache)
    findings = _only_new(case, found, options.cache) if options.only_new else found
    hidden = len(found) - len(findings)
    if options.services and any(b"status" in text for text in case.texts.values()):
        base = base_of(options.services, options.against, SOURCES)
        leaving = leaving_uses(case.tree, sources(options.services), base, options.services)
        findings = sorted(
            [*findings, *graded(leaving, case.tree.config.severities)], key=lambda each: each.place
        )
    if any(each.versions for each in findings):
        users = Users.of(case.tree, options.services)
        findings = [users.named(each) for each in findings]
    return findings, hidden


def _only_new(case: Case, findings: list[Finding], cache: Path | None) -> list[Finding]:
    """Return the findings in changed files, and those that the base did not have."""
    before = {_identity(each) for each in judged(case.released(), None, cache)}
    released = {case.file(path) for path in case.base.texts if case.is_released(path)}
    return [each for each in findings if each.file not in released or _identity(each) not in before]


def _identity(finding: Finding) -> tuple[str, str, str]:
    return finding.file, finding.rule, finding.message


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
