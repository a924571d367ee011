"""The pages of docs/rules are true: their examples are judged by the gate."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.pages import FOLDER, SHOWN, findings, page
from tools import explain
from tools.rulebook import RULEBOOK

ABOUT_MODULES = "FRESHNESS"  # what is better than its example is a command
RECORDS = Path("registry/records")
HEADINGS = ["Why", "Example", "Better", "Exceptions"]


def test_there_is_a_page_for_every_rule_and_for_nothing_else() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == RULEBOOK.keys()


@pytest.mark.parametrize("rule", RULEBOOK)
def test_a_page_says_what_the_rulebook_says_and_why_and_what_to_do(rule: str) -> None:
    title, summary = page(rule).split("\n\n")[:2]
    assert (title, summary) == (f"# {rule}", RULEBOOK[rule].summary)
    assert re.findall(r"^## (.*)$", page(rule), re.MULTILINE) == HEADINGS


@pytest.mark.parametrize("rule", RULEBOOK)
def test_the_bad_example_is_refused_by_its_rule_alone_in_the_words_of_the_page(
    rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where no records are generated
    found = findings(page(rule), "bad", RECORDS if rule == ABOUT_MODULES else None)
    said = "\n\n".join(text for _, text in found) + "\n"
    if os.environ.get("RENEW_GOLDEN"):
        renewed = SHOWN.sub(lambda _: f"```text\n{said}```", page(rule))
        (FOLDER / f"{rule}.md").write_text(renewed, encoding="utf-8")
    assert {name for name, _ in found} == {rule}
    assert SHOWN.findall(page(rule)) == [said]


@pytest.mark.parametrize("rule", sorted(RULEBOOK.keys() - {ABOUT_MODULES}))
def test_the_better_example_is_found_in_order(rule: str) -> None:
    assert findings(page(rule), "good") == []


def test_the_command_finds_the_pages() -> None:
    program = Path(sys.executable).with_name("invoke")
    words = [str(program), f"--search-root={FOLDER.parents[1]}", "schemas.explain", "NAMING"]
    assert subprocess.run(words, check=True, text=True, capture_output=True).stdout == page(
        "NAMING"
    )


def test_explain_prints_the_page_of_a_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain.main("missing-doc", FOLDER) == 0
    assert capsys.readouterr().out == page("MISSING_DOC")


def test_explain_offers_the_nearest_of_all_rules_for_one_that_is_not_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert explain.main("NAMNG", FOLDER) == 2
    said = capsys.readouterr().err
    assert said.startswith("schemas.explain: There is no rule 'NAMNG'. Did you mean 'NAMING'?\n")
    assert [line.split()[0] for line in said.splitlines()[2:]] == list(RULEBOOK)
