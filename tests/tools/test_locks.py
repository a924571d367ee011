"""The locks in requirements/, and the tool that keeps them."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from tools import lock

CHECKOUT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
NO_PACKAGES = """
[project]
name = "empty"
version = "1"
requires-python = ">=3.11"
dependencies = [{package}]

[project.optional-dependencies]
kafka = []
tracing = []

[dependency-groups]
build = []
dev = []
bench = []
"""


def text_of(name: str) -> str:
    return (CHECKOUT / "requirements" / f"{name}.lock").read_text()


def pins(name: str) -> dict[str, str]:
    """Version by package."""
    return dict(re.findall(r"^([\w.-]+)==([^ ;\\]+)", text_of(name), re.MULTILINE))


def group(name: str) -> set[str]:
    """Packages that a dependency group names itself."""
    members = PYPROJECT["dependency-groups"][name]
    return {re.split(r"[^\w.-]", member)[0] for member in members if isinstance(member, str)}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that needs no package, so that it resolves without a network."""
    (tmp_path / "pyproject.toml").write_text(NO_PACKAGES.format(package=""))
    (tmp_path / "requirements").mkdir()
    return tmp_path


def test_the_locks_are_made_from_the_lists_in_pyproject() -> None:
    assert lock.stale_locks(CHECKOUT) == []


@pytest.mark.parametrize("name", lock.GROUPS)
def test_every_requirement_is_pinned_and_has_a_hash(name: str) -> None:
    logical_lines = text_of(name).replace("\\\n", " ").splitlines()
    requirements = [line for line in logical_lines if not line.startswith("#")]
    assert requirements
    pinned = re.compile(r"[\w.-]+==[^ ]+( ; [^-]+)?( +--hash=sha256:[0-9a-f]{64})+")
    assert [line for line in requirements if not pinned.fullmatch(line.strip())] == []


@pytest.mark.parametrize("name", lock.GROUPS)
def test_a_lock_names_no_index_and_no_folder(name: str) -> None:
    assert re.findall(r"\w+://|--\w*index\w*|--find-links|/home/|/root/", text_of(name)) == []


def test_a_larger_lock_holds_the_same_pins_as_a_smaller_one() -> None:
    assert pins("run").items() <= pins("dev").items() <= pins("bench").items()


def test_running_a_service_installs_neither_test_tools_nor_benchmark_peers() -> None:
    assert pins("run").keys() & (group("dev") | group("bench")) == set()


def test_the_build_backend_is_in_the_locks_as_the_build_asks_for_it() -> None:
    assert PYPROJECT["build-system"]["requires"] == PYPROJECT["dependency-groups"]["build"]


def test_a_new_dependency_makes_the_locks_stale(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(CHECKOUT / "requirements", tmp_path / "requirements")
    text = (CHECKOUT / "pyproject.toml").read_text()
    changed = text.replace("\ndependencies = [", '\ndependencies = ["left-pad>=1",')
    (tmp_path / "pyproject.toml").write_text(changed)
    assert lock.main(tmp_path, check=True, upgrade=False) == 1
    report = capsys.readouterr().out
    assert "requirements/run.lock was not made from the lists that pyproject.toml has" in report
    assert "run ./invoke lock" in report


def test_a_new_test_tool_leaves_the_lock_of_the_services_fresh(tmp_path: Path) -> None:
    shutil.copytree(CHECKOUT / "requirements", tmp_path / "requirements")
    text = (CHECKOUT / "pyproject.toml").read_text()
    changed = text.replace("\ndev = [", '\ndev = ["left-pad>=1",')
    (tmp_path / "pyproject.toml").write_text(changed)
    assert lock.stale_locks(tmp_path) == ["bench", "dev"]


def test_renewing_makes_the_locks_fresh(project: Path) -> None:
    assert lock.main(project, check=True, upgrade=False) == 1
    assert lock.main(project, check=False, upgrade=False) == 0
    assert lock.main(project, check=True, upgrade=False) == 0


def test_lists_that_cannot_be_met_are_exit_code_2(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text = NO_PACKAGES.format(package='"gone @ file:///nowhere/gone-1-py3-none-any.whl"')
    (project / "pyproject.toml").write_text(text)
    assert lock.main(project, check=False, upgrade=False) == 2
    assert "nowhere/gone" in capfd.readouterr().err
    assert list((project / "requirements").iterdir()) == []
