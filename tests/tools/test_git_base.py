"""The git base: which commit a work tree is compared with."""

from pathlib import Path

import pytest

from tests.tools.trees import commit, git, write
from tools.git import GitError, base_of

PATH = "shop/order/v1.avsc"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one file on main, changed by a commit on the branch that is checked out."""
    folder = write(
        tmp_path / "repository", {f"schemas/{PATH}": "released", "README.md": "no schema"}
    )
    commit(folder)
    git(folder, "switch", "--create", "topic")
    write(folder, {f"schemas/{PATH}": "changed", "schemas/shop/order/v2.avsc": "new"})
    commit(folder)
    return folder


def test_the_base_is_where_the_branch_left_main(repository: Path) -> None:
    git(repository, "switch", "main")
    write(repository, {"schemas/shop/order/v9.avsc": "later"})
    commit(repository)
    git(repository, "switch", "topic")
    base = base_of(repository / "schemas")
    assert (base.texts, base.name) == ({PATH: b"released"}, "main")


def test_the_remote_branch_counts_before_the_local_one(repository: Path, tmp_path: Path) -> None:
    git(repository, "switch", "main")
    git(tmp_path, "clone", "--quiet", str(repository), "clone")
    clone = tmp_path / "clone"
    write(clone, {f"schemas/{PATH}": "changed on main"})
    commit(clone)
    base = base_of(clone / "schemas")
    assert (base.texts[PATH], base.name) == (b"released", "origin/HEAD")


def test_on_main_itself_the_last_commit_is_released(repository: Path) -> None:
    git(repository, "switch", "main")
    write(repository, {f"schemas/{PATH}": "not committed"})
    assert base_of(repository / "schemas").texts == {PATH: b"released"}


def test_the_base_may_be_named(repository: Path) -> None:
    base = base_of(repository / "schemas", "topic")
    assert base.texts == {PATH: b"changed", "shop/order/v2.avsc": b"new"}


@pytest.mark.parametrize("name", ["no-such-branch", "--help", "-x"])
def test_a_base_that_git_does_not_know_is_an_error(name: str, repository: Path) -> None:
    with pytest.raises(GitError, match="git knows no"):
        base_of(repository / "schemas", name)


def test_a_folder_in_no_repository_has_a_note_instead_of_a_base(tmp_path: Path) -> None:
    base = base_of(tmp_path)
    assert (base.texts, base.name) == ({}, "")
    assert "No git history" in base.note
    with pytest.raises(GitError, match="no git repository"):
        base_of(tmp_path, "main")


def test_a_repository_without_a_commit_has_a_note(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    assert "No git history" in base_of(tmp_path).note


def test_a_repository_without_a_main_branch_has_a_note(repository: Path) -> None:
    git(repository, "branch", "--delete", "--force", "main")
    assert "--against" in base_of(repository / "schemas").note


def test_a_shallow_clone_without_the_common_commit_says_what_to_fetch(
    repository: Path, tmp_path: Path
) -> None:
    url = repository.as_uri()
    clone = [
        "clone",
        "--quiet",
        "--depth=1",
        "--no-single-branch",
        "--branch=topic",
        url,
        "shallow",
    ]
    git(tmp_path, *clone)
    with pytest.raises(GitError, match="git fetch --unshallow"):
        base_of(tmp_path / "shallow" / "schemas", "origin/main")


@pytest.mark.parametrize("before", ["avro", "data/schemas", "."])
def test_a_folder_that_was_renamed_is_not_taken_for_a_new_one(before: str, tmp_path: Path) -> None:
    write(tmp_path / before, {PATH: "released"})
    commit(tmp_path)
    git(tmp_path, "switch", "--create", "topic")
    write(tmp_path / "schemas", {PATH: "changed", "shop/order/v2.avsc": "new"})
    (tmp_path / before / PATH).unlink()
    commit(tmp_path)
    with pytest.raises(GitError, match="have they moved") as refused:
        base_of(tmp_path / "schemas")
    assert "--against COMMIT" in str(refused.value)
    assert base_of(tmp_path / "schemas", "topic").texts.keys() == {PATH, "shop/order/v2.avsc"}


def test_a_new_folder_beside_other_schemas_is_new(repository: Path) -> None:
    write(repository, {"more/shop/line/v1.avsc": "new"})
    assert base_of(repository / "more").texts == {}


def test_a_partial_clone_without_its_remote_says_what_to_fetch(
    repository: Path, tmp_path: Path
) -> None:
    git(repository, "config", "uploadpack.allowFilter", "true")
    url = repository.as_uri()
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", "--branch=topic", url, "partial")
    repository.rename(tmp_path / "away")
    with pytest.raises(GitError, match="git fetch --refetch --no-filter"):
        base_of(tmp_path / "partial" / "schemas", "origin/main")
    (tmp_path / "away").rename(repository)
    git(tmp_path / "partial", "fetch", "--quiet", "--refetch", "--no-filter")
    repository.rename(tmp_path / "away")
    assert base_of(tmp_path / "partial" / "schemas", "origin/main").texts == {PATH: b"released"}


def test_a_commit_whose_tree_is_lost_is_no_empty_base(repository: Path) -> None:
    git(repository, "switch", "main")
    for path in (repository / ".git/objects").glob("??/*"):
        if git(repository, "cat-file", "-t", path.parent.name + path.name) == "tree\n":
            path.unlink()
    with pytest.raises(GitError, match="git ls-tree fails"):
        base_of(repository / "schemas")


def test_branches_without_a_common_commit_are_an_error(repository: Path) -> None:
    git(repository, "switch", "--orphan", "other")
    write(repository, {f"schemas/{PATH}": "unrelated"})
    commit(repository)
    with pytest.raises(GitError, match="no common commit"):
        base_of(repository / "schemas")


def test_links_are_no_released_files(repository: Path) -> None:
    git(repository, "switch", "main")
    (repository / "schemas/shop/order/v2.avsc").symlink_to("v1.avsc")
    commit(repository)
    assert base_of(repository / "schemas").texts.keys() == {PATH}


def test_without_git_there_is_no_judgement(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(GitError, match="git is not installed"):
        base_of(repository / "schemas")


def test_what_git_tells_its_hooks_of_another_repository_is_not_believed(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "--quiet", "elsewhere")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere" / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    assert base_of(repository / "schemas").texts == {PATH: b"released"}


@pytest.fixture
def shallow(repository: Path, tmp_path: Path) -> Path:
    """A clone as CI makes it: the last commit of one branch, and no other branch."""
    git(repository, "switch", "main")
    url = repository.as_uri()
    git(tmp_path, "clone", "--quiet", "--depth=1", "--branch=topic", url, "shallow")
    return tmp_path / "shallow"


def test_a_shallow_clone_without_a_base_branch_is_no_clean_bill(shallow: Path) -> None:
    with pytest.raises(GitError, match="shallow, and has none of") as refused:
        base_of(shallow / "schemas")
    assert "git fetch --unshallow" in str(refused.value)


def test_a_shallow_clone_that_lacks_the_named_base_says_what_to_fetch(shallow: Path) -> None:
    with pytest.raises(GitError, match="git knows no 'origin/main'") as refused:
        base_of(shallow / "schemas", "origin/main")
    assert "git fetch --unshallow" in str(refused.value)


def test_what_the_message_says_to_fetch_is_what_was_missing(shallow: Path) -> None:
    git(shallow, "fetch", "--unshallow", "origin", "+refs/heads/*:refs/remotes/origin/*")
    base = base_of(shallow / "schemas")
    assert (base.texts, base.name) == ({PATH: b"released"}, "origin/main")


def test_the_files_of_other_suffixes_can_be_asked_for(repository: Path) -> None:
    assert base_of(repository, suffixes=(".md",)).texts == {"README.md": b"no schema"}
