"""Findings for a terminal: place, source line with carets, why, whom it affects, how to fix it."""

import re
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Final
from unicodedata import combining, east_asian_width

from tools.finding import Finding, Severity
from tools.report import Report

_BOLD, _CYAN = "1", "36"
_ALARMS: Final = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}
_WIDTH: Final = 100
_SHOWN: Final = 8
_WORD: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\[*[\w.+-]+\]*')


def text(report: Report) -> str:
    """Return all findings and the line that sums them up."""
    findings = [
        f"{as_text(each, report.text(each.file), colour=report.colour)}\n\n"
        for each in report.findings
    ]
    note = f"{report.case.base.note}\n" if report.case.base.note else ""
    return f"{''.join(findings)}{note}{report.summary}\n"


def as_text(finding: Finding, text: str = "", *, colour: bool = False) -> str:
    """Return a finding; `text` is that of its file, without it no source line is shown."""
    alarm = _ALARMS[finding.severity] if colour else ""
    label = _CYAN if colour else ""
    where = _painted(_printable(finding.where), _BOLD if colour else "")
    kind = "" if finding.severity is Severity.ERROR else f" ({finding.severity})"
    lines = [f"{where}: {_painted(finding.rule, alarm)}{kind}", *_excerpt(finding, text, alarm)]
    for line in finding.message.split("\n"):
        lines += wrap(_printable(line), _WIDTH, initial_indent="  ", subsequent_indent="    ")
    affected = [*finding.affected[:_SHOWN]]
    if len(finding.affected) > _SHOWN:
        affected.append(f"and {len(finding.affected) - _SHOWN} more")
    lines += _labelled("affects:", affected, label)
    lines += _labelled("fix:", finding.fix.split("\n") if finding.fix else (), label)
    return "\n".join(lines)


def _labelled(label: str, lines: Sequence[str], code: str) -> Iterator[str]:
    for index, line in enumerate(lines):
        start = " " * len(label) if index else _painted(label, code)
        yield f"  {start} {_printable(line)}"


def _excerpt(finding: Finding, text: str, alarm: str) -> list[str]:
    """Return the source line, and the line with carets under what is meant."""
    source = text.split("\n")
    if not 0 < finding.line <= len(source):
        return []
    line = source[finding.line - 1]
    begin, end = finding.column - 1, finding.end_column - 1
    if end <= begin:
        word = _WORD.match(line, begin)
        end = word.end() if word else begin + 1
    # Of a long line, such as a schema without line breaks, only the surroundings are shown.
    start = max(0, begin - _WIDTH // 2) if len(line) > _WIDTH else 0
    shown = line[start : start + _WIDTH].rstrip()
    marked = line[begin : min(end, start + _WIDTH)]
    carets = _painted("^" * max(1, _columns(marked)), alarm)
    space = " " * _columns(line[start:begin])
    return [f"{finding.line:>5} | {_printable(shown)}", f"      | {space}{carets}"]


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(
        0 if combining(each) else 2 if east_asian_width(each) in "WF" else 1
        for each in _printable(text)
    )


def _printable(text: str) -> str:
    text = text.replace("\t", "    ")
    return "".join(each if each.isprintable() else "?" for each in text)


def _painted(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if code else text
