"""`new-version` where the base branch has got versions since this one began."""

import json
from pathlib import Path

import pytest

from registry.tree import SchemaTree
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
    assert capsys.readouterr().out.splitlines()[:3] == [
        "shop.Note/2 was added twice: here, and on main since this branch began.",
        "v2 is main's now, and yours has become v3. Now:",
        "  1. ./invoke schemas.diff shop.Note/2 shop.Note/3   says what yours lacks",
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


def test_a_dependent_that_both_branches_have_moved_is_renumbered_before_anything_is_written(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(repository, "switch", "--quiet", "main")
    write(repository, {"schemas/shop/pad/v1.avsc": PAD})
    commit(repository)
    git(repository, "switch", "--quiet", "topic")
    git(repository, "merge", "--quiet", "main~1")
    ours = PAD.replace('"note"', '"jotting"')
    write(repository, {"schemas/shop/pad/v1.avsc": ours})
    assert new_version.main("shop.Note", repository / "schemas", with_dependents=True) == 0
    assert "shop.Pad/1 was added twice" in capsys.readouterr().out
    assert sorted(SchemaTree.load(repository / "schemas")) == ["shop.Note", "shop.Pad"]
    assert not (repository / "schemas/shop/note/v3.avsc").exists()
