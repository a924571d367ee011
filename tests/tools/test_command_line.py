"""`check-schemas` as a program, in repositories that know nothing of this one but its wheel."""

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

import pytest
import yaml

from tests.tools.trees import commit, git, record, write
from tools.command_line import check_schemas

CHECKOUT = Path(__file__).parents[2]
FIRST = record("shop.Order", {"name": "id", "type": "long", "doc": "Which."}, doc="An order.")
SECOND = record("shop.Order", {"name": "id", "type": "string", "doc": "Which."}, doc="An order.")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of a wheel that is installed in an environment without the checkout."""
    folder = tmp_path_factory.mktemp("elsewhere")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=CHECKOUT)
    venv.create(folder / "venv")
    python = folder / "venv/bin/python"
    offline = ("--no-index", "--no-deps", "--no-compile", "--quiet")
    wheels = folder.glob("*.whl")
    run(sys.executable, "-m", "pip", "--python", python, "install", *offline, *wheels, cwd=folder)
    # What it depends on is taken from here; a path file of a folder that a path file adds is not
    # read, and so the checkout itself stays out.
    (packages,) = folder.glob("venv/lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "venv/bin/check-schemas"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one released version in the folder `avro`."""
    write(tmp_path / "avro", {"shop/order/v1.avsc": FIRST})
    commit(tmp_path)
    git(tmp_path, "switch", "--create", "topic")
    return tmp_path


def run(*words: str | Path, cwd: Path, status: int = 0) -> str:
    kept = {key: each for key, each in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        words, cwd=cwd, env=kept, check=False, capture_output=True, text=True, timeout=100
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_an_installed_wheel_judges_another_repository(program: Path, repository: Path) -> None:
    assert "1 version of 1 subject: sound" in run(program, "avro", cwd=repository)
    write(repository, {"avro/shop/order/v2.avsc": SECOND})
    found = run(program, "avro", "--against", "main", cwd=repository, status=1)
    assert "avro/shop/order/v2.avsc:" in found
    assert "TYPE_MISMATCH" in found


def test_an_installed_wheel_says_it_in_every_format(program: Path, repository: Path) -> None:
    write(repository, {"avro/shop/order/v2.avsc": SECOND})
    found = run(program, "avro", "--format", "github", cwd=repository, status=1)
    assert "::error file=avro/shop/order/v2.avsc," in found


def test_a_folder_that_is_not_there_is_exit_code_2(program: Path, repository: Path) -> None:
    assert "There is no folder 'schemas'" in run(program, cwd=repository, status=2)


def test_a_format_that_is_not_there_is_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        check_schemas(["--format", "pdf"])
    assert ended.value.code == 2
    assert "choose from" in capsys.readouterr().err


def test_the_hook_calls_the_program_of_the_wheel_from_the_root_of_the_repository() -> None:
    (hook,) = yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text())
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    assert hook["entry"] in project["scripts"]
    assert (hook["language"], hook["pass_filenames"]) == ("python", False)


@pytest.mark.parametrize(
    "name", ["avro/shop/order/v2.avsc", "registry.toml", "a/subject.toml", "schemas/ids.toml"]
)
def test_the_hook_runs_for_every_file_of_a_tree(name: str) -> None:
    (hook,) = yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text())
    assert re.search(hook["files"], name)
