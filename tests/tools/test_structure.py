"""The JSON Schemas of the Avro language and of the settings agree with those who read them."""

import json
import tomllib
from pathlib import Path

import pytest

import registry
from registry.config import subject_config, tree_config
from registry.errors import FileError, SchemaError
from registry.source import JSON
from tests.conformance.rows import rows
from tests.tools.traps import TRAPS, trap
from tests.tools.trees import record
from tools.case import Case
from tools.structure import Kind, faults, settings

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "schemas").rglob("*.avsc"))
SIDES = ("reader", "writer", "schema")
SAMPLES = [
    row[side]
    for name in ("pairs", "resolution", "fingerprints")
    for row in rows(name)
    for side in SIDES
    if side in row
]


def is_valid(value: JSON) -> bool:
    try:
        registry.parse(json.dumps(value))
    except SchemaError:
        return False
    return True


def test_every_valid_sample_has_a_sound_structure() -> None:
    refused = [each for each in SAMPLES if is_valid(each) and any(faults("avsc", each))]
    assert refused == []


def test_samples_that_are_not_valid_are_refused_where_structure_says_so() -> None:
    invalid = [each for each in SAMPLES if not is_valid(each)]
    assert len(invalid) > 20
    assert any(any(faults("avsc", each)) for each in invalid)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name + path.stem)
def test_our_own_schemas_have_a_sound_structure(path: Path) -> None:
    assert list(faults("avsc", json.loads(path.read_text()))) == []


@pytest.mark.parametrize("name", TRAPS)
def test_traps_are_sound_by_structure(name: str) -> None:
    assert list(faults("avsc", json.loads(trap(name)))) == []


@pytest.mark.parametrize(
    "value",
    [
        "not a name",
        7,
        [["int"]],
        {"type": "record", "name": "A"},
        {"type": "record", "fields": []},
        {"type": "enum", "name": "A", "symbols": ["a-b"]},
        {"type": "enum", "name": "A", "symbols": ["A", "A"]},
        {"type": "fixed", "name": "A", "size": -1},
        {"type": "array"},
        {"type": "map", "values": None},
        {"type": {"type": "int"}},
        {"type": "record", "name": "A", "fields": [{"name": "a"}]},
        {"type": "record", "name": "A", "fields": [{"name": "a", "type": "int", "order": "up"}]},
        {"type": "record", "name": "A", "fields": [], "references": [{"name": "a.B"}]},
    ],
)
def test_what_structure_refuses_is_refused_by_the_parser_too(value: JSON) -> None:
    assert any(faults("avsc", value))
    case = Case(Path(), {"a/v1.avsc": json.dumps(value).encode()})
    assert case.problems


def reads(kind: Kind, text: str) -> bool:
    problems: list[FileError] = []
    if kind == "registry":
        tree_config(text, problems)
    else:
        subject_config(tree_config("", []).subject, text, "subject.toml", problems)
    return not problems


WAIVER = '[[waivers]]\nrule = "TYPE_MISMATCH"\nversion = 2\nwhy = "It is empty."\n'


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("registry", (ROOT / "schemas/registry.toml").read_text()),
        ("registry", 'owner = "shop"\n[severities]\nNAMING = "off"\n[owners]\nshop = "@a/shop"'),
        ("registry", '[[waivers]]\nrule = "LOWERED_LEVEL"\nwhy = "All agreed."'),
        ("subject", f'compatibility = "NONE"\nstatus = "retired"\ntopics = ["a.b"]\n{WAIVER}'),
        ("subject", '[[consumers]]\nname = "warehouse"\ncontact = "a@b.example"\nversions = [1]'),
    ],
)
def test_settings_that_can_be_read_have_a_sound_structure(kind: Kind, text: str) -> None:
    assert list(faults(kind, tomllib.loads(text))) == []
    assert reads(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("registry", 'compatibility = "ALL"'),
        ("registry", 'status = "retired"'),
        ("registry", 'severities = "loud"'),
        ("registry", "[owners]\nshop = 1"),
        ("registry", WAIVER),
        ("subject", "owner = 1"),
        ("subject", "colour = 'red'"),
        ("subject", "topics = 'a'"),
        ("subject", WAIVER.replace("version = 2\n", "")),
        ("subject", WAIVER.replace("It is empty.", " ")),
        ("subject", WAIVER.replace("2", "'2'")),
        ("subject", "[waivers]\nrule = 'A'"),
        ("subject", "[[consumers]]\ncontact = 'a'"),
        ("subject", "[[consumers]]\nname = 'a'\nversions = ['1']"),
    ],
)
def test_settings_that_cannot_be_read_have_no_sound_structure(kind: Kind, text: str) -> None:
    assert any(faults(kind, tomllib.loads(text)))
    assert not reads(kind, text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# ours\nowner = ' '", 2),
        ('topics = ["a", "b c"]', 1),
        (f"{WAIVER}{WAIVER.replace('2', '0')}", 7),
        ("[[consumers]]\nname = 'a'\n[[consumers]]\nname = 'b'\nversions = [1, 1]", 5),
    ],
)
def test_what_only_structure_sees_in_settings_is_found_at_its_line(text: str, line: int) -> None:
    texts = {"shop/order/v1.avsc": record("shop.Order"), "shop/order/subject.toml": text}
    case = Case(Path("s"), {path: each.encode() for path, each in texts.items()})
    [found] = settings(case)
    assert (found.where, found.rule) == (f"s/shop/order/subject.toml:{line}:1", "INVALID_SETTING")


def test_settings_that_cannot_be_read_are_not_found_twice() -> None:
    assert list(settings(Case(Path(), {"registry.toml": b"colour = 'red'"}))) == []


def test_editors_find_the_schema_of_schemas_where_it_is() -> None:
    wanted = json.loads((ROOT / ".vscode/settings.json").read_text())
    assert wanted["files.associations"] == {"*.avsc": "json"}
    [entry] = wanted["json.schemas"]
    assert (ROOT / entry["url"]).is_file()
    assert set(ROOT.glob(entry["fileMatch"][0].removeprefix("/"))) == set(FILES)
