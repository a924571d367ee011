"""The comment on a pull request: what changes, who can read whom, what is wrong."""

from pathlib import Path

import pytest

from registry.source import JSON
from tests.tools.trees import case, record
from tools.case import Case
from tools.faces import FACES
from tools.finding import Finding, Severity
from tools.gate import judge
from tools.git import Base
from tools.report import Report

ID: dict[str, JSON] = {"name": "id", "doc": "The id.", "type": "long"}
NOTE: dict[str, JSON] = {"name": "note", "doc": "A note.", "type": "string"}
OLD = {"shop/order/v1.avsc": record("shop.Order", ID, doc="An order.")}
BROKEN = {**OLD, "shop/order/v2.avsc": record("shop.Order", ID, NOTE, doc="An order.")}
FINE = {
    **OLD,
    "shop/order/v2.avsc": record("shop.Order", ID, {**NOTE, "default": ""}, doc="An order."),
}


def comment(of: Case, *findings: Finding) -> str:
    return FACES["markdown"](Report(case=of, findings=findings or judge(of)))


def test_the_verdict_comes_first() -> None:
    assert comment(case(BROKEN, OLD)).startswith("### ❌ check-schemas: 1 error in 2 schemas.\n")
    assert comment(case(FINE, OLD)).startswith("### ✅ check-schemas: 2 versions of 1 subject")


def test_a_new_version_is_described_by_what_it_changes() -> None:
    text = comment(case(FINE, OLD))
    assert "#### `shop.Order`" in text
    assert '- v2: `note: added, string, default ""`' in text


def test_a_table_says_who_can_read_whom() -> None:
    lines = comment(case(BROKEN, OLD)).split("\n")
    start = lines.index("| written by | v1 | v2 |")
    assert lines[start : start + 4] == [
        "| written by | v1 | v2 |",
        "|---|:-:|:-:|",
        "| v1 reads | yes | yes |",
        "| v2 reads | **no** | yes |",
    ]


def test_a_first_version_has_no_table() -> None:
    text = comment(case(OLD, {"registry.toml": ""}))
    assert "- v1 is its first version" in text
    assert "written by" not in text


def test_what_the_branch_does_not_touch_is_not_shown() -> None:
    assert "shop.Order" not in comment(case(BROKEN, BROKEN), Finding("f", "NAMING", "Why."))


def test_a_finding_is_shown_as_in_a_terminal() -> None:
    text = comment(case(BROKEN, OLD))
    assert "```text\ns/shop/order/v2.avsc:8:14: READER_FIELD_MISSING_DEFAULT_VALUE\n" in text


def test_what_fails_nothing_is_folded_away() -> None:
    warning = Finding("f", "NAMING", "Why.", severity=Severity.WARNING)
    _, folded = comment(case(OLD, OLD), warning).split("<details><summary>1 more")
    assert "NAMING (warning)" in folded.split("</details>")[0]


def test_a_waiver_that_the_branch_adds_is_shown_with_its_reason() -> None:
    rule = "READER_FIELD_MISSING_DEFAULT_VALUE"
    waiver = f'[[waivers]]\nrule = "{rule}"\nversion = 2\nwhy = "Nobody <reads> it."\n'
    accepted = {**BROKEN, "shop/order/subject.toml": waiver}
    line = f"- accepted at `shop.Order/2`: `{rule}`, because `Nobody <reads> it.`"
    assert line in comment(case(accepted, OLD))
    assert line not in comment(case(accepted, accepted))


def test_without_a_base_the_comment_says_so() -> None:
    judged = Case(Path("s"), {path: text.encode() for path, text in OLD.items()}, Base(note="Why."))
    assert "\n\nWhy.\n" in comment(judged)


@pytest.mark.parametrize("words", ["`` ` ```", "</details>", "@everyone", "a\n\n# Head", "a | b"])
def test_nothing_in_a_schema_can_leave_its_place(words: str) -> None:
    texts = {**OLD, "shop/order/v2.avsc": record("shop.Order", ID, doc=words)}
    text = comment(case(texts, OLD))
    (line,) = [each for each in text.split("\n") if each.startswith("- v2:")]
    code = line.removeprefix("- v2: ")
    fence = code[: len(code) - len(code.lstrip("`"))]
    assert fence
    assert code.endswith(fence)
    assert fence not in code.removeprefix(fence).removesuffix(fence).strip()


def test_a_fence_is_longer_than_any_in_the_text() -> None:
    text = comment(case(OLD, OLD), Finding("f", "NAMING", "````\n# out"))
    assert "`````text\n" in text


def test_a_comment_is_never_longer_than_github_takes() -> None:
    findings = [Finding(f"f{i}", "NAMING", "Why. " * 50) for i in range(1_000)]
    text = comment(case(OLD, OLD), *findings)
    assert len(text) < 65_536
    assert text.endswith("*There is more: `./invoke check-schemas` shows it.*\n")
