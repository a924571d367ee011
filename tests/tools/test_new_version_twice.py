"""`new-version` where the base branch has got versions since this one began."""

import json
from pathlib import Path

import pytest

from registry.tree import SchemaTree
from tests.registry.golden_bytes import COMMAND
from tests.tools.trees import commit, git, record, write
from tools import new_version

NOTE = record("shop.Note")
THEIRS = record("shop.Note", {"name": "theirs", "type": "int", "default": 0})
OURS = record("shop.Note", {"name": "ours", "type": "int", "default": 0})
PAD = record(
    "shop.Pad",
    {"name": "note", "type": "Note"},
    references=[{"name": "shop.Note", "version": 2}],
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose main branch has got shop.Note/2 since the branch began."""
    write(tmp_path, {"schemas/shop/note/v1.avsc": NOTE})
    commit(tmp_path)
    git(tmp_path, "branch", "topic")
    write(tmp_path, {"schemas/shop/note/v2.avsc": THEIRS})
    commit(tmp_path)
    git(tmp_path, "switch", "--quiet", "topic")
    return tmp_path


def on_main(repository: Path, texts: dict[str, str]) -> None:
    git(repository, "switch", "--quiet", "main")
    write(repository, texts)
    commit(repository)
    git(repository, "switch", "--quiet", "topic")


def text(repository: Path, number: int) -> str:
    return (repository / f"schemas/shop/note/v{number}.avsc").read_text()


def test_a_version_that_only_the_base_branch_has_is_to_be_merged_first(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_version.main("shop.Note", repository / "schemas") == 2
    said = "shop.Note/2 is on main, but not here. Bring it in first: git merge main\n"
    assert capsys.readouterr().err == f"new-version: {said}"
    assert not (repository / "schemas/shop/note/v2.avsc").exists()


def test_a_number_that_two_people_took_goes_to_the_base_branch_and_ours_gets_the_next(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repository, {"schemas/shop/note/v2.avsc": OURS})
    commit(repository)
    assert new_version.main("shop.Note", repository / "schemas") == 0
    assert (text(repository, 2), text(repository, 3)) == (THEIRS, OURS)
    assert capsys.readouterr().out.splitlines() == [
        "shop.Note/2 was added twice: here, and on main since this branch began.",
        "v2 is main's now, and yours has become v3.",
        "Now:",
        "  1. ./invoke schemas.diff shop.Note/2 shop.Note/3   says what yours lacks",
        "  2. ./invoke check-schemas   says whom it would break",
        "  3. ./invoke generate        writes its Python",
        f"  4. {COMMAND}   writes bytes that later versions read",
        "  5. where a service shall use it: from registry.records.shop.note.v3 import ...",
        "  6. git add and commit all, then git merge main",
    ]


def test_after_that_merging_the_base_branch_meets_no_conflict(repository: Path) -> None:
    write(repository, {"schemas/shop/note/v2.avsc": OURS})
    assert new_version.main("shop.Note", repository / "schemas") == 0
    commit(repository)
    git(repository, "merge", "--quiet", "--no-edit", "main")
    assert (text(repository, 2), text(repository, 3)) == (THEIRS, OURS)
    assert new_version.main("shop.Note", repository / "schemas") == 2  # v3 is still new


def test_new_files_that_pin_ours_follow_it(repository: Path) -> None:
    write(repository, {"schemas/shop/note/v2.avsc": OURS, "schemas/shop/pad/v1.avsc": PAD})
    assert new_version.main("shop.Note", repository / "schemas") == 0
    pad = json.loads((repository / "schemas/shop/pad/v1.avsc").read_text())
    assert pad["references"] == [{"name": "shop.Note", "version": 3}]


def test_several_new_versions_keep_their_order(repository: Path) -> None:
    more = OURS.replace("ours", "more")
    write(repository, {"schemas/shop/note/v2.avsc": OURS, "schemas/shop/note/v3.avsc": more})
    assert new_version.main("shop.Note", repository / "schemas") == 0
    assert [text(repository, n) for n in (2, 3, 4)] == [THEIRS, OURS, more]


def test_the_same_version_on_both_branches_is_no_second_one(repository: Path) -> None:
    write(repository, {"schemas/shop/note/v2.avsc": THEIRS})
    assert new_version.main("shop.Note", repository / "schemas") == 0
    assert text(repository, 3) == THEIRS


def test_a_dependent_that_both_branches_have_moved_is_renumbered_and_pins_the_new_version(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    on_main(repository, {"schemas/shop/pad/v1.avsc": PAD})
    git(repository, "merge", "--quiet", "main~1")
    ours = PAD.replace('"note"', '"jotting"')
    write(repository, {"schemas/shop/pad/v1.avsc": ours})
    assert new_version.main("shop.Note", repository / "schemas", with_dependents=True) == 0
    assert "shop.Pad/1 was added twice" in capsys.readouterr().out
    assert text(repository, 3) == THEIRS
    assert (repository / "schemas/shop/pad/v1.avsc").read_text() == PAD
    tree = SchemaTree.load(repository / "schemas")
    assert tree.version("shop.Pad/2").references[0] == ("shop.Note", 3)


@pytest.fixture
def alike(repository: Path) -> Path:
    """The same text of shop.Pad/1 on both branches, which pins each branch's own shop.Note/2."""
    on_main(repository, {"schemas/shop/pad/v1.avsc": PAD})
    write(repository, {"schemas/shop/note/v2.avsc": OURS, "schemas/shop/pad/v1.avsc": PAD})
    return repository


def test_a_dependent_that_is_alike_on_both_branches_gets_a_version_that_pins_ours(
    alike: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_version.main("shop.Note", alike / "schemas", with_dependents=True) == 0
    assert (text(alike, 2), text(alike, 3)) == (THEIRS, OURS)
    tree = SchemaTree.load(alike / "schemas")
    assert [each.references[0].version for each in tree["shop.Pad"].versions] == [2, 3]
    said = capsys.readouterr().out
    assert "/schemas/shop/pad/v2.avsc is a copy of v1 that pins shop.Note/3.\n" in said
    assert "--with-dependents" not in said


def test_without_the_flag_it_is_a_step_to_let_a_dependent_that_is_alike_follow(
    alike: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_version.main("shop.Note", alike / "schemas") == 0
    assert not (alike / "schemas/shop/pad/v2.avsc").exists()
    assert "  2. ./invoke new-version shop.Note --with-dependents " in capsys.readouterr().out
    assert new_version.main("shop.Note", alike / "schemas", with_dependents=True) == 0
    tree = SchemaTree.load(alike / "schemas")
    assert tree.version("shop.Pad/2").references[0] == ("shop.Note", 3)


def test_what_the_base_branch_pins_comes_along(repository: Path) -> None:
    pinning = PAD.replace("Pad", "Leaf")
    on_main(repository, {"schemas/shop/leaf/v1.avsc": pinning})
    on_main(
        repository, {"schemas/shop/pad/v1.avsc": PAD.replace("Note", "Leaf").replace("2}", "1}")}
    )
    write(repository, {"schemas/shop/pad/v1.avsc": record("shop.Pad")})
    assert new_version.main("shop.Pad", repository / "schemas") == 0
    tree = SchemaTree.load(repository / "schemas")
    assert [str(each) for each in tree.versions] == [
        "shop.Leaf/1",
        "shop.Note/1",
        "shop.Note/2",
        "shop.Pad/1",
        "shop.Pad/2",
    ]
