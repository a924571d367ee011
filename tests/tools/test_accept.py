"""`schemas.accept`: an intended break becomes a waiver in subject.toml."""

import tomllib
from pathlib import Path

import pytest

from registry.source import JSON
from registry.tree import read_texts
from tests.tools.trees import record, write
from tools import accept
from tools.case import Case
from tools.gate import judge

MISSING = "READER_FIELD_MISSING_DEFAULT_VALUE"
ID: dict[str, JSON] = {"name": "id", "doc": "Which one.", "type": "long"}
NOTE: dict[str, JSON] = {"name": "note", "doc": "For the courier.", "type": "string"}
SETTINGS = "# Sales answers for it.\nowner = 'sales'   # since May\n\ntopics = [\n  'orders',\n]"
WHY = 'Nobody wrote any "yet".'


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    texts = {
        "shop/order/v1.avsc": record("shop.Order", ID, doc="An order."),
        "shop/order/v2.avsc": record("shop.Order", ID, NOTE, doc="An order."),
        "shop/order/subject.toml": SETTINGS,
        "shop/line/v1.avsc": record("shop.Line", ID, doc="A line."),
    }
    return write(tmp_path / "schemas", texts)


def settings(schemas: Path) -> str:
    return (schemas / "shop/order/subject.toml").read_text(encoding="utf-8")


def rules(schemas: Path) -> list[str]:
    return [each.rule for each in judge(Case(schemas, read_texts(schemas)))]


def test_the_break_is_found_until_it_is_accepted(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rules(schemas) == [MISSING]
    assert accept.main(MISSING, "shop.Order/2", WHY, schemas) == 0
    assert rules(schemas) == []
    folder = (schemas / "shop/order").as_posix()
    place, what, where = capsys.readouterr().out.splitlines()
    assert place.startswith(f"{folder}/v2.avsc:")
    assert what == "  backward: a service on v2 cannot read the data of services on v1."
    assert where == f"Accepted in {folder}/subject.toml."


def test_what_stands_in_the_settings_stays_as_it_was(schemas: Path) -> None:
    assert accept.main(MISSING, "shop.Order/2", WHY, schemas) == 0
    text = settings(schemas)
    assert text.startswith(f"{SETTINGS}\n\n[[waivers]]\n")
    assert tomllib.loads(text)["waivers"] == [{"rule": MISSING, "version": 2, "why": WHY}]


def test_a_subject_without_settings_gets_a_file_of_them(schemas: Path) -> None:
    (schemas / "shop/order/subject.toml").unlink()
    assert accept.main(MISSING, "shop.Order/2", WHY, schemas) == 0
    assert settings(schemas).startswith("[[waivers]]\n")


def test_a_second_waiver_stands_beside_the_first(schemas: Path) -> None:
    assert accept.main(MISSING, "shop.Order/2", WHY, schemas) == 0
    write(schemas, {"shop/order/v3.avsc": record("shop.Order", {**ID, "type": "string"}, doc="X.")})
    assert accept.main("TYPE_MISMATCH", "shop.Order/3", "Ids are words now.", schemas) == 0
    assert [each["version"] for each in tomllib.loads(settings(schemas))["waivers"]] == [2, 3]
    assert "TYPE_MISMATCH" not in rules(schemas)


@pytest.mark.parametrize(
    ("rule", "version", "found"),
    [
        ("TYPE_MISMATCH", "shop.Order/2", MISSING),
        (MISSING, "shop.Order/1", MISSING),
        (MISSING, "shop.Line/1", "nothing"),
    ],
)
def test_a_waiver_that_nothing_needs_is_not_written(
    rule: str, version: str, found: str, schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert accept.main(rule, version, WHY, schemas) == 1
    said = f"{version} needs no waiver of {rule}. Found at {version[:-2]}: {found}.\n"
    assert capsys.readouterr().out == said
    assert settings(schemas) == SETTINGS
    assert not (schemas / "shop/line/subject.toml").exists()


@pytest.mark.parametrize(
    ("rule", "version", "why", "reason"),
    [
        (MISSING, "shop.Order/2", " ", 'Say why, for those who review it: --why "'),
        ("TYPE_MISMACH", "shop.Order/2", WHY, "Did you mean 'TYPE_MISMATCH'?"),
        (MISSING, "shop.Odrer/2", WHY, "Did you mean 'shop.Order'?"),
        (MISSING, "shop.Order/3", WHY, "There is no version 'shop.Order/3'."),
    ],
)
def test_what_is_missing_or_unknown_is_said_and_nothing_written(
    rule: str,
    version: str,
    why: str,
    reason: str,
    schemas: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert accept.main(rule, version, why, schemas) == 2
    assert reason in capsys.readouterr().err
    assert settings(schemas) == SETTINGS


def test_settings_that_take_no_table_at_their_end_are_left_to_the_author(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(schemas, {"shop/order/subject.toml": "waivers = []\n"})
    assert accept.main(MISSING, "shop.Order/2", WHY, schemas) == 2
    said = capsys.readouterr().err
    assert "subject.toml takes no table at its end" in said
    assert f'[[waivers]]\nrule = "{MISSING}"\nversion = 2\nwhy = ' in said
    assert settings(schemas) == "waivers = []\n"
