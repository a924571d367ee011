"""JSON text: what is refused, and where things stand in it."""

import json

import pytest

from registry.errors import InvalidSchema
from registry.limits import Limits
from registry.source import Span, load, locate, locate_all, plain

TEXT = """{
  "name": "a",
  "list": [1, {"x/y": "~"}],
  "empty": {}
}"""


@pytest.mark.parametrize(
    ("pointer", "span"),
    [
        ("", Span(1, 1, 1, 2)),
        ("/name", Span(2, 11, 2, 14)),
        ("/name#", Span(2, 3, 2, 9)),
        ("/list", Span(3, 11, 3, 12)),
        ("/list/0", Span(3, 12, 3, 13)),
        ("/list/1", Span(3, 15, 3, 16)),
        ("/list/1/x~1y", Span(3, 23, 3, 26)),
        ("/empty", Span(4, 12, 4, 13)),
        ("/list/7", Span(3, 11, 3, 12)),
        ("/name/deeper/still", Span(2, 11, 2, 14)),
        ("/nothing", Span(1, 1, 1, 2)),
    ],
)
def test_a_pointer_is_located_or_the_nearest_value_around_it(pointer: str, span: Span) -> None:
    assert locate(TEXT, pointer) == span
    assert locate(TEXT.encode(), pointer) == span


def test_many_pointers_are_located_in_their_order() -> None:
    pointers = ["/list/1/x~1y", "", "/name", "/name"]
    assert list(locate_all(TEXT, pointers)) == [locate(TEXT, each) for each in pointers]


def test_columns_count_characters_and_not_bytes() -> None:
    assert locate('{"é€😀": "x"}'.encode(), "/é€😀") == Span(1, 9, 1, 12)


def test_lines_may_end_as_on_windows() -> None:
    assert locate('{\r\n"a":\r\n1}', "/a") == Span(3, 1, 3, 2)


@pytest.mark.parametrize(
    ("text", "line", "column", "word"),
    [
        ("", 1, 1, "not JSON"),
        ("{\n  'a': 1}", 2, 3, "not JSON"),
        ('{"a": 1,}', 1, 9, "not JSON"),
        ('{"a": "b\nc"}', 1, 9, "not JSON"),
        ('"a" "b"', 1, 5, "not JSON"),
        ('{"a": 1,\n "b": {"a": 2, "a": 3}}', 2, 16, "'a' stands twice"),
        ('{"a": 1, "\\u0061": 2}', 1, 10, "'a' stands twice"),
        ('[{"a": 1}, {"a": 1}, {"": {"": 1, "": 2}}]', 1, 35, "'' stands twice"),
        ('["x",\n NaN]', 2, 2, "no such number"),
        ("[1, -Infinity]", 1, 5, "no such number"),
        ("[1, 1e400]", 1, 5, "none so large"),
        ("[" + "9" * 5000 + "]", 1, 2, "none so large"),
        ('["ok",\n "\\ud800"]', 2, 2, "surrogate"),
        ('["\\udc00\\ud800"]', 1, 2, "surrogate"),
        ('["ok", "\ud800"]', 1, 8, "surrogate"),
        ("\ufeff{}", 1, 1, "byte order mark"),
        (b"\xef\xbb\xbf{}", 1, 1, "byte order mark"),
        (b'{"a":\n "\xc3\xa9\xff"}', 2, 4, "UTF-8"),
        (b"\xff\xfe{\x00}\x00", 1, 1, "UTF-8"),
        ("[" * 100_000 + "]" * 100_000, 1, 1, "nested too deeply"),
        ('{"a":' * 100_000, 1, 1, "nested too deeply"),
    ],
)
def test_what_is_not_strict_json_is_refused_where_it_stands(
    text: str | bytes, line: int, column: int, word: str
) -> None:
    with pytest.raises(InvalidSchema, match=word) as caught:
        load(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_text_over_the_limit_is_refused_unread() -> None:
    assert load('"abc"', Limits(schema_bytes=5)) == "abc"
    with pytest.raises(InvalidSchema, match="longer than 5 bytes"):
        load('"abcd"', Limits(schema_bytes=5))


@pytest.mark.parametrize(
    "text", ['"\\ud83d\\ude00"', '"😀"', '"\\\\ud800"', '"a\\"b\\\\"', "1E5", "-0"]
)
def test_what_only_looks_suspicious_is_accepted(text: str) -> None:
    assert load(text) == json.loads(text)


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), "\ud800", {"a": {1, 2}}, object(), ["\udfff"]]
)
def test_a_value_that_json_cannot_hold_is_refused_without_a_place(value: object) -> None:
    with pytest.raises(InvalidSchema) as caught:
        plain(value)  # type: ignore[arg-type]
    assert (caught.value.line, caught.value.column) == (0, 0)


def test_a_value_that_holds_itself_is_refused() -> None:
    value: list[object] = []
    value.append(value)
    with pytest.raises(InvalidSchema):
        plain(value)  # type: ignore[arg-type]
