"""Breaks that are meant, and compatibility levels that are lowered."""

import pytest

from registry import Compatibility
from registry.source import JSON
from tests.tools.trees import case, record
from tools.finding import Finding
from tools.rules.breaking import breaking_changes
from tools.rules.files import problems
from tools.rules.waived import LOWERED, lowered_levels, unused_waivers

ID: dict[str, JSON] = {"name": "id", "type": "long"}
NOTE: dict[str, JSON] = {"name": "note", "type": "string"}
RULE = "READER_FIELD_MISSING_DEFAULT_VALUE"
SETTINGS = "shop/order/subject.toml"
LEVELS = list(Compatibility)


def history(*versions: str, settings: str = "", tree: str = "") -> dict[str, str]:
    """Return the files of shop.Order in these versions."""
    texts = {f"shop/order/v{i}.avsc": text for i, text in enumerate(versions, start=1)}
    return {**texts, SETTINGS: settings, "registry.toml": tree}


def order(*fields: dict[str, JSON]) -> str:
    return record("shop.Order", *fields)


def waiver(rule: str = RULE, version: int = 2, why: str = "Nobody reads it.") -> str:
    return f'[[waivers]]\nrule = "{rule}"\nversion = {version}\nwhy = "{why}"\n'


def unused(texts: dict[str, str]) -> list[str]:
    return [each.message for each in unused_waivers(case(texts))]


def broken(texts: dict[str, str]) -> list[str]:
    return [each.message.split("\n")[0] for each in breaking_changes(case(texts))]


def lowered(texts: dict[str, str], released: dict[str, str]) -> list[Finding]:
    return list(lowered_levels(case(texts, released)))


def test_a_waiver_covers_every_pair_that_spans_its_version() -> None:
    versions = (
        order(ID),
        order(ID, NOTE),
        order(ID, NOTE, {"name": "x", "type": ["null", "int"], "default": None}),
    )
    assert len(broken(history(*versions))) == 2
    assert broken(history(*versions, settings=waiver(version=2))) == []


@pytest.mark.parametrize("version", [1, 3])
def test_a_waiver_covers_no_pair_beside_its_version(version: int) -> None:
    texts = history(order(ID), order(ID, NOTE), settings=waiver(version=version))
    assert len(broken(texts)) == 1
    assert unused(texts) == [f"Nothing breaks {RULE} across v{version}: the waiver waives nothing."]


def test_a_waiver_covers_its_rule_only() -> None:
    texts = history(order(ID), order(ID, NOTE), settings=waiver("TYPE_MISMATCH"))
    assert len(broken(texts)) == 1
    assert len(unused(texts)) == 1


def test_a_direction_that_is_waived_is_not_called_fine() -> None:
    texts = history(order(ID, NOTE), order({**ID, "type": "int"}), settings=waiver())
    (found,) = breaking_changes(case(texts))
    assert found.message.startswith("backward:")
    assert "ok" not in found.message


def test_a_waiver_that_waives_something_is_no_finding() -> None:
    assert unused(history(order(ID), order(ID, NOTE), settings=waiver())) == []


def test_an_unused_waiver_is_found_at_its_own_line() -> None:
    texts = history(order(ID), order(ID, NOTE), settings=waiver() + "\n" + waiver("TYPE_MISMATCH"))
    (found,) = unused_waivers(case(texts))
    assert (found.file, found.line) == (f"s/{SETTINGS}", 6)


def test_a_waiver_of_what_cannot_be_waived_is_offered_what_can() -> None:
    (found,) = unused_waivers(case(history(order(ID), settings=waiver("TYPE_MISMACH"))))
    assert found.message == "'TYPE_MISMACH' is no rule that can be waived here."
    assert found.fix == "Did you mean 'TYPE_MISMATCH'?"


@pytest.mark.parametrize(
    "settings",
    [
        waiver(why=" "),
        '[[waivers]]\nrule = "TYPE_MISMATCH"\nversion = 2\n',
        '[[waivers]]\nversion = 2\nwhy = "Because."\n',
        waiver().replace("2", "'2'"),
        waiver().replace("2", "-1"),
        waiver() + "until = 3\n",
        "waivers = 3",
    ],
)
def test_a_waiver_that_is_not_whole_is_found(settings: str) -> None:
    (found,) = problems(case(history(order(ID), settings=settings)))
    assert (found.file, found.rule) == (f"s/{SETTINGS}", "INVALID_SETTING")


@pytest.mark.parametrize("now", LEVELS)
@pytest.mark.parametrize("before", LEVELS)
def test_a_level_is_lowered_where_it_checks_less_than_before(
    before: Compatibility, now: Compatibility
) -> None:
    released, texts = (
        history(order(ID), settings=f'compatibility = "{each}"') for each in (before, now)
    )
    less = (
        before.backward > now.backward
        or before.forward > now.forward
        or before.transitive > now.transitive
    )
    assert len(lowered(texts, released)) == less


