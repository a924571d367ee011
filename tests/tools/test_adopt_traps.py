"""`schemas.adopt` on releases that nobody could adopt without a question."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from registry.tree import build, read_texts
from tests.tools.releases import write_releases
from tests.tools.trees import record
from tools import adopt

LINE = record("shop.Line", {"name": "n", "type": "int"})
USER = record("shop.User", {"name": "line", "type": "Line"})


def maybe(name: str, other: str) -> str:
    return record(name, {"name": "x", "type": ["null", other], "default": None})


def adopt_all(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *releases: Mapping[str, str]
) -> tuple[int, set[str]]:
    """Adopt releases called 1, 2, ... and return how it ended, and the versions written."""
    monkeypatch.chdir(folder)
    named = {str(index): texts for index, texts in enumerate(releases, start=1)}
    write_releases(folder, named)
    code = adopt.main([Path(name) for name in named], Path("schemas"), write=True)
    return code, {path.as_posix() for path in Path().glob("schemas/**/*.avsc")}


@pytest.mark.parametrize(
    ("texts", "problem", "written"),
    [
        (
            {"line.avsc": LINE, "bad.avsc": '{\n  "type": }'},
            "1/bad.avsc:2:11: This is not JSON: Expecting value.",
            {"line"},
        ),
        (
            {"line.avsc": LINE, "names.avsc": '["null", "string"]'},
            "1/names.avsc:1:1: The file holds no record, enum or fixed",
            {"line"},
        ),
        (
            {"line.avsc": LINE, "evil.avsc": record("shop.Evil").replace("Evil", "../x")},
            "1/evil.avsc:3:11: '../x' is no Avro name.",
            {"line"},
        ),
        (
            {"line.avsc": LINE, "other.avsc": LINE.replace("int", "long"), "user.avsc": USER},
            "1/other.avsc:3:11: The type 'shop.Line' is defined in another way in line.avsc.",
            {"user"},
        ),
        (
            {"a.avsc": maybe("shop.A", "B"), "b.avsc": maybe("shop.B", "A"), "line.avsc": LINE},
            (
                "1/a.avsc:3:11: Pins cannot go in a circle: shop.A and shop.B need each other.\n"
                "  fix: Define shop.B inside the file of shop.A."
            ),
            {"line"},
        ),
        (
            {"a.avsc": record("shop.OrderLine"), "b.avsc": record("shop.order_line")},
            (
                "1/b.avsc:3:11: The types 'shop.OrderLine' and 'shop.order_line' would both stand"
                " in shop/order_line."
            ),
            {"order_line"},
        ),
        (
            {"user.avsc": USER, "lines.avsc": record("shop.Lines")},
            (
                "1/user.avsc:6:30: No file of this release defines the type 'shop.Line'.\n"
                "  fix: Did you mean 'shop.Lines'?"
            ),
            {"user", "lines"},
        ),
        (
            {
                "user.avsc": USER,
                "basket.avsc": USER.replace("User", "Basket").replace('"Line"', LINE),
            },
            (
                "1/user.avsc:6:30: The type 'shop.Line' is defined inside basket.avsc.\n"
                "  fix: Give it a file of its own."
            ),
            {"user", "basket"},
        ),
        (
            {"line.avsc": record("shop.Line", references=["elsewhere"])},
            "1/line.avsc:5:3: The attribute 'references' holds pins here, and this file has one",
            set(),
        ),
        (
            {"line.avsc": record("shop.Line", *[{"name": "n", "type": "int"}] * 2)},
            "schemas/shop/line/v1.avsc:7:14: The field 'n' stands twice.",
            {"line"},
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_the_rest_is_adopted(
    texts: Mapping[str, str],
    problem: str,
    written: set[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, paths = adopt_all(tmp_path, monkeypatch, texts)
    assert code == 1
    assert problem in capsys.readouterr().out
    assert paths == {f"schemas/shop/{name}/v1.avsc" for name in written}


def test_the_gate_finds_what_is_adopted_with_a_flaw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    adopt_all(tmp_path, monkeypatch, {"user.avsc": USER})
    _, problems = build(read_texts(Path("schemas")))
    (problem,) = problems
    assert str(problem).startswith("shop/user/v1.avsc:6:30: The type 'Line' (that is, 'shop.Line')")


def test_a_flaw_that_stays_for_several_releases_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert adopt_all(tmp_path, monkeypatch, *[{"line.avsc": LINE, "bad.avsc": "{"}] * 6)[0] == 1
    said = capsys.readouterr().out
    assert said.count("not JSON") == 1
    assert "  also at 2/bad.avsc:1:2, 3/bad.avsc:1:2, 4/bad.avsc:1:2 and 2 more\n" in said
    assert "of 6 releases, and 1 problem to mend: written to schemas." in said


def test_a_version_whose_type_is_missing_in_one_release_goes_on_counting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wider = LINE.replace("int", "long")
    releases = {"line.avsc": LINE}, {"line.avsc": "{", "user.avsc": USER}, {"line.avsc": wider}
    _, paths = adopt_all(tmp_path, monkeypatch, *releases)
    assert {"schemas/shop/line/v1.avsc", "schemas/shop/line/v2.avsc"} < paths
    assert "  not in 2\n" in capsys.readouterr().out


def test_a_type_that_returns_as_it_was_is_the_same_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_it, without_it = {"line.avsc": LINE, "a.avsc": record("a.A")}, {"a.avsc": record("a.A")}
    code, paths = adopt_all(tmp_path, monkeypatch, with_it, without_it, with_it)
    assert (code, paths) == (0, {"schemas/shop/line/v1.avsc", "schemas/a/a/v1.avsc"})


def test_a_type_that_moves_into_another_file_and_out_again_keeps_its_subject(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    apart = {"line.avsc": LINE, "user.avsc": USER}
    inside = {"user.avsc": USER.replace('"Line"', LINE)}
    code, paths = adopt_all(tmp_path, monkeypatch, apart, inside, apart)
    assert code == 0
    assert paths == {
        "schemas/shop/line/v1.avsc",
        *(f"schemas/shop/user/v{n}.avsc" for n in (1, 2, 3)),
    }
    assert "  not in 2 (but inside user.avsc)\n" in capsys.readouterr().out


def test_a_type_that_holds_itself_needs_no_pin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert adopt_all(tmp_path, monkeypatch, {"tree.avsc": maybe("shop.Tree", "Tree")})[0] == 0
    assert "references" not in Path("schemas/shop/tree/v1.avsc").read_text()


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "record", "name": "A", "fields": 3}',
        '{"type": "record", "name": "A", "fields": [3, {"name": "x"}, {"type": {}}]}',
        '{"type": "record", "name": "A", "fields": [{"name": "x", "type": {"type": []}}]}',
        '{"type": "record", "name": "A", "namespace": 3, "fields": []}',
        '{"type": "record", "name": 3}',
        '{"type": "record"}',
        '{"type": "record", "name": "A", "name": "B"}',
        "[" * 990 + "]" * 990,
        "[" * 100_000 + "]" * 100_000,
        '{"type": "record", "name": "A", "fields": [], "x": ' + "[" * 980 + "]" * 980 + "}",
        "\ufeff{}",
        '{"type": "record", "name": "\\ud800"}',
        "",
    ],
)
def test_no_text_ends_the_command_without_an_answer(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, paths = adopt_all(tmp_path, monkeypatch, {"bad.avsc": text, "line.avsc": LINE})
    assert code == 1
    assert "schemas/shop/line/v1.avsc" in paths
    assert "avsc:1:" in capsys.readouterr().out


def test_a_release_without_schemas_is_told_and_the_others_are_adopted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {"line.avsc": LINE}
    code, written = adopt_all(tmp_path, monkeypatch, texts, {"notes.txt": "None."}, texts)
    assert (code, written) == (1, {"schemas/shop/line/v1.avsc"})
    said = capsys.readouterr().out
    assert (
        "2: The folder holds no .avsc file.\n  fix: Name one that does, or leave it out.\n" in said
    )
    assert "not in 2" not in said
