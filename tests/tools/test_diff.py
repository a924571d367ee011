"""`schemas.diff`: what changed between two versions, and who can read whom."""

import json
import os
from pathlib import Path

import pytest

from registry.source import JSON
from tests.tools.trees import record, write
from tools import diff

GOLDEN = Path(__file__).parents[1] / "golden" / "schemas_diff.txt"
ID: dict[str, JSON] = {"name": "id", "type": "long"}
NOTE: dict[str, JSON] = {"name": "note", "type": "string"}
SOFT_NOTE: dict[str, JSON] = {**NOTE, "default": ""}
LINES: dict[str, JSON] = {"name": "lines", "type": {"type": "array", "items": "string"}}


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    texts = {
        "shop/order/v1.avsc": record("shop.Order", ID, LINES),
        "shop/order/v2.avsc": record("shop.Order", ID, LINES, SOFT_NOTE, doc="An order."),
        "shop/order/v3.avsc": record("shop.Order", ID, {**NOTE, "doc": "For the courier."}),
        "shop/order/v4.avsc": record("shop.Order", ID, {**NOTE, "doc": "For the courier."}, x=1),
        "shop/line/v1.avsc": record("shop.Line", ID),
    }
    return write(tmp_path / "schemas", texts)


def said(capsys: pytest.CaptureFixture[str], schemas: Path, old: int, new: int) -> str:
    assert diff.main(f"shop.Order/{old}", f"shop.Order/{new}", schemas) == 0
    return capsys.readouterr().out


def test_a_break_is_told_in_the_words_of_the_golden_file(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = said(capsys, schemas, 1, 3)
    if os.environ.get("RENEW_GOLDEN"):
        GOLDEN.write_text(text)
    assert text == GOLDEN.read_text()


def test_between_compatible_versions_there_is_no_obstacle(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, schemas, 1, 2).splitlines() == [
        "shop.Order/1 -> shop.Order/2",
        '  the type: changed, the doc of shop.Order: null is now "An order."',
        '  note: added, string, default ""',
        "",
        "  written by   v1   v2",
        "  v1 reads     yes  yes",
        "  v2 reads     yes  yes",
    ]


def test_the_datum_that_proves_a_break_is_json_of_the_writer(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (proof,) = [line for line in said(capsys, schemas, 1, 3).splitlines() if "v1 can write" in line]
    assert json.loads(proof.partition(": ")[2]) == {"id": 0, "lines": []}


def test_a_diff_may_look_back(schemas: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, schemas, 2, 1)
    assert "note: removed, string" in text
    assert "  written by   v1   v2\n" in text


def test_attributes_that_avro_ignores_are_no_change_of_the_type(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = said(capsys, schemas, 3, 4).splitlines()
    assert lines[1] == "  nothing of types, names, defaults or docs"


def test_two_subjects_are_not_compared(schemas: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert diff.main("shop.Order/1", "shop.Line/1", schemas) == 2
    reason = "shop.Order/1 and shop.Line/1 are of two subjects. Name two versions of one."
    assert capsys.readouterr().err == f"schemas.diff: {reason}\n"


@pytest.mark.parametrize(
    ("new", "advice"),
    [
        ("shop.Ordr/2", "Did you mean 'shop.Order'?"),
        ("shop.Order/5", "There is no version 'shop.Order/5'."),
        ("shop.Order", "There is no version 'shop.Order'."),
    ],
)
def test_an_unknown_version_is_answered_with_advice(
    new: str, advice: str, schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert diff.main("shop.Order/1", new, schemas) == 2
    assert advice in capsys.readouterr().err
