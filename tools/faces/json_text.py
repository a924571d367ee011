"""The report as JSON, for programs; keys are added in later versions, never renamed or removed."""

import json

from tools.finding import Finding, Severity
from tools.report import Report


def json_text(report: Report) -> str:
    """Return one JSON object: verdict, counts, base and findings.

    Lines and columns count from 1, end columns are exclusive; null stands for what is not known.
    """
    base = report.case.base
    value = {
        "verdict": "failed" if report.failed else "passed",
        "summary": report.verdict,
        "errors": report.count(Severity.ERROR),
        "warnings": report.count(Severity.WARNING),
        "notes": report.count(Severity.INFO),
        "hidden": report.hidden,
        "versions": report.versions,
        "subjects": report.subjects,
        "seconds": round(report.seconds, 3),
        "base": {"name": base.name or None, "commit": base.commit or None},
        "findings": [_row(each) for each in report.findings],
    }
    return json.dumps(value, indent=2) + "\n"


def _row(finding: Finding) -> dict[str, object]:
    return {
        "file": finding.file,
        "line": finding.line or None,
        "column": finding.column or None,
        "endColumn": finding.end_column or None,
        "rule": finding.rule,
        "severity": finding.severity,
        "message": finding.message,
        "fix": finding.fix or None,
        "versions": finding.versions,
        "affected": finding.affected,
    }
