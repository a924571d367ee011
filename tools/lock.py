"""Keeps requirements/*.lock: pinned, hashed packages, resolved from the lists in pyproject.toml."""

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

# Dependency group of pyproject.toml by lock. The largest lock comes first and constrains the
# others: all pin the same versions, so an environment can grow from one lock to the next.
GROUPS = {"bench": "bench", "dev": "dev", "tracing": "build", "kafka": "build", "run": "build"}
# The optional dependencies that a lock holds as well, where it does not hold all of them.
EXTRAS = {"tracing": ("tracing",), "kafka": ("kafka",), "run": ()}
_FIRST_LINE = "# made from {digest} in pyproject.toml; renew with ./invoke lock\n"

_RESOLVE = [
    *(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet"),
    *("--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"),
]


def main(root: Path, *, check: bool, upgrade: bool) -> int:
    """Renew the locks of the checkout at `root`, or with `check` only name the stale ones.

    Returns 0 when all are fresh, 1 when `check` found a stale one, 2 when they cannot be resolved.
    """
    if not check:
        return renew(root, upgrade=upgrade)
    stale = stale_locks(root)
    for name in stale:
        print(
            f"requirements/{name}.lock was not made from the lists that pyproject.toml has now: "
            "run ./invoke lock and commit what it writes.",
        )
    return 1 if stale else 0


def stale_locks(root: Path) -> list[str]:
    """Names of the locks that are missing or were made from other lists; needs no network."""
    pyproject = _pyproject(root)
    return [name for name in GROUPS if not _is_fresh(root, name, digest(pyproject, name))]


def digest(pyproject: dict[str, Any], name: str) -> str:
    """SHA-256 of what decides the content of the lock `name`, as `sha256:` and hexadecimal."""
    project, groups = pyproject["project"], pyproject["dependency-groups"]
    packages = {*project["dependencies"], *_packages(groups, GROUPS[name])}
    optional = project.get("optional-dependencies", {})
    packages.update(*(optional[extra] for extra in EXTRAS.get(name, optional)))
    inputs = json.dumps([project["requires-python"], sorted(packages)])
    return f"sha256:{hashlib.sha256(inputs.encode()).hexdigest()}"


def renew(root: Path, *, upgrade: bool) -> int:
    """Resolve every lock again; pins that still fit stay, unless `upgrade`. Needs the network.

    Returns 0, or 2 when the resolver gave up, which has then said why.
    """
    pyproject = _pyproject(root)
    for name in GROUPS:
        if subprocess.run(_command(name, upgrade=upgrade), cwd=root, check=False).returncode:
            return 2
        lock = _path(root, name)
        lock.write_text(_FIRST_LINE.format(digest=digest(pyproject, name)) + lock.read_text())
    return 0


def _command(name: str, *, upgrade: bool) -> list[str]:
    words = [*_RESOLVE, "--group", GROUPS[name], "--output-file", f"requirements/{name}.lock"]
    words += [f"--extra={extra}" for extra in EXTRAS[name]] if name in EXTRAS else ["--all-extras"]
    if name != "bench":
        return [*words, "--constraints", "requirements/bench.lock"]
    return [*words, "--upgrade"] if upgrade else words


def _packages(groups: dict[str, list[Any]], name: str) -> list[str]:
    packages: list[str] = []
    for entry in groups[name]:
        packages += [entry] if isinstance(entry, str) else _packages(groups, entry["include-group"])
    return packages


def _is_fresh(root: Path, name: str, wanted: str) -> bool:
    lock = _path(root, name)
    return lock.is_file() and lock.read_text().startswith(_FIRST_LINE.format(digest=wanted))


def _pyproject(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text())


def _path(root: Path, name: str) -> Path:
    return root / "requirements" / f"{name}.lock"
