"""The gate on a large tree: cold, with one changed subject, and as the tree grows."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks import synthetic
from tests.benchmarks.table import Row
from tests.tools.trees import commit

CHECKOUT = Path(__file__).parents[2]
SUBJECTS = 2_500
SMALLER = 10  # times
ROUNDS = 3


@dataclass(frozen=True)
class Run:
    """What one run of the gate took, the start of its process aside."""

    code: int
    seconds: float
    kilobytes: int


class Repository:
    """A released tree with one new version, and the verdicts on it from before that."""

    def __init__(self, folder: Path, subjects: int) -> None:
        self.schemas = folder / "schemas"
        self.before = folder / "cache-before"
        self.cache = folder / "cache"
        synthetic.write(self.schemas, subjects)
        commit(folder)
        self.first = _judged(self.schemas, self.before)
        number = synthetic.VERSIONS + 1
        changed = self.schemas / synthetic.path(1, number)
        changed.write_text(
            synthetic.text(1, number).replace(f'"version": {number}', '"version": 4')
        )

    def cold(self) -> Run:
        """Judge it all."""
        shutil.rmtree(self.cache, ignore_errors=True)
        return _judged(self.schemas, self.cache)

    def warm(self) -> Run:
        """Judge it with what is known from before the change."""
        shutil.rmtree(self.cache, ignore_errors=True)
        shutil.copytree(self.before, self.cache)
        return _judged(self.schemas, self.cache)


def measure(subjects: int = SUBJECTS, rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield the figures of a tree of that many subjects, and of one that is ten times smaller."""
    with TemporaryDirectory() as folder:
        small = Repository(Path(folder) / "small", subjects // SMALLER)
        large = Repository(Path(folder) / "large", subjects)
        turns = [(small.cold(), large.cold(), large.warm()) for _ in range(rounds)]
    before, cold, warm = (median(run.seconds for run in runs) for runs in zip(*turns, strict=True))
    versions = subjects * synthetic.VERSIONS
    yield Row(
        what=f"check-schemas, {versions:,} versions, one subject changed",
        ours=f"{warm:.2f} s",
        peer=f"cold: {cold:.2f} s",
        ratio=cold / warm,
        least=5,
    )
    yield Row(
        what=f"growth from {versions // SMALLER:,} to {versions:,} versions, cold",
        ours=f"{cold:.2f} s",
        peer=f"{before:.2f} s",
        ratio=cold / before,
        most=SMALLER,
    )
    for name, run in zip(("cold", "one subject changed"), turns[-1][1:], strict=True):
        yield Row(what=f"peak memory, {name}", ours=f"{run.kilobytes / 1024:,.0f} MiB")


def _judged(schemas: Path, cache: Path) -> Run:
    words = [sys.executable, "-m", "tests.benchmarks.one_gate", str(schemas), str(cache)]
    done = subprocess.run(words, cwd=CHECKOUT, check=True, stdout=subprocess.PIPE, text=True)
    report, _, figures = done.stdout.strip().rpartition("\n")
    run = Run(**json.loads(figures))
    if run.code or "finding" in report:
        raise RuntimeError(f"the gate refuses the synthetic tree:\n{report}")
    return run
