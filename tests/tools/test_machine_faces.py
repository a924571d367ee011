"""The report for machines: JSON, annotations of GitHub, SARIF and JUnit, by their own rules."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest

from tests.tools.trees import case
from tools.case import Case
from tools.faces import FACES
from tools.finding import Finding, Severity
from tools.git import Base
from tools.report import Report
from tools.rulebook import RULEBOOK

PATH = "shop/order/v1.avsc"
NASTY = "50%, a:b\r\n::error::injected <&> \x1b[31m \ud800"
BREAK = Finding(
    f"s/{PATH}",
    "TYPE_MISMATCH",
    "backward: a service on v2 cannot read.\nx: v1 has int, v2 string.",
    line=3,
    column=5,
    end_column=9,
    fix="keep the type",
    versions=("shop.Order/1",),
    affected=("api.py:1 uses shop.Order/1",),
)
WHOLE = Finding("s/shop/line/v1.avsc", "CHANGED_RELEASE", "Deleted.")
WARNING = Finding(f"s/{PATH}", "NAMING", "Why.", 2, 1, Severity.WARNING)
NOTE = Finding(f"s/{PATH}", "OLDER_PIN", "Why.", 2, 1, Severity.INFO)


def shown(face: str, *findings: Finding, of: Case | None = None) -> str:
    judged = of or case({PATH: "{}"}, {})
    return FACES[face](Report(case=judged, findings=findings, seconds=0.25))


def sarif(*findings: Finding) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(shown("sarif", *findings))
    return log


def test_json_holds_all_of_a_finding_and_of_the_run() -> None:
    base = Base({}, "origin/main", "abc")
    report = json.loads(shown("json", BREAK, NOTE, of=Case(Path("s"), {PATH: b"{}"}, base)))
    assert report["findings"][0] == {
        "file": "s/shop/order/v1.avsc",
        "line": 3,
        "column": 5,
        "endColumn": 9,
        "rule": "TYPE_MISMATCH",
        "severity": "error",
        "message": "backward: a service on v2 cannot read.\nx: v1 has int, v2 string.",
        "fix": "keep the type",
        "versions": ["shop.Order/1"],
        "affected": ["api.py:1 uses shop.Order/1"],
    }
    del report["findings"]
    assert report == {
        "verdict": "failed",
        "summary": "1 error and 1 note in 1 schema.",
        "errors": 1,
        "warnings": 0,
        "notes": 1,
        "hidden": 0,
        "versions": 1,
        "subjects": 1,
        "seconds": 0.25,
        "base": {"name": "origin/main", "commit": "abc"},
    }


def test_json_says_null_for_what_is_not_known() -> None:
    report = json.loads(shown("json", WHOLE, of=case({PATH: "{}"})))
    row = report["findings"][0]
    assert [row[key] for key in ("line", "column", "endColumn", "fix")] == [None] * 4
    assert report["base"] == {"name": None, "commit": None}


def test_a_run_without_errors_has_passed() -> None:
    assert json.loads(shown("json", WARNING))["verdict"] == "passed"


def test_github_gets_one_line_a_finding_with_its_place() -> None:
    first, second, last = shown("github", BREAK, WHOLE).splitlines()
    place = "file=s/shop/order/v1.avsc,line=3,col=5,endColumn=8,title=TYPE_MISMATCH"
    assert first.startswith(f"::error {place}::backward: a service on v2 cannot read.%0Ax: v1 has")
    assert first.endswith("%0Aaffects: api.py:1 uses shop.Order/1%0Afix: keep the type")
    assert second == "::error file=s/shop/line/v1.avsc,title=CHANGED_RELEASE::Deleted."
    assert last == "2 errors in 1 schema. (0.25 s)"


def test_github_has_a_word_for_each_severity() -> None:
    lines = shown("github", BREAK, WARNING, NOTE).splitlines()
    assert [line.split(" ")[0] for line in lines[:3]] == ["::error", "::warning", "::notice"]


def test_nothing_in_a_finding_can_end_its_annotation() -> None:
    finding = Finding(f"s/{NASTY}.avsc", "NAMING", NASTY, 1, 1, fix=NASTY)
    line, _ = shown("github", finding).split("\n", 1)
    properties, message = re.fullmatch(r"::error (.*?)::(.*)", line, re.DOTALL).groups()  # type: ignore[union-attr]
    assert [each.split("=")[0] for each in properties.split(",")] == [
        "file",
        "line",
        "col",
        "title",
    ]
    assert unquote(message).split("\nfix: ")[0].encode("utf-8", "replace") == NASTY.encode(
        "utf-8", "replace"
    )


def test_github_is_told_what_was_not_compared() -> None:
    judged = Case(Path("s"), {PATH: b"{}"}, Base(note="No git history here."))
    assert "::notice::No git history here.\n" in shown("github", of=judged)


def test_sarif_is_one_run_of_the_version_that_code_hosts_read() -> None:
    log = sarif(BREAK, WHOLE, WARNING, NOTE)
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    assert log["$schema"].endswith("sarif-2.1.0.json")
    driver = log["runs"][0]["tool"]["driver"]
    assert driver["name"] == "check-schemas"
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", driver["semanticVersion"])


def test_sarif_results_point_into_the_rules_that_the_run_declares() -> None:
    run = sarif(BREAK, WHOLE, WARNING, NOTE)["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert len({each["id"] for each in rules}) == len(rules) == 4
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
    assert [each["level"] for each in run["results"]] == ["error", "error", "warning", "note"]


@pytest.mark.parametrize("name", RULEBOOK)
def test_sarif_says_of_each_rule_what_it_asks_and_where_its_page_is(name: str) -> None:
    (rule,) = sarif(Finding("f", name, "Why."))["runs"][0]["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"] == RULEBOOK[name].summary
    page = urlsplit(rule["helpUri"])
    assert page.scheme in ("file", "https")
    assert page.path.endswith(f"docs/rules/{name}.md")


def test_sarif_in_a_workflow_of_github_names_the_page_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://example.org")
    monkeypatch.setenv("GITHUB_REPOSITORY", "shop/schemas")
    monkeypatch.setenv("GITHUB_SHA", "abc")
    (rule,) = sarif(BREAK)["runs"][0]["tool"]["driver"]["rules"]
    page = "https://example.org/shop/schemas/blob/abc/docs/rules/TYPE_MISMATCH.md"
    assert rule["helpUri"] == page


def test_sarif_regions_count_from_1_and_are_absent_where_the_whole_file_is_meant() -> None:
    first, second = (
        each["locations"][0]["physicalLocation"]
        for each in sarif(BREAK, WHOLE)["runs"][0]["results"]
    )
    assert first["region"] == {"startLine": 3, "startColumn": 5, "endColumn": 9}
    assert second == {"artifactLocation": {"uri": "s/shop/line/v1.avsc"}}


@pytest.mark.parametrize("file", ["s/a b.avsc", "s/ü#1?.avsc", "s/\udcff.avsc", "s/a:b.avsc"])
def test_sarif_paths_are_uris(file: str) -> None:
    result = sarif(Finding(file, "NAMING", "Why."))["runs"][0]["results"][0]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"[A-Za-z0-9/._~%-]+", uri)
    assert unquote(uri, errors="surrogateescape") == file


def test_junit_has_a_case_for_each_schema_and_fails_those_with_errors() -> None:
    judged = case({PATH: "{}", "shop/till/v1.avsc": "{}", "registry.toml": ""}, {})
    suite = ET.fromstring(shown("junit", BREAK, WHOLE, of=judged))  # noqa: S314 our own text
    cases = {f"{each.get('classname')}/{each.get('name')}": each for each in suite}
    assert cases.keys() == {"s/shop/line/v1.avsc", f"s/{PATH}", "s/shop/till/v1.avsc"}
    assert (suite.get("tests"), suite.get("failures"), suite.get("time")) == ("3", "2", "0.250")
    failure = cases[f"s/{PATH}"].find("failure")
    assert failure is not None
    assert failure.get("type") == "TYPE_MISMATCH"
    assert failure.get("message") == "backward: a service on v2 cannot read."
    assert "fix: keep the type" in str(failure.text)
    assert list(cases["s/shop/till/v1.avsc"]) == []


def test_junit_fails_nothing_for_a_warning_and_shows_it() -> None:
    suite = ET.fromstring(shown("junit", WARNING, NOTE))  # noqa: S314 our own text
    assert suite.get("failures") == "0"
    assert "NAMING (warning)" in str(suite.findtext("testcase/system-out"))


def test_junit_is_xml_whatever_a_finding_says() -> None:
    finding = Finding(f"s/{NASTY}.avsc", "NAMING", NASTY, 1, 1, fix=NASTY)
    suite = ET.fromstring(shown("junit", finding))  # noqa: S314 our own text
    assert "<&>" in str(suite.findtext("testcase/failure"))
