"""A team deletes the example services and begins with its own data."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.trees import commit

ROOT = Path(__file__).parents[2]
EXAMPLES = ("items", "rooms")
HOMES = ("services", "schemas", "registry/records")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of this repository without the example services and their data, committed."""
    listed = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True).stdout
    folder = tmp_path / "a checkout"
    for name in filter(None, names.decode().split("\0")):
        if (ROOT / name).is_file() and not name.startswith(("docs/", "tests/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    for home in HOMES:
        for example in EXAMPLES:
            shutil.rmtree(folder / home / example)
    commit(folder)
    return folder


def run(folder: Path, *words: str) -> str:
    """Run Python in a checkout, with the code of that checkout alone."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        check=False,
        text=True,
        capture_output=True,
        env=os.environ | {"PYTHONPATH": str(folder)},
    )
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def invoke(folder: Path, *words: str) -> str:
    return run(folder, "-m", "invoke", *words)


def test_without_the_examples_the_schemas_are_sound_and_the_records_fresh(checkout: Path) -> None:
    invoke(checkout, "generate", "--check")
    invoke(checkout, "check-schemas")


def test_the_first_subject_of_its_own_passes_the_gate_and_has_a_class(checkout: Path) -> None:
    said = invoke(checkout, "new-subject", "probes.Probe")
    assert said.startswith("schemas/probes/probe/v1.avsc is new")
    assert "1 written, 0 deleted" in invoke(checkout, "generate")
    invoke(checkout, "check-schemas")
    code = (
        "from uuid import UUID\n"
        "from registry.records.probes.probe.v1 import Probe\n"
        "probe = Probe(id=UUID(int=7))\n"
        "assert Probe.from_avro(probe.to_avro()) == probe\n"
        "print(Probe.SUBJECT, Probe.VERSION)"
    )
    assert run(checkout, "-c", code) == "probes.Probe 1\n"
