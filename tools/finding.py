"""What a check has found."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is: only errors fail a check."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem at a place of a file.

    `file` is as its reader can open it; `line` and `column` count from 1, 0 where the whole file
    is meant; `end_column` is exclusive, 0 where it is not known. `message` is why it is wrong, a
    sentence a line; `fix` what to do about it, as text to paste where there is one.
    """

    file: str
    rule: str
    message: str
    line: int = 0
    column: int = 0
    severity: Severity = Severity.ERROR
    fix: str = ""
    end_column: int = 0
    versions: tuple[str, ...] = ()
    """The versions, such as `shop.Order/1`, whose readers or writers this breaks."""
    affected: tuple[str, ...] = ()
    """Who uses those versions, a line each."""

    @property
    def place(self) -> tuple[bool, str, int, int, str, str]:
        """What findings are sorted by; what follows from the schemas comes after them."""
        generated = self.file.endswith(".py")
        return generated, self.file, self.line, self.column, self.rule, self.message

    @property
    def where(self) -> str:
        """`file:line:column`, as far as it is known."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    @property
    def explanation(self) -> str:
        """Why it is wrong, whom it affects, and what to do about it."""
        affected = [f"affects: {each}" for each in self.affected]
        fix = [f"fix: {self.fix}"] if self.fix else []
        return "\n".join([self.message, *affected, *fix])
