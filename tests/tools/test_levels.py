"""The seven levels: which of them refuses which history."""

from collections.abc import Mapping

import pytest

from registry.source import JSON
from tests.tools.trees import case, record
from tools.rules.breaking import breaking_changes

Fields = list[dict[str, JSON]]

ID: dict[str, JSON] = {"name": "id", "type": "long"}
NOTE: dict[str, JSON] = {"name": "note", "type": "string"}
OPTIONAL: dict[str, JSON] = {**NOTE, "default": ""}

HISTORIES: Mapping[str, list[Fields]] = {
    "adds a required field": [[ID], [ID, NOTE]],
    "adds it in two steps": [[ID], [ID, OPTIONAL], [ID, NOTE]],
    "removes a required field": [[ID, NOTE], [ID]],
    "removes it in two steps": [[ID, NOTE], [ID, OPTIONAL], [ID]],
    "narrows a type": [[{**ID, "type": "long"}], [{**ID, "type": "int"}]],
    "widens a type": [[{**ID, "type": "int"}], [{**ID, "type": "long"}]],
    "changes a type": [[{**ID, "type": "int"}], [{**ID, "type": "string"}]],
    "adds an optional field": [[ID], [ID, OPTIONAL]],
}
REFUSED = """
                          NONE  BACKWARD  BACKWARD_T  FORWARD  FORWARD_T  FULL  FULL_T
adds a required field     -     b         b           -        -          b     b
adds it in two steps      -     -         b           -        -          -     b
removes a required field  -     -         -           f        f          f     f
removes it in two steps   -     -         -           -        f          -     f
narrows a type            -     b         b           -        -          b     b
widens a type             -     -         -           f        f          f     f
changes a type            -     b         b           f        f          bf    bf
adds an optional field    -     -         -           -        -          -     -
"""
HEAD, *ROWS = REFUSED.strip("\n").split("\n")
LEVELS = [each.replace("_T", "_TRANSITIVE") for each in HEAD.split()]
TABLE = [
    (name, level, cell.replace("-", ""))
    for name, row in ((row[:26].strip(), row[26:].split()) for row in ROWS)
    for level, cell in zip(LEVELS, row, strict=True)
]


@pytest.mark.parametrize(("history", "level", "directions"), TABLE)
def test_each_level_refuses_the_histories_of_the_table(
    history: str, level: str, directions: str
) -> None:
    texts = {
        f"shop/order/v{number}.avsc": record("shop.Order", *fields)
        for number, fields in enumerate(HISTORIES[history], start=1)
    }
    texts["shop/order/subject.toml"] = f'compatibility = "{level}"'
    found = [each.message[0] for each in breaking_changes(case(texts))]
    assert sorted(found) == sorted(directions)


def test_the_table_has_every_history_at_every_level() -> None:
    assert len(TABLE) == len(HISTORIES) * 7
