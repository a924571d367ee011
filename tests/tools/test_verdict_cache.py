"""The cache of the gate: it changes how long a run takes, and nothing else."""

import gc
import json
import shutil
from pathlib import Path

import pytest

from registry.source import JSON
from registry.tree import read_texts
from tests.tools.trees import commit, record, write
from tools import check, verdicts
from tools.case import Case
from tools.finding import Finding
from tools.gate import judge
from tools.generate import main as generate
from tools.git import base_of
from tools.verdicts import cache, judged

ID: dict[str, JSON] = {"name": "id", "doc": "The id.", "type": "long"}
NOTE: dict[str, JSON] = {"name": "note", "doc": "A note.", "type": "string"}


def order(pin: int, *fields: dict[str, JSON]) -> str:
    line: dict[str, JSON] = {"name": "line", "doc": "Its line.", "type": ["null", "Line"]}
    pins: JSON = [{"name": "shop.Line", "version": pin}]
    return record("shop.Order", line, *fields, references=pins, doc="An order.")


TREE = {
    "registry.toml": 'owner = "shop"\n',
    "shop/line/v1.avsc": record("shop.Line", ID, doc="A line."),
    "shop/line/v2.avsc": record("shop.Line", ID, NOTE, doc="A line."),
    "shop/order/v1.avsc": order(1),
    "shop/till/v1.avsc": record("shop.Till", ID, doc="A till."),
}
CHANGES: dict[str, dict[str, str | None]] = {
    "nothing": {},
    "a new version": {"shop/till/v2.avsc": record("shop.Till", ID, NOTE, doc="A till.")},
    "a version that pins": {"shop/order/v2.avsc": order(2, NOTE)},
    "what others pin": {"shop/line/v3.avsc": record("shop.Line", ID, doc="A line, again.")},
    "a released version": {"shop/line/v1.avsc": record("shop.Line", ID, doc="Edited.")},
    "a version is gone": {"shop/line/v2.avsc": None},
    "a subject is gone": {"shop/till/v1.avsc": None},
    "a pinned subject is gone": {"shop/line/v1.avsc": None, "shop/line/v2.avsc": None},
    "settings": {"shop/line/subject.toml": 'compatibility = "NONE"\n'},
    "what others pin leaves": {
        "shop/line/subject.toml": 'status = "retired"\n',
        "shop/order/v2.avsc": order(1, NOTE),
    },
    "settings of the tree": {"registry.toml": 'compatibility = "NONE"\n'},
    "severities": {"registry.toml": '[severities]\nMISSING_DOC = "error"\nNOTHING = "off"\n'},
    "ids that collide": {"ids.toml": '"shop.Line/1" = 7\n"shop.Till/1" = 7\n'},
    "no JSON": {"shop/till/v2.avsc": "{"},
    "a stray file": {"shop/nothing/subject.toml": ""},
    "a pin with escapes": {
        "shop/order/v2.avsc": order(2, NOTE).replace('"references"', '"\\u0072eferences"')
    },
    "pins in a circle": {
        "shop/a/v1.avsc": record(
            "shop.A",
            {"name": "b", "type": "B"},
            references=[{"name": "shop.B", "version": 1}],
        ),
        "shop/b/v1.avsc": record(
            "shop.B",
            {"name": "a", "type": "A"},
            references=[{"name": "shop.A", "version": 1}],
        ),
    },
}


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    folder = write(tmp_path / "schemas", TREE)
    commit(tmp_path)
    return folder


def case_of(schemas: Path) -> Case:
    return Case(schemas, read_texts(schemas), base_of(schemas))


def change(schemas: Path, texts: dict[str, str | None]) -> None:
    for path, text in texts.items():
        if text is None:
            (schemas / path).unlink()
        else:
            write(schemas, {path: text})


def remembered(schemas: Path, kept: Path) -> list[Finding]:
    return judged(case_of(schemas), None, kept)


