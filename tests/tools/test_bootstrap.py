"""The script `invoke`, run by a real shell in a copy of the checkout, with fake Pythons."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.clones import Clone, wait_until


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    clone = Clone(tmp_path)
    clone.add_python("python3.12")
    return clone


@pytest.fixture
def bare_clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


@pytest.fixture
def gate(clone: Clone) -> Iterator[Path]:
    """While this file is there, pip does not finish."""
    gate = clone.fakes / "gate"
    gate.touch()
    yield gate
    gate.unlink(missing_ok=True)


def test_no_python_at_all_is_one_message_that_says_what_to_install(bare_clone: Clone) -> None:
    done = bare_clone.run("--list")
    assert done.returncode == 2
    assert "found no Python 3.11 or newer on the PATH" in done.stderr
    assert "apt-get install python3 python3-venv" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_old_python_counts_as_none(bare_clone: Clone) -> None:
    bare_clone.add_python("python3", "#!/bin/sh\nexit 3\n")
    done = bare_clone.run("--list")
    assert done.returncode == 2
    assert "found no Python 3.11 or newer" in done.stderr


def test_a_python_without_venv_is_named_with_the_package_that_adds_it(bare_clone: Clone) -> None:
    bare_clone.add_python("python3.11", "#!/bin/sh\nexit 4\n")
    done = bare_clone.run("--list")
    assert done.returncode == 2
    assert "python3.11 has no venv module" in done.stderr
    assert "apt-get install python3-venv" in done.stderr


def test_a_command_that_only_complains_is_passed_over(bare_clone: Clone) -> None:
    bare_clone.add_python("python3.13", "#!/bin/sh\necho not found >&2\nexit 127\n")
    bare_clone.add_python("python3.12", "#!/bin/sh\nexit 4\n")
    bare_clone.add_python("python3")
    done = bare_clone.run("--list")
    assert done.returncode == 0
    assert "not found" not in done.stderr


def test_the_first_run_makes_the_environment_with_hashes_checked(clone: Clone) -> None:
    done = clone.run("--list")
    assert done.stderr.splitlines() == [
        "invoke: installing requirements/run.lock into .venv (the first time takes about a minute)",
    ]
    venv, packages, project = clone.log()
    assert venv == "venv"
    assert f"--require-hashes -r {clone.root}/requirements/run.lock" in packages
    assert f"--no-build-isolation --no-deps --editable {clone.root}" in project


def test_a_second_run_calls_neither_venv_nor_pip(clone: Clone) -> None:
    clone.run("--list")
    done = clone.run("--list")
    assert clone.log() == []
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("words", "lock"),
    [
        (["--list"], "run"),
        (["run", "items"], "run"),
        (["check-schemas", "--schemas", "elsewhere"], "run"),
        (["test"], "dev"),
        (["lint"], "dev"),
        (["lock"], "dev"),
        (["dev.fuzz"], "dev"),
        (["bench", "--only", "codec"], "bench"),
        (["-e", "test"], "dev"),
        (["-T", "60", "lint"], "dev"),
        (["new-version", "test"], "run"),
        (["check-schemas", "--schemas", "lint"], "run"),
        (["--help", "test"], "run"),
        ([], "run"),
    ],
)
def test_a_task_installs_the_lock_it_needs(clone: Clone, words: list[str], lock: str) -> None:
    clone.run(*words)
    assert clone.installed() == [lock]


def test_a_larger_lock_serves_a_smaller_need(clone: Clone) -> None:
    clone.run("bench")
    clone.run("test")
    assert clone.log() == []


def test_a_smaller_lock_grows_in_the_same_environment(clone: Clone) -> None:
    clone.run("--list")
    clone.run("test")
    assert clone.installed() == ["dev"]
    assert "venv" not in clone.log()


def test_growing_that_fails_leaves_what_is_there_in_use(clone: Clone) -> None:
    clone.run("--list")
    (clone.fakes / "pip-fails").touch()
    assert clone.run("test").returncode == 2
    done = clone.run("--list")
    assert (done.returncode, clone.log()) == (0, [])


def test_growing_that_is_killed_leaves_what_is_there_in_use(clone: Clone, gate: Path) -> None:
    gate.unlink()
    clone.run("--list")
    gate.touch()
    (clone.fakes / "log").unlink()
    with clone.start("test") as growing:
        wait_until(lambda: clone.installed() == ["dev"])
        os.killpg(growing.pid, signal.SIGKILL)
    gate.unlink()
    assert clone.run("--list").returncode == 0
    assert clone.log() == []
    assert clone.run("test").returncode == 0
    assert clone.installed() == ["dev"]


def test_a_changed_lock_that_fails_leaves_nothing_in_use(clone: Clone) -> None:
    original = (clone.root / "requirements" / "run.lock").read_text()
    clone.run("--list")
    (clone.root / "requirements" / "run.lock").write_text(original + "# changed\n")
    (clone.fakes / "pip-fails").touch()
    assert clone.run("--list").returncode == 2
    (clone.fakes / "pip-fails").unlink()
    (clone.root / "requirements" / "run.lock").write_text(original)
    clone.run("--list")
    assert clone.installed() == ["run"]


def test_a_project_that_is_put_in_by_half_is_put_in_again(clone: Clone) -> None:
    clone.run("--list")
    (clone.fakes / "editable-fails").touch()
    assert clone.run("test").returncode == 2
    (clone.fakes / "editable-fails").unlink()
    assert clone.run("--list").returncode == 0
    assert any("--editable" in line for line in clone.log())


def test_a_changed_lock_is_installed_once(clone: Clone) -> None:
    clone.run("--list")
    with (clone.root / "requirements" / "run.lock").open("a") as lock:
        lock.write("# changed\n")
    clone.run("--list")
    assert clone.installed() == ["run"]
    clone.run("--list")
    assert clone.log() == []


def test_the_task_gets_all_words_and_stays_in_the_folder_of_the_caller(
    clone: Clone, tmp_path: Path
) -> None:
    done = clone.run("check-schemas", "--schemas", "my tree", cwd=tmp_path)
    where, _, words = done.stdout.strip().partition(": ")
    assert where == f"in {tmp_path}"
    assert f"--search-root {clone.root}" in words
    assert words.endswith("check-schemas --schemas my tree")


def test_it_works_through_a_chain_of_symlinks(clone: Clone, tmp_path: Path) -> None:
    (tmp_path / "direct").symlink_to(clone.root / "invoke")
    (tmp_path / "relative").symlink_to("direct")
    done = clone.run("--list", script=[tmp_path / "relative"])
    assert f"--search-root {clone.root}" in done.stdout


@pytest.mark.parametrize("shell", ["bash", "dash"])
def test_it_works_in_every_shell_that_may_stand_as_sh(clone: Clone, shell: str) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    (clone.path / "sh").unlink()
    (clone.path / "sh").symlink_to(str(shutil.which(shell)))
    done = clone.run("run", "items", script=[clone.path / "sh", clone.root / "invoke"])
    assert done.returncode == 0
    assert clone.installed() == ["run"]


def test_a_failed_install_says_so_and_the_next_run_goes_on(clone: Clone) -> None:
    (clone.fakes / "pip-fails").touch()
    failed = clone.run("--list")
    assert failed.returncode == 2
    assert "could not install requirements/run.lock" in failed.stderr
    (clone.fakes / "pip-fails").unlink()
    assert clone.run("--list").returncode == 0
    assert clone.installed() == ["run"]


def test_a_half_made_environment_is_made_again(clone: Clone) -> None:
    (clone.fakes / "venv-fails").touch()
    assert clone.run("--list").returncode == 2
    (clone.fakes / "venv-fails").unlink()
    assert clone.run("--list").returncode == 0
    assert clone.log()[0] == "venv"


def test_an_install_that_is_killed_is_done_again(clone: Clone, gate: Path) -> None:
    with clone.start("--list") as first:
        wait_until(lambda: clone.installed() == ["run"])
        os.killpg(first.pid, signal.SIGKILL)
    gate.unlink()
    assert clone.run("--list").returncode == 0
    assert clone.installed() == ["run"]


def test_two_at_the_same_time_install_once(clone: Clone, gate: Path) -> None:
    with clone.start("--list") as first:
        wait_until(lambda: clone.installed() == ["run"])
        with clone.start("--list") as second:
            assert second.stderr
            assert "another run is installing" in second.stderr.readline()
            gate.unlink()
            assert second.wait(timeout=10) == 0
        assert first.wait(timeout=10) == 0
    assert clone.installed() == ["run"]


def test_an_environment_whose_python_is_gone_is_made_again(clone: Clone) -> None:
    clone.run("--list")
    python = clone.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3.12")
    assert clone.run("--list").returncode == 0
    assert clone.log()[0] == "venv"


def test_a_moved_checkout_makes_its_environment_again(clone: Clone, tmp_path: Path) -> None:
    clone.run("--list")
    clone.root = clone.root.rename(tmp_path / "moved")
    assert clone.run("--list").returncode == 0
    assert clone.log()[0] == "venv"
