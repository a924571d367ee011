"""The report as a comment on a pull request: verdict, changes, who can read whom, findings."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from registry.config import subject_config, tree_config
from registry.diff import changes, readability
from registry.subjects import SchemaVersion, Subject
from tools.case import Case
from tools.faces.text import as_text
from tools.finding import Severity
from tools.report import Report

_LONGEST: Final = 60_000  # characters; GitHub takes 65,536
_SHOWN: Final = 8  # versions in a table


def markdown(report: Report) -> str:
    """Return the comment, cut where it would be longer than GitHub takes."""
    sign = "❌" if report.failed else "✅"
    parts = [f"### {sign} check-schemas: {report.verdict}", *_parts(report)]
    text = ""
    for part in parts:
        if len(text) + len(part) > _LONGEST:
            return f"{text}*There is more: `./invoke check-schemas` shows it.*\n"
        text += f"{part}\n\n"
    return text


def _parts(report: Report) -> Iterator[str]:
    case = report.case
    if case.base.note:
        yield case.base.note
    else:
        yield from _changed(case)
    errors = [each for each in report.findings if each.severity is Severity.ERROR]
    others = [each for each in report.findings if each.severity is not Severity.ERROR]
    for finding in errors:
        yield _block(as_text(finding, report.text(finding.file)))
    if others:
        yield f"<details><summary>{len(others)} more that fail nothing</summary>"
        for finding in others:
            yield _block(as_text(finding, report.text(finding.file)))
        yield "</details>"


def _changed(case: Case) -> Iterator[str]:
    """Yield what the branch does to each subject that it touches."""
    new = {version.path for version in case.new_versions()}
    for subject in case.tree.values():
        added = [each for each in subject.versions if each.path in new]
        if added:
            yield "\n".join([f"#### {_code(subject.name)}", "", *_news(subject, added)])
            if len(subject.versions) > 1:
                yield "\n".join(_matrix(subject.versions[-_SHOWN:]))
        waivers = list(_accepted(case, subject))
        if waivers:
            yield "\n".join(waivers)


def _news(subject: Subject, added: Iterable[SchemaVersion]) -> Iterator[str]:
    for version in added:
        if version.number == 1:
            yield "- v1 is its first version"
            continue
        old = subject.versions[subject.versions.index(version) - 1]
        for change in changes(old.schema, version.schema):
            yield f"- v{version.number}: {_code(str(change))}"


def _matrix(versions: Sequence[SchemaVersion]) -> Iterator[str]:
    verdicts, numbers = readability(versions), [each.number for each in versions]
    yield f"| written by | {' | '.join(f'v{each}' for each in numbers)} |"
    yield f"|---{'|:-:' * len(numbers)}|"
    for reader in numbers:
        cells = ("yes" if verdicts[reader, writer] else "**no**" for writer in numbers)
        yield f"| v{reader} reads | {' | '.join(cells)} |"


def _accepted(case: Case, subject: Subject) -> Iterator[str]:
    """Yield the waivers that the branch adds to a subject."""
    released = case.base.texts
    file = f"{subject.latest.path.rpartition('/')[0]}/subject.toml"
    tree = tree_config(released.get("registry.toml", b""), [])
    before = subject_config(tree.subject, released.get(file, b""), file, []).waivers
    known = {(each.rule, each.version) for each in before}
    for each in subject.config.waivers:
        if (each.rule, each.version) not in known:
            name = _code(f"{subject.name}/{each.version}")
            yield f"- accepted at {name}: {_code(each.rule)}, because {_code(each.why)}"


def _block(text: str) -> str:
    """Return a text as it is, which nothing in it can end."""
    fence = _fence(text, 3)
    return f"{fence}text\n{text}\n{fence}"


def _code(text: str) -> str:
    """Return a text as code in a line: no link, mention or tag in it means anything."""
    line = " ".join(text.split())
    fence = _fence(line, 1)
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{space}{line}{space}{fence}"


def _fence(text: str, least: int) -> str:
    longest = max(map(len, re.findall("`+", text)), default=0)
    return "`" * max(least, longest + 1)
