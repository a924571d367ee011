"""The text of an adopted schema: what is added or replaced, and that nothing else is."""

import json
from typing import Final

import pytest

from registry.subjects import Reference
from tools.adoption.edits import extracted, pinned, replaced

ONE: Final = [Reference("shop.Line", 3)]
MANY: Final = [Reference(f"shop.warehouse.Shelf{number}", number) for number in (1, 2, 3)]
PIN: Final = '"references": [{"name": "shop.Line", "version": 3}],'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"name": "A", "fields": []}', f'{{"name": "A", {PIN} "fields": []}}'),
        ('{"fields": [], "name": "A"}', f'{{{PIN} "fields": [], "name": "A"}}'),
        ('{\n  "fields": [],\n  "b": 1}', f'{{\n  {PIN}\n  "fields": [],\n  "b": 1}}'),
        ('{\n\t"doc": "é",\n\t"fields": []\n}', f'{{\n\t"doc": "é",\n\t{PIN}\n\t"fields": []\n}}'),
        ('{\r\n "fields": []\r\n}\r\n', f'{{\r\n {PIN}\r\n "fields": []\r\n}}\r\n'),
        ('{\n"fields": []}', f'{{\n{PIN} "fields": []}}'),
        (
            '{"doc": "\\"fields\\": {", "fields" : []}',
            f'{{"doc": "\\"fields\\": {{", {PIN} "fields" : []}}',
        ),
    ],
)
def test_pins_stand_before_the_fields_in_the_layout_of_the_text(text: str, expected: str) -> None:
    assert pinned(text, ONE) == expected
    assert json.loads(expected)["references"] == [{"name": "shop.Line", "version": 3}]


def test_pins_that_fit_no_line_stand_on_lines_of_their_own() -> None:
    assert pinned('{\r\n\t"fields": []\r\n}', MANY).split("\r\n") == [
        "{",
        '\t"references": [',
        '\t\t{"name": "shop.warehouse.Shelf1", "version": 1},',
        '\t\t{"name": "shop.warehouse.Shelf2", "version": 2},',
        '\t\t{"name": "shop.warehouse.Shelf3", "version": 3}',
        "\t],",
        '\t"fields": []',
        "}",
    ]


def test_a_text_without_references_stays_as_it_is() -> None:
    assert pinned('{"type": "enum"}', []) == '{"type": "enum"}'


def test_strings_are_replaced_at_their_places_only() -> None:
    text = '[ "a.x",\n  "a.x", {"a.x": "a.x" } ]'
    values = {"/0": "longer", "/2/a.x": "s"}
    assert replaced(text, values) == '[ "longer",\n  "a.x", {"a.x": "s" } ]'


def test_a_part_becomes_a_file_with_its_own_layout() -> None:
    text = '[1,\n  {"a":\n\t[{}, "]"]}, 2]'
    assert extracted(text, "/1") == '{"a":\n\t[{}, "]"]}\n'
