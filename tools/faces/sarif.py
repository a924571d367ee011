"""The report as SARIF 2.1.0 (OASIS), which code hosts and editors show beside the code."""

import json
import os
from importlib.metadata import version
from pathlib import Path
from typing import Final
from urllib.parse import quote

from tools.finding import Finding, Severity
from tools.report import Report
from tools.rulebook import RULEBOOK

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_PROJECT: Final = "schema-registry-monorepo"
_PAGES: Final = Path(__file__).parents[2] / "docs" / "rules"
_LEVELS: Final = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
}


def sarif(report: Report) -> str:
    """Return a log of one run with the rules that it breaks."""
    names = sorted({each.rule for each in report.findings})
    run = {
        "tool": {
            "driver": {
                "name": "check-schemas",
                "semanticVersion": version(_PROJECT),
                "rules": [_rule(name) for name in names],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, names) for each in report.findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(name: str) -> dict[str, object]:
    rule = RULEBOOK[name]
    return {
        "id": name,
        "shortDescription": {"text": rule.summary},
        "helpUri": _page(name),
        "help": {"text": f"./invoke schemas.explain {name}"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _page(name: str) -> str:
    """Return the address of a rule's page: on GitHub where a workflow runs there, else here."""
    server, repository = os.environ.get("GITHUB_SERVER_URL"), os.environ.get("GITHUB_REPOSITORY")
    if server and repository:
        commit = os.environ.get("GITHUB_SHA", "HEAD")
        return f"{server}/{repository}/blob/{commit}/docs/rules/{name}.md"
    return (_PAGES / f"{name}.md").as_uri()


def _result(finding: Finding, names: list[str]) -> dict[str, object]:
    return {
        "ruleId": finding.rule,
        "ruleIndex": names.index(finding.rule),
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.explanation},
        "locations": [{"physicalLocation": _location(finding)}],
    }


def _location(finding: Finding) -> dict[str, object]:
    file = os.fsencode(finding.file)
    location: dict[str, object] = {"artifactLocation": {"uri": quote(file)}}
    if finding.line:
        region = {"startLine": finding.line, "startColumn": max(1, finding.column)}
        if finding.end_column:
            region["endColumn"] = finding.end_column
        location["region"] = region
    return location
