"""The command `check-schemas`: how it ends, what it prints where, and what it leaves out."""

import json
from pathlib import Path

import pytest

from registry.source import JSON
from tests.tools.trees import commit, git, record, write
from tools import check, generate
from tools.check import Options

ID: dict[str, JSON] = {"name": "id", "doc": "The id.", "type": "long"}
NOTE: dict[str, JSON] = {"name": "note", "doc": "A note.", "type": "string"}
ORDER = record("shop.Order", ID, doc="An order.")
BROKEN = record("shop.Order", ID, NOTE, doc="An order.")
PATH = "shop/order/v1.avsc"
NEXT = "shop/order/v2.avsc"
# The specification says that a logical type which is not valid is ignored; not all packages do.
BAD_DECIMAL: JSON = {"type": "bytes", "logicalType": "decimal", "precision": 2, "scale": 5}
REFUSED = record("shop.Order", {"name": "x", "type": BAD_DECIMAL})


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    folder = write(tmp_path / "schemas", {PATH: ORDER})
    commit(tmp_path)
    return folder


def test_a_clean_tree_ends_in_0_with_one_line(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check.main(Options(schemas=schemas)) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("1 version of 1 subject: sound")


def test_errors_end_in_1(schemas: Path) -> None:
    assert check.main(Options(schemas=write(schemas, {NEXT: BROKEN}))) == 1


def test_warnings_alone_end_in_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(Options(schemas=write(tmp_path, {PATH: REFUSED}))) == 0
    assert "INTEROP (warning)" in capsys.readouterr().out


def test_a_stale_module_ends_in_1_only_where_records_are_judged(
    schemas: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = Options(schemas=schemas, records=tmp_path / "records")
    assert check.main(options) == 1
    assert "FRESHNESS" in capsys.readouterr().out
    assert generate.main(schemas, tmp_path / "records", check=False) == 0
    assert check.main(options) == 0


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"schemas": "nowhere"}, "There is no folder"),
        ({"against": "no-such-ref"}, "git knows no 'no-such-ref'"),
        ({"form": "jsn"}, "There is no format 'jsn'. Did you mean 'json'?"),
    ],
)
def test_what_cannot_be_judged_ends_in_2(
    asked: dict[str, str], words: str, schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = schemas / asked.get("schemas", "")
    options = Options(schemas=folder, against=asked.get("against"), form=asked.get("form", "text"))
    assert check.main(options) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert words in said.err


def test_a_folder_of_services_that_does_not_exist_ends_in_2(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check.main(Options(schemas=schemas, services=schemas / "nowhere")) == 2
    assert "Name that of services." in capsys.readouterr().err


def test_a_folder_without_schemas_ends_in_2_and_says_how_to_begin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check.main(Options(schemas=tmp_path)) == 2
    assert "There are no schemas in" in capsys.readouterr().err


def test_deleting_all_schemas_is_no_folder_without_schemas(schemas: Path) -> None:
    (schemas / PATH).unlink()
    assert check.main(Options(schemas=schemas)) == 1


def test_without_history_a_note_says_what_was_not_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check.main(Options(schemas=write(tmp_path, {PATH: ORDER}))) == 0
    assert "released versions were not compared" in capsys.readouterr().out


def test_only_new_leaves_out_what_the_base_had_already(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = record("shop.Line", ID, doc="A line.")
    write(schemas, {NEXT: BROKEN, "shop/line/v1.avsc": line})
    commit(schemas.parent)
    write(schemas, {"shop/line/v2.avsc": record("shop.Line", ID, NOTE, doc="A line.")})
    options = Options(schemas=schemas, form="json")
    assert check.main(options) == 1
    every = {row["file"] for row in json.loads(capsys.readouterr().out)["findings"]}
    assert {Path(each).parent.name for each in every} == {"order", "line"}
    assert check.main(Options(schemas=schemas, form="json", only_new=True)) == 1
    (new,) = json.loads(capsys.readouterr().out)["findings"]
    assert new["file"] == (schemas / "shop/line/v2.avsc").as_posix()


def test_only_new_promises_nothing_about_what_it_does_not_show(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(schemas, {NEXT: BROKEN})
    commit(schemas.parent)
    assert check.main(Options(schemas=schemas, only_new=True)) == 0
    judged = "2 versions of 1 subject: nothing new is wrong; 1 finding of the base not shown."
    assert capsys.readouterr().out.startswith(judged)
    write(schemas, {"shop/line/v1.avsc": "{"})
    assert check.main(Options(schemas=schemas, only_new=True)) == 1
    said = capsys.readouterr().out
    assert "1 error in 3 schemas; 1 finding of the base not shown." in said


def test_only_new_with_nothing_left_out_says_that_all_is_well(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check.main(Options(schemas=schemas, only_new=True)) == 0
    assert "sound, and compatible by their levels" in capsys.readouterr().out


def test_only_new_keeps_what_a_change_elsewhere_causes(schemas: Path) -> None:
    ids = '"shop.Order/1" = 7\n'
    write(schemas, {"ids.toml": ids, "shop/line/v1.avsc": record("shop.Line", ID, doc="A line.")})
    commit(schemas.parent)
    assert check.main(Options(schemas=schemas, only_new=True)) == 0
    write(schemas, {"ids.toml": f'{ids}"shop.Line/1" = 7\n'})
    assert check.main(Options(schemas=schemas, only_new=True)) == 1


def test_a_branch_that_breaks_nothing_new_passes_on_a_base_that_is_broken(schemas: Path) -> None:
    write(schemas, {NEXT: BROKEN})
    commit(schemas.parent)
    git(schemas, "switch", "--create", "topic")
    write(schemas, {"shop/line/v1.avsc": record("shop.Line", ID, doc="A line.")})
    assert check.main(Options(schemas=schemas)) == 1
    assert check.main(Options(schemas=schemas, only_new=True)) == 0


@pytest.mark.parametrize(("unwanted", "painted"), [("", True), ("1", False)])
def test_a_terminal_gets_colours_unless_it_asks_for_none(
    unwanted: str,
    painted: bool,  # noqa: FBT001 the expectation
    schemas: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("NO_COLOR", unwanted)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert check.main(Options(schemas=write(schemas, {NEXT: BROKEN}))) == 1
    assert ("\x1b[" in capsys.readouterr().out) == painted


def test_a_file_name_that_is_no_text_can_be_said(
    schemas: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (schemas / "shop" / "\udcff.avsc").write_text(ORDER)
    for form in ("text", "json", "github", "sarif", "junit", "markdown"):
        assert check.main(Options(schemas=schemas, form=form)) == 1
        assert "MISPLACED" in capsys.readouterr().out