@pytest.mark.parametrize("name", CHANGES)
def test_a_warm_cache_finds_what_is_found_without_one(
    name: str, schemas: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "cache"
    before = judge(case_of(schemas))
    assert remembered(schemas, kept) == before
    change(schemas, CHANGES[name])
    after = judge(case_of(schemas))
    assert remembered(schemas, kept) == after
    assert remembered(schemas, kept) == after
    shutil.rmtree(schemas)
    write(schemas, TREE)
    assert remembered(schemas, kept) == before


def test_what_has_not_changed_is_not_judged_again(
    schemas: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[str]] = []

    def watching(case: Case) -> list[Finding]:
        seen.append({each.subject for each in case.tree.versions})
        return []

    monkeypatch.setattr(verdicts, "RULES", (watching,))
    remembered(schemas, tmp_path / "cache")
    change(schemas, CHANGES["a version that pins"])
    remembered(schemas, tmp_path / "cache")
    remembered(schemas, tmp_path / "cache")
    assert seen == [{"shop.Line", "shop.Order", "shop.Till"}, {"shop.Line", "shop.Order"}, set()]


@pytest.mark.parametrize("name", ["nothing", "no JSON"])
def test_the_search_for_garbage_leaves_the_schemas_alone_while_they_are_judged(
    name: str, schemas: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_alone: list[int] = []

    def watching(case: Case) -> list[Finding]:
        assert case.tree
        left_alone.append(gc.get_freeze_count())
        return []

    monkeypatch.setattr(verdicts, "RULES", (watching,))
    change(schemas, CHANGES[name])
    remembered(schemas, tmp_path / "cache")
    assert all(left_alone)
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_other_rules_judge_everything_anew(
    schemas: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = remembered(schemas, tmp_path / "cache")
    assert found
    monkeypatch.setattr(cache, "rules_state", lambda: "others")
    monkeypatch.setattr(verdicts, "RULES", ())
    assert remembered(schemas, tmp_path / "cache") == []


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe\n[]", b"0\n{}", None])
def test_a_damaged_cache_is_as_none(damage: bytes | None, schemas: Path, tmp_path: Path) -> None:
    kept = tmp_path / "cache"
    found = remembered(schemas, kept)
    file = kept / "check-schemas.json"
    content = file.read_bytes()
    file.write_bytes(content[:-20] if damage is None else damage)
    assert remembered(schemas, kept) == found
    assert file.read_bytes() == content


def test_a_cache_with_a_verdict_struck_out_is_as_none(schemas: Path, tmp_path: Path) -> None:
    kept = tmp_path / "cache"
    found = remembered(schemas, kept)
    file = kept / "check-schemas.json"
    digest, _, body = file.read_bytes().partition(b"\n")
    struck = {key: [[], *rest] for key, (_, *rest) in json.loads(body).items()}
    file.write_bytes(digest + b"\n" + json.dumps(struck).encode())
    assert remembered(schemas, kept) == found


def test_a_cache_of_a_gate_with_other_code_is_as_none(
    schemas: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "cache"
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(cache, "rules_state", lambda: "others")
        elsewhere.setattr(cache, "asdict", lambda _: {"place": "of another shape"})
        assert remembered(schemas, kept)
    assert remembered(schemas, kept) == judge(case_of(schemas))


def test_a_cache_that_cannot_be_written_breaks_no_run(schemas: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert remembered(schemas, tmp_path / "file") == judge(case_of(schemas))


def test_git_does_not_see_the_cache(schemas: Path, tmp_path: Path) -> None:
    remembered(schemas, tmp_path / "cache")
    assert (tmp_path / "cache" / ".gitignore").read_text() == "*\n"


def test_the_cache_does_not_grow_with_every_change(schemas: Path, tmp_path: Path) -> None:
    kept = tmp_path / "cache"
    for number in range(30):
        write(schemas, {"shop/till/subject.toml": f'owner = "team-{number}"\n'})
        remembered(schemas, kept)
    assert len(cache.read(kept)) < 15


def test_modules_are_judged_from_the_cache_too(schemas: Path, tmp_path: Path) -> None:
    records, kept = tmp_path / "records", tmp_path / "cache"
    assert generate(schemas, records, check=False) == 0

    def found() -> list[str]:
        return [each.rule for each in judged(case_of(schemas), records, kept)]

    fresh = found()
    assert "FRESHNESS" not in fresh
    module = records / "shop" / "till" / "v1.py"
    module.write_text(module.read_text() + "\n")
    assert sorted(found()) == sorted([*fresh, "FRESHNESS"])
    module.unlink()
    assert sorted(found()) == sorted([*fresh, "FRESHNESS"])


def test_runs_with_and_without_records_share_a_cache(schemas: Path, tmp_path: Path) -> None:
    kept, records = tmp_path / "cache", tmp_path / "records"
    assert not [each for each in judged(case_of(schemas), None, kept) if each.rule == "FRESHNESS"]
    assert [each for each in judged(case_of(schemas), records, kept) if each.rule == "FRESHNESS"]


def test_only_new_finds_the_same_with_a_cache(
    schemas: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(schemas, CHANGES["what others pin"])
    said = []
    for kept in (None, tmp_path / "cache", tmp_path / "cache"):
        options = check.Options(schemas=schemas, only_new=True, form="json", cache=kept)
        check.main(options)
        said.append(json.loads(capsys.readouterr().out)["findings"])
    assert said[0]
    assert said[0] == said[1] == said[2]
