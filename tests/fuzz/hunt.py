"""The hunt: cases are drawn and tried until the time is over; what is found is made small."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from random import Random
from time import monotonic
from typing import Final

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.errors import Flaky, NoSuchExample

from tests.fuzz.classes import generated
from tests.fuzz.findings import Finding
from tests.fuzz.oracles import of_all, of_data
from tests.fuzz.others import Others
from tests.fuzz.seeds import Seed, seeds
from tests.fuzz.shrinking import smallest
from tests.fuzz.trial import Trial

_BATCH = 100  # cases drawn with one seed
_SHRINKING: Final = 15.0  # seconds for one finding
_SETTINGS: Final = settings(
    max_examples=_BATCH,
    database=None,
    deadline=None,
    derandomize=False,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


class Hunt:
    """One run. `findings` are of different kinds; `tried` counts data and values."""

    def __init__(
        self,
        others: Others,
        seconds: float,
        wanted: Callable[[Finding], bool] = lambda _: True,
        shrinking: float = _SHRINKING,
    ) -> None:
        """Take those to compare with, and the seconds of wall time that the hunt may last.

        Findings that are not `wanted` are passed over; `shrinking` are the seconds for each.
        """
        self.wanted = wanted
        self.shrinking = shrinking
        self.findings: list[Finding] = []
        self.tried = 0
        self._others = others
        self._end = monotonic() + seconds

    @property
    def over(self) -> bool:
        """Whether its time is over."""
        return monotonic() > self._end

    def run(self, seed: int, progress: Callable[[], object] = lambda: None) -> None:
        """Hunt until the time is over; what batch n finds, a run with `seed` + n finds first."""
        while not self.over:
            if self.batch(seed) is None:
                seed += 1
            progress()

    def batch(self, seed: int) -> Finding | None:
        """Try the cases of one seed until one gives a finding of a new kind, and return that."""
        chase = _Chase(self)
        with suppress(NoSuchExample, Flaky):  # the smallest is kept here
            find(seeds(), chase, settings=_SETTINGS, random=Random(seed))  # noqa: S311 repeatable
        if chase.best is None:
            return None
        finding = replace(self._small(*chase.best), seed=seed)
        self.findings.append(finding)
        return finding

    def judged(self, seed: Seed, *, thorough: bool = False) -> Iterator[Finding]:
        """Yield what is found on one case, of whatever kind."""
        with self._trial(seed, thorough=thorough) as trial:
            yield from of_all(trial)

    @contextmanager
    def _trial(self, seed: Seed, *, thorough: bool = False) -> Iterator[Trial]:
        self._others.note(seed.text())
        with ExitStack() as stack:
            classes = stack.enter_context(generated(seed.reader)) if seed.classes else None
            trial = Trial(seed, self._others, classes, thorough=thorough)
            try:
                yield trial
            finally:
                self.tried += trial.tried

    def _small(self, seed: Seed, finding: Finding) -> Finding:
        """Return the finding with the fewest bytes that still show it."""
        if finding.data is None:
            return finding
        with self._trial(seed) as trial:

            def shown(data: bytes) -> Finding | None:
                found = (each for each in of_data(trial, [data]) if each.kind == finding.kind)
                return next(found, None)

            return smallest(finding, finding.data, shown)


class _Chase:
    """What Hypothesis asks of each case it draws: whether it shows what is looked for.

    At first that is a finding of any new kind, then, while the case is made smaller, the same kind.
    """

    def __init__(self, hunt: Hunt) -> None:
        self.best: tuple[Seed, Finding] | None = None
        self._hunt = hunt
        self._known = {each.kind for each in hunt.findings}
        self._until = 0.0
        self._hits: set[str] = set()

    def __call__(self, seed: Seed) -> bool:
        if self.best and monotonic() > self._until:
            return seed.text() in self._hits  # to answer otherwise than before would be flaky
        if self.best is None and self._hunt.over:
            return False
        found = self._hunt.judged(seed, thorough=self.best is not None)
        finding = next(filter(self._wanted, found), None)
        if finding is None:
            return False
        if self.best is None:
            self._until = monotonic() + self._hunt.shrinking
        if self.best is None or finding.size <= self.best[1].size:
            self.best = seed, finding
        self._hits.add(seed.text())
        return True

    def _wanted(self, finding: Finding) -> bool:
        if self.best:
            return finding.kind == self.best[1].kind
        return finding.kind not in self._known and self._hunt.wanted(finding)
