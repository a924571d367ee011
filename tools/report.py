"""What a run of the gate has found, for the faces to show."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.case import Case
from tools.finding import Finding, Severity


@dataclass(frozen=True, kw_only=True)
class Report:
    """The findings on a case, by their places.

    `hidden` is how many more there are that the base has as well; `seconds` is how long the
    judgement took.
    """

    case: Case
    findings: Sequence[Finding]
    hidden: int = 0
    seconds: float = 0.0
    colour: bool = False

    def text(self, file: str) -> str:
        """Return the text of a file, "" if there is none."""
        path = Path(file)
        return path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""

    def count(self, severity: Severity) -> int:
        """Return how many findings are of a severity."""
        return sum(each.severity is severity for each in self.findings)

    @property
    def failed(self) -> bool:
        """Whether there are errors."""
        return self.count(Severity.ERROR) > 0

    @property
    def versions(self) -> int:
        """How many versions were judged."""
        return sum(path.endswith(".avsc") for path in self.case.texts)

    @property
    def subjects(self) -> int:
        """How many subjects were judged."""
        folders = {p.rpartition("/")[0] for p in self.case.texts if p.endswith(".avsc")}
        return len(folders)

    @property
    def verdict(self) -> str:
        """The judgement in one sentence."""
        counts = [
            _count(self.count(severity), word)
            for severity, word in _WORDS.items()
            if self.count(severity)
        ]
        old = f"; {_count(self.hidden, 'finding')} of the base not shown" if self.hidden else ""
        if self.count(Severity.ERROR) or self.count(Severity.WARNING):
            return f"{_listed(counts)} in {_count(self.versions, 'schema')}{old}."
        judged = f"{_count(self.versions, 'version')} of {_count(self.subjects, 'subject')}"
        praise = "nothing new is wrong" if old else "sound, and compatible by their levels"
        rest = f", {counts[0]}" if counts else ""
        return f"{judged}: {praise}{rest}{old}."

    @property
    def summary(self) -> str:
        """The verdict with the time it took."""
        return f"{self.verdict} ({self.seconds:.2f} s)"


_WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _listed(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last
