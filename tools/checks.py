"""The checks of this repository's own code: all of them at once, and a report of each."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

CHECKS: Final[Mapping[str, Sequence[str]]] = {
    "ruff check": ["ruff", "check"],
    "ruff format": ["ruff", "format", "--check"],
    "mypy": ["mypy"],
    "import directions": ["lint-imports"],
    "generated code": ["invoke", "generate", "--check"],
    "code owners": ["invoke", "schemas.owners", "--check"],
    "locks": ["invoke", "lock", "--check"],
}
"""The command line of each, by the name that the report uses."""


def main(root: Path, checks: Mapping[str, Sequence[str]] = CHECKS) -> int:
    """Run programs of this environment from a folder. Returns 0, or 1 where one of them fails."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        passed = list(pool.map(partial(_passes, root), checks, checks.values()))
    failed = [name for name, good in zip(checks, passed, strict=True) if not good]
    if failed:
        summary = f"lint: {len(failed)} of {len(checks)} failed: {', '.join(failed)}"
        print(summary, file=sys.stderr)
    return 1 if failed else 0


def _passes(root: Path, name: str, command: Sequence[str]) -> bool:
    program, *words = command
    done = subprocess.run(
        [Path(sys.executable).with_name(program), *words],
        cwd=root,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    report = f"FAILED  {name}\n{done.stdout}" if done.returncode else f"ok      {name}"
    print(report, flush=True)
    return done.returncode == 0
