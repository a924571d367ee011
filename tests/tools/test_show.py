"""`schemas.show`: one version, as it is or self-contained."""

import json
from pathlib import Path

import pytest

from registry.canonical import full_text
from registry.parsing import parse
from tests.tools.trees import record, write
from tools import show

LINE = record("shop.Line", {"name": "id", "type": "long"})
ORDER = record(
    "shop.Order",
    {"name": "first", "type": "Line"},
    {"name": "second", "type": ["null", "Line"], "doc": "Ünique.", "default": None},
    references=[{"name": "shop.Line", "version": 1}],
)


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    texts = {
        "shop/line/v1.avsc": LINE,
        "shop/order/v1.avsc": record("shop.Order"),
        "shop/order/v2.avsc": ORDER,
    }
    return write(tmp_path / "schemas", texts)


@pytest.mark.parametrize("name", ["shop.Order/2", "shop.Order"])
def test_a_version_is_printed_letter_by_letter(
    name: str, schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show.main(name, schemas) == 0
    assert capsys.readouterr().out == ORDER


def test_inline_the_types_it_refers_to_are_inside_and_the_pins_gone(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show.main("shop.Order/2", schemas, inline=True) == 0
    text = capsys.readouterr().out
    assert json.loads(text)["fields"] == [
        {
            "name": "first",
            "type": {
                "type": "record",
                "name": "Line",
                "fields": [{"name": "id", "type": "long"}],
            },
        },
        {"name": "second", "type": ["null", "Line"], "doc": "Ünique.", "default": None},
    ]
    assert "references" not in json.loads(text)
    assert "Ünique" in text
    assert full_text(parse(text)) == full_text(parse(ORDER, [parse(LINE)]))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("shop.Odrer/2", "There is no subject 'shop.Odrer'. Did you mean 'shop.Order'?"),
        (
            "shop.Order/9",
            "There is no version 'shop.Order/9'. There are: shop.Order/1, shop.Order/2.",
        ),
        (
            "shop.Order/v2",
            "There is no version 'shop.Order/v2'. There are: shop.Order/1, shop.Order/2.",
        ),
    ],
)
def test_an_unknown_name_is_answered_with_those_that_exist(
    name: str, reason: str, schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show.main(name, schemas) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"schemas.show: {reason}\n")
