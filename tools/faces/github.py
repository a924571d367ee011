"""Findings as annotations of a GitHub pull request ("Workflow commands for GitHub Actions")."""

from typing import Final

from tools.finding import Finding, Severity
from tools.report import Report

_COMMANDS: Final = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
}


def github(report: Report) -> str:
    """Return a workflow command for each finding, and the line that sums them up."""
    note = f"::notice::{_data(report.case.base.note)}\n" if report.case.base.note else ""
    return f"{''.join(map(_annotation, report.findings))}{note}{report.summary}\n"


def _annotation(finding: Finding) -> str:
    places: dict[str, str | int] = {
        "file": finding.file,
        "line": finding.line,
        "col": finding.column,
        "endColumn": finding.end_column - 1,  # inclusive here
        "title": finding.rule,
    }
    # Columns count only with a line, and a line only where it is known.
    known = {k: each for k, each in places.items() if isinstance(each, str) or each > 0}
    properties = ",".join(f"{key}={_property(str(each))}" for key, each in known.items())
    return f"::{_COMMANDS[finding.severity]} {properties}::{_data(finding.explanation)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
