"""How bad a finding is: the rulebook says it, and the settings of a tree may say otherwise."""

import pytest

from tests.tools.trees import case, record
from tools.finding import Severity
from tools.gate import judge
from tools.rulebook import RULEBOOK

PATH = "shop/order/v1.avsc"
ORDER = record("shop.Order", {"name": "id", "doc": "The id.", "type": "long"})


def graded(setting: str, text: str = ORDER) -> list[tuple[str, Severity]]:
    """Return rule and severity of the findings on a version, under a line of [severities]."""
    texts = {PATH: text, "registry.toml": f"[severities]\n{setting}\n"}
    return [(each.rule, each.severity) for each in judge(case(texts))]


def test_without_a_setting_the_rulebook_says_how_bad_it_is() -> None:
    assert graded("") == [("MISSING_DOC", RULEBOOK["MISSING_DOC"].severity)]


@pytest.mark.parametrize("severity", list(Severity))
def test_the_tree_may_say_how_bad_a_finding_is(severity: Severity) -> None:
    assert graded(f'MISSING_DOC = "{severity}"') == [("MISSING_DOC", severity)]


def test_the_tree_may_turn_a_rule_off() -> None:
    assert graded('MISSING_DOC = "off"') == []


def test_a_rule_that_does_not_exist_is_found_with_what_may_be_meant() -> None:
    texts = {PATH: ORDER, "registry.toml": '# words\n[severities]\nMISING_DOC = "off"\n'}
    found = [each for each in judge(case(texts)) if each.rule == "INVALID_SETTING"]
    assert [(each.file, each.line, each.fix) for each in found] == [
        ("s/registry.toml", 3, "Did you mean 'MISSING_DOC'?")
    ]


@pytest.mark.parametrize("severity", ["off", "warning"])
def test_what_protects_readers_of_data_is_always_an_error(severity: str) -> None:
    found = graded(f'INVALID_SCHEMA = "{severity}"', "{")
    assert ("INVALID_SCHEMA", Severity.ERROR) in found
    assert ("INVALID_SETTING", Severity.ERROR) in found


@pytest.mark.parametrize("value", ['"loud"', "1", "[]"])
def test_each_severity_that_is_none_is_found_at_its_row(value: str) -> None:
    rows = f'# words\n[severities]\nNAMING = {value}\nMISING_DOC = "off"\nMISSING_DOC = {value}\n'
    found = judge(case({PATH: ORDER, "registry.toml": rows}))
    assert [(each.line, each.message) for each in found if each.rule == "INVALID_SETTING"] == [
        (3, "A severity is error, warning, info or off."),
        (4, "There is no rule 'MISING_DOC'."),
        (5, "A severity is error, warning, info or off."),
    ]
