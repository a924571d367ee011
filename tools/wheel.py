"""A wheel of the library, its records and its schemas, under a name that its team chooses."""

import keyword
import re
import sys
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tools.command import Refused, command
from tools.shipping.contents import library, named, schemas
from tools.shipping.needs import needs, requirement
from tools.shipping.project import build, project_text

PACKAGE: Final = "registry"
"""What imports name the library here."""


@command("dist.wheel")
def main(
    root: Path,
    to: Path,
    *,
    package: str = PACKAGE,
    name: str | None = None,
    version: str | None = None,
) -> int:
    """Write the wheel of a checkout to a folder: for the same files and words the same bytes.

    `package` is the name for imports, `name` that for installers (default: made of the package),
    `version` is one of PEP 440 (default: that of pyproject.toml). Returns 0, or 2 where it cannot
    be built: for want of a name or a version, with stale records, or with an import that no
    requirement provides.
    """
    pyproject = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    project = pyproject["project"]
    _refuse_a_name(package, project["dependencies"])
    own = library(root / PACKAGE)
    asked = needs({path: own[path] for path in own if path.endswith(".py")}, PACKAGE, pyproject)
    texts = schemas(root / "schemas", root / PACKAGE / "records")
    text = project_text(
        package, name or _name(package), version or project["version"], asked, pyproject
    )
    files = {path: (root / path).read_bytes() for path in _licenses(root, project)}
    files |= {f"{package}/{path}": each for path, each in named(own, PACKAGE, package).items()}
    files |= {f"{package}/schemas/{path}": each for path, each in texts.items()}
    with TemporaryDirectory() as folder:
        wheel = build(files | {"pyproject.toml": text.encode()}, Path(folder), to)
    print(f"{wheel.as_posix()}: import {package}")
    return 0


def _refuse_a_name(package: str, requirements: list[object]) -> None:
    fix = "Name it like acme_registry."
    if not re.fullmatch(r"[A-Za-z]\w*", package, re.ASCII) or keyword.iskeyword(package):
        raise Refused(f"--package {package}: no name of a package at the top level. {fix}")
    if package in sys.stdlib_module_names or requirement(package, requirements):
        raise Refused(f"--package {package}: there is a package of that name already. {fix}")


def _name(package: str) -> str:
    return package.strip("_").replace("_", "-")


def _licenses(root: Path, project: dict[str, Any]) -> list[str]:
    patterns = project.get("license-files", [])
    found = {each for pattern in patterns for each in root.glob(pattern)}
    return sorted(each.relative_to(root).as_posix() for each in found)
