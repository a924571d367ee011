"""Two type checkers over all generated modules, and over code that uses them rightly and wrongly.

`typing/uses.txt` is that code: a text, because the modules it imports are made here.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.probes_loaded import PROBES, write_modules

ROOT = Path(__file__).parents[2]
JAVASCRIPT = Path(__file__).with_name("javascript")
USES = Path(__file__).with_name("typing") / "uses.txt"
OLDEST = "3.11"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the registry, its records, those of the probes beside them, and the code."""
    folder = tmp_path / "project"
    shutil.copytree(
        ROOT / "registry", folder / "registry", ignore=shutil.ignore_patterns("__pycache__")
    )
    for probe in PROBES.values():
        write_modules(probe.files, folder / "registry" / "records")
    shutil.copy(USES, folder / "uses.py")
    return folder


@pytest.fixture
def pyright(tmp_path: Path) -> Path:
    """The script that the npm package pyright consists of."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("needs node and npm, to install the package pyright")
    folder = tmp_path / "javascript"
    shutil.copytree(JAVASCRIPT, folder)
    install = ["npm", "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(install, cwd=folder, check=False, text=True, capture_output=True)
    if done.returncode and "CI" not in os.environ:
        pytest.skip(f"npm cannot install the package pyright: {done.stderr}")
    assert done.returncode == 0, done.stderr
    return folder / "node_modules" / "pyright" / "index.js"


def run(folder: Path, *words: str | Path) -> None:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_code_that_uses_the_records_runs(project: Path) -> None:
    run(project, sys.executable, "-W", "error", "uses.py")


def test_mypy_finds_nothing_in_the_records_and_all_that_is_wrong_in_their_use(
    project: Path,
) -> None:
    (project / "mypy.ini").write_text("[mypy]\nstrict = true\nexplicit_package_bases = true\n")
    words = ("--cache-dir", os.devnull, "--python-version", OLDEST, "registry/records", "uses.py")
    run(project, sys.executable, "-m", "mypy", *words)


def test_pyright_finds_nothing_in_the_records_and_all_that_is_wrong_in_their_use(
    project: Path, pyright: Path
) -> None:
    settings = {
        "include": ["registry/records", "uses.py"],
        "pythonVersion": OLDEST,
        "reportUnnecessaryTypeIgnoreComment": "error",
        "typeCheckingMode": "strict",
    }
    (project / "pyrightconfig.json").write_text(json.dumps(settings))
    run(project, "node", pyright, "--pythonpath", sys.executable)
