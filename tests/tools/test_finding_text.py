"""The text of a finding: place, source line, caret, reason, fix."""

import pytest

from tools.faces.text import as_text
from tools.finding import Finding, Severity


def found(line: int = 1, column: int = 1, message: str = "Why.", fix: str = "") -> Finding:
    return Finding("a.avsc", "RULE", message, line, column, fix=fix)


def test_the_caret_is_under_the_word_that_begins_at_the_column() -> None:
    text = as_text(found(2, 11, fix="one\n two"), '{\n  "name": "floor"\n}\n')
    assert text.split("\n") == [
        "a.avsc:2:11: RULE",
        '    2 |   "name": "floor"',
        "      |           ^^^^^^^",
        "  Why.",
        "  fix: one",
        "        two",
    ]


def test_the_carets_end_where_the_finding_does() -> None:
    _, _, caret, _ = as_text(
        Finding("a.avsc", "RULE", "Why.", 1, 2, end_column=5), "abcdefg"
    ).split("\n")
    assert caret == "      |  ^^^"


def test_the_caret_stands_under_what_follows_wide_and_combining_characters() -> None:
    line = '"部屋e\u0301": 5'
    _, _, caret, _ = as_text(found(1, line.index("5") + 1), line).split("\n")
    columns = len('"') + 2 * len("部屋") + len("e") + len('": ')
    assert caret == f"      | {' ' * columns}^"


def test_wide_characters_have_carets_as_wide() -> None:
    _, _, caret, _ = as_text(found(1, 1), '"部屋"').split("\n")
    assert caret == "      | ^^^^^^"


def test_those_affected_are_named_and_many_are_counted() -> None:
    users = tuple(f"api.py:{i} uses shop.Order/1" for i in range(20))
    lines = as_text(Finding("a.avsc", "RULE", "Why.", affected=users)).split("\n")
    assert lines[2] == "  affects: api.py:0 uses shop.Order/1"
    assert lines[3] == "           api.py:1 uses shop.Order/1"
    assert lines[-1] == "           and 12 more"


def test_a_name_with_control_characters_is_shown_without_them() -> None:
    text = as_text(Finding("a\x1b[2J\n.avsc", "RULE", "A \x07 bell.", fix="\x1b[0m"))
    assert text.split("\n") == ["a?[2J?.avsc: RULE", "  A ? bell.", "  fix: ?[0m"]


def test_a_tab_is_as_wide_in_the_caret_line_as_in_the_source_line() -> None:
    _, source, caret, _ = as_text(found(1, 2), '\t{"a": 1}').split("\n")
    assert source.index("{") == caret.index("^")


def test_of_a_long_line_the_surroundings_are_shown() -> None:
    line = "[" + "1, " * 400 + '"here", ' + "2, " * 400 + "]"
    _, source, caret, _ = as_text(found(1, line.index('"here"') + 1), line).split("\n")
    assert len(source) < 120
    assert source[caret.index("^") : caret.rindex("^") + 1] == '"here"'


def test_a_control_character_of_a_file_does_not_reach_the_terminal() -> None:
    assert "\x1b" not in as_text(found(), '"\x1b[2J"')


def test_a_finding_without_a_line_names_the_file_only() -> None:
    assert as_text(found(0, 0), "text") == "a.avsc: RULE\n  Why."


@pytest.mark.parametrize(("line", "column"), [(9, 1), (1, 99)])
def test_a_place_beyond_the_text_is_no_error(line: int, column: int) -> None:
    assert as_text(found(line, column), "text").startswith(f"a.avsc:{line}:{column}: RULE")


def test_colour_is_only_there_when_asked_for() -> None:
    warning = Finding("a.avsc", "RULE", "Why.", severity=Severity.WARNING)
    assert "\x1b[" not in as_text(warning)
    assert "\x1b[1;33mRULE\x1b[0m (warning)" in as_text(warning, colour=True)


def test_generated_files_come_after_the_schemas_that_they_follow_from() -> None:
    stale, broken = (Finding(file, "RULE", "Why.") for file in ("records/v1.py", "schemas/v1.avsc"))
    assert sorted([stale, broken], key=lambda each: each.place) == [broken, stale]
