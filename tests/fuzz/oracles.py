"""All that a case is asked. A new oracle is one more line here, or a `Twin` in `laws`."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from tests.fuzz.comparing import of_theirs
from tests.fuzz.findings import Finding
from tests.fuzz.laws import of_bytes, of_loose
from tests.fuzz.trial import Trial
from tests.fuzz.values import of_ill_typed, of_others_bytes, of_value

Oracle: TypeAlias = Callable[[Trial], Iterator[Finding]]


def of_data(trial: Trial, data: Sequence[bytes]) -> Iterator[Finding]:
    """Yield what is wrong with how some data is read."""
    for each in data:
        yield from of_bytes(trial, each)
    yield from of_theirs(trial, data)


def _of_encodings(trial: Trial) -> Iterator[Finding]:
    yield from of_data(trial, [bytes(each.data) for each in trial.loose])
    yield from of_data(trial, trial.mutants)


ORACLES: Final[tuple[Oracle, ...]] = (
    of_value,
    of_others_bytes,
    of_loose,
    _of_encodings,
    of_ill_typed,
)


def of_all(trial: Trial) -> Iterator[Finding]:
    """Yield what any oracle finds."""
    for oracle in ORACLES:
        yield from oracle(trial)