def test_a_lowered_level_says_what_is_no_longer_checked_and_where() -> None:
    texts = history(order(ID), settings='owner = "a"\ncompatibility = "BACKWARD"')
    (found,) = lowered(texts, history(order(ID)))
    assert (found.file, found.line, found.rule) == (f"s/{SETTINGS}", 2, LOWERED)
    assert "The level of shop.Order is FULL_TRANSITIVE on main, and BACKWARD here." in found.message
    assert "services on older versions read the data of a new one" in found.message
    assert "./invoke schemas.accept LOWERED_LEVEL shop.Order/1" in found.fix


def test_a_waiver_that_is_merged_accepts_no_further_lowering() -> None:
    released = f'compatibility = "BACKWARD"\n{waiver(LOWERED, 1)}'
    now = released.replace("BACKWARD", "NONE")
    assert (
        len(lowered(history(order(ID), settings=now), history(order(ID), settings=released))) == 1
    )
    again = f"{now}{waiver(LOWERED, 1, why='Nobody reads it at all.')}"
    texts = history(order(ID), settings=again)
    assert lowered(texts, history(order(ID), settings=released)) == []
    assert unused(texts) == []


def test_a_waiver_of_the_tree_that_is_merged_accepts_no_further_lowering() -> None:
    released = f'compatibility = "FULL"\n[[waivers]]\nrule = "{LOWERED}"\nwhy = "It will do."\n'
    now = history(order(ID), tree=released.replace("FULL", "NONE"))
    (found,) = lowered(now, history(order(ID), tree=released))
    assert found.file == "s/registry.toml"


def test_a_subject_that_follows_a_lowered_default_is_no_finding_of_its_own() -> None:
    tree = f'compatibility = "NONE"\n[[waivers]]\nrule = "{LOWERED}"\nwhy = "Only logs."\n'
    texts = history(order(ID), settings='owner = "shop"', tree=tree)
    assert lowered(texts, history(order(ID))) == []
    own = history(order(ID), settings='compatibility = "NONE"', tree=tree)
    assert [each.file for each in lowered(own, history(order(ID)))] == [f"s/{SETTINGS}"]


def test_a_subject_that_gives_up_its_own_level_for_a_default_that_rose_is_not_lowered() -> None:
    released = history(order(ID), settings='compatibility = "FULL"', tree='compatibility = "NONE"')
    assert lowered(history(order(ID), tree='compatibility = "FULL"'), released) == []


def test_a_lowered_level_with_a_waiver_is_accepted_and_the_waiver_stays_used() -> None:
    level = 'compatibility = "BACKWARD"\n'
    texts = history(order(ID), settings=level + waiver(LOWERED, 1))
    assert lowered(texts, history(order(ID))) == []
    assert unused(texts) == []
    assert lowered(texts, texts) == []


def test_a_waiver_of_a_level_that_is_not_low_is_unused() -> None:
    assert len(unused(history(order(ID), settings=waiver(LOWERED, 1)))) == 1


def test_a_subject_that_loses_its_own_higher_level_is_lowered() -> None:
    tree = 'compatibility = "BACKWARD"'
    released = history(order(ID), settings='compatibility = "FULL"', tree=tree)
    assert len(lowered(history(order(ID), tree=tree), released)) == 1


def test_a_new_subject_may_begin_with_a_lower_level() -> None:
    texts = history(order(ID), settings='compatibility = "NONE"')
    assert lowered(texts, {"registry.toml": ""}) == []


def test_the_default_of_the_tree_is_lowered_in_one_finding() -> None:
    tree = '# words\ncompatibility = "BACKWARD"\n'
    (found,) = lowered(history(order(ID), tree=tree), history(order(ID)))
    assert (found.file, found.line) == ("s/registry.toml", 2)
    accepted = tree + f'[[waivers]]\nrule = "{LOWERED}"\nwhy = "We deploy readers first."\n'
    texts = history(order(ID), tree=accepted)
    assert lowered(texts, history(order(ID))) == []
    assert unused(texts) == []


def test_a_waiver_of_the_tree_is_about_its_level_only() -> None:
    tree = f'[[waivers]]\nrule = "{RULE}"\nwhy = "Because."\n'
    assert len(unused(history(order(ID), tree=tree))) == 1
    assert len(broken(history(order(ID), order(ID, NOTE), tree=tree))) == 1


def test_without_a_base_no_level_is_lowered() -> None:
    texts = history(order(ID), settings='compatibility = "NONE"')
    assert list(lowered_levels(case(texts))) == []
