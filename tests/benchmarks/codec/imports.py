"""Importing a generated module when those that it refers to are there already."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final

from registry import SchemaTree
from registry.naming import module_path
from tests.benchmarks.table import Row

CHECKOUT: Final = Path(__file__).parents[3]
VERSION: Final = "rooms.Room/2"
ROUNDS: Final = 11
MOST: Final = 2.0
"""Milliseconds."""


def measure(rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield the milliseconds of an import, with the compiled files that the first one leaves."""
    version = SchemaTree.load(CHECKOUT / "schemas").version(VERSION)
    before = [module_of(each.name, each.version) for each in version.references]
    names = [module_of(version.subject, version.number), *before]
    _seconds(names)
    took = 1e3 * median(_seconds(names) for _ in range(rounds))
    what = f"importing {VERSION} after what it refers to"
    yield Row(what=what, ours=f"{took:.2f} ms", ratio=took, most=MOST)


def module_of(subject: str, number: int) -> str:
    """Return the name of the generated module of a version."""
    return f"registry.records.{module_path(subject, number).replace('/', '.')}"


def _seconds(names: list[str]) -> float:
    """Return the seconds of the processor that importing the first takes after the others."""
    words = [sys.executable, "-m", "tests.benchmarks.codec.one_import", *names]
    environment = {**os.environ}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        words, cwd=CHECKOUT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return float(done.stdout)
