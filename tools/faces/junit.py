"""The report as JUnit XML, which CI systems show as tests: each schema is one."""

import re
from collections import defaultdict
from typing import Final
from xml.etree import ElementTree as ET

from tools.finding import Finding, Severity
from tools.report import Report

# XML 1.0, section 2.2 has no place for these.
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report) -> str:
    """Return one suite: a case for each schema and each other file that has findings.

    Errors are failures; what is no error stands in the output of its case.
    """
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for path in report.case.texts:
        if path.endswith(".avsc"):
            found[report.case.file(path)] = []
    for finding in report.findings:
        found[finding.file].append(finding)
    failures = sum(any(_fails(each) for each in findings) for findings in found.values())
    totals = {"tests": str(len(found)), "failures": str(failures), "errors": "0"}
    suite = ET.Element("testsuite", {"name": "check-schemas", **totals})
    suite.set("time", f"{report.seconds:.3f}")
    for file, findings in sorted(found.items()):
        suite.append(_case(file, findings))
    ET.indent(suite)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suite, "unicode")}\n'


def _case(file: str, findings: list[Finding]) -> ET.Element:
    folder, _, name = file.rpartition("/")
    case = ET.Element("testcase", {"classname": _text(folder), "name": _text(name)})
    for finding in filter(_fails, findings):
        failure = ET.SubElement(case, "failure", {"type": finding.rule})
        failure.set("message", _text(finding.message.partition("\n")[0]))
        failure.text = _told(finding)
    rest = [_told(each) for each in findings if not _fails(each)]
    if rest:
        ET.SubElement(case, "system-out").text = "\n\n".join(rest)
    return case


def _fails(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR


def _told(finding: Finding) -> str:
    head = f"{finding.where}: {finding.rule} ({finding.severity})"
    return _text(f"{head}\n{finding.explanation}")


def _text(text: str) -> str:
    return _FORBIDDEN.sub("?", text)
