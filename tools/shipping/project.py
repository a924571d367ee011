"""The project file that a wheel is built from, and the building."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tools.command import Refused
from tools.shipping.needs import Needs

_DESCRIPTION: Final = "Avro schemas, their records, and the library that reads and writes them."
_KEPT: Final = ("requires-python", "license", "license-files")
# The hook of PEP 517, which returns the name of the file.
_BUILD: Final = "import sys, hatchling.build as b; print(b.build_wheel(sys.argv[1]))"


def project_text(
    package: str, name: str, version: str, asked: Needs, pyproject: Mapping[str, Any]
) -> str:
    """Return the pyproject.toml of a package, with the terms that the one of the checkout has."""
    project = {"name": name, "version": version, "description": _DESCRIPTION}
    project |= {key: pyproject["project"][key] for key in _KEPT if key in pyproject["project"]}
    tables: dict[str, Mapping[str, object]] = {
        "build-system": pyproject["build-system"],
        "project": project | {"dependencies": asked.dependencies},
        "project.optional-dependencies": asked.extras,
        "tool.hatch.build": {"ignore-vcs": True},
        "tool.hatch.build.targets.wheel": {"packages": [package]},
    }
    return "\n".join(f"[{title}]\n{_lines(table)}" for title, table in tables.items())


def build(files: Mapping[str, bytes], folder: Path, to: Path) -> Path:
    """Write a project into an empty folder and its wheel into another; return the wheel.

    Needs no network: the backend is the one of this environment. SOURCE_DATE_EPOCH, where it is
    set, dates the files in the wheel (in seconds of Unix). Raises Refused with the reason of the
    backend.
    """
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    to.mkdir(parents=True, exist_ok=True)
    # Isolated, so that no module of the project stands in for one of the backend.
    words = [sys.executable, "-I", "-c", _BUILD, str(to.resolve())]
    done = subprocess.run(words, cwd=folder, check=False, text=True, capture_output=True)
    if done.returncode:
        complaint = done.stderr.strip().splitlines()[-1:] or ["it does not say why"]
        raise Refused(f"the wheel cannot be built: {complaint[0]}")
    return to / done.stdout.split()[-1]


def _lines(table: Mapping[str, object]) -> str:
    """Return a table of texts, flags and lists of texts: JSON writes those as TOML does."""
    return "".join(f"{key} = {json.dumps(each)}\n" for key, each in table.items())
