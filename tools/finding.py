"""What a check has found, and how it is shown to a person."""

import re
from dataclasses import dataclass
from enum import StrEnum
from textwrap import wrap
from typing import Final

_BOLD, _RED, _YELLOW, _CYAN = "1", "1;31", "1;33", "36"
_WIDTH: Final = 100
_WORD: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\w.+-]+')


class Severity(StrEnum):
    """How bad a finding is: only errors fail a check."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem at a place of a file.

    `file` is as its reader can open it; `line` and `column` count from 1, 0 where the whole file
    is meant. `message` is why it is wrong, a sentence a line; `fix` what to do about it, as text
    to paste where there is one.
    """

    file: str
    rule: str
    message: str
    line: int = 0
    column: int = 0
    severity: Severity = Severity.ERROR
    fix: str = ""

    @property
    def place(self) -> tuple[str, int, int, str, str]:
        """What findings are sorted by."""
        return self.file, self.line, self.column, self.rule, self.message

    @property
    def where(self) -> str:
        """`file:line:column`, as far as it is known."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


def as_text(finding: Finding, text: str = "", *, colour: bool = False) -> str:
    """Return a finding for a terminal: its place, the source line with a caret, why, and a fix.

    `text` is that of the file; without it no source line is shown.
    """
    alarm = (_RED if finding.severity is Severity.ERROR else _YELLOW) if colour else ""
    where = _painted(finding.where, _BOLD if colour else "")
    kind = "" if finding.severity is Severity.ERROR else f" ({finding.severity})"
    lines = [f"{where}: {_painted(finding.rule, alarm)}{kind}", *_excerpt(finding, text, alarm)]
    for line in finding.message.split("\n"):
        lines += wrap(line, _WIDTH, initial_indent="  ", subsequent_indent="    ")
    if finding.fix:
        first, *rest = finding.fix.split("\n")
        lines.append(f"  {_painted('fix:', _CYAN if colour else '')} {first}")
        lines += [f"       {line}" for line in rest]
    return "\n".join(lines)


def _excerpt(finding: Finding, text: str, alarm: str) -> list[str]:
    """Return the source line, and the line with carets under the word that begins there."""
    source = text.split("\n")
    if not 0 < finding.line <= len(source):
        return []
    line = source[finding.line - 1]
    begin = finding.column - 1
    word = _WORD.match(line, begin)
    # Of a long line, such as a schema without line breaks, only the surroundings are shown.
    start = max(0, begin - _WIDTH // 2) if len(line) > _WIDTH else 0
    shown = line[start : start + _WIDTH].rstrip()
    end = min(word.end() if word else begin + 1, start + _WIDTH)
    space = " " * len(_printable(line[start:begin]))
    carets = _painted("^" * len(_printable(line[begin:end])), alarm)
    return [f"{finding.line:>5} | {_printable(shown)}", f"      | {space}{carets}"]


def _printable(text: str) -> str:
    text = text.replace("\t", "    ")
    return "".join(each if each.isprintable() else "?" for each in text)


def _painted(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if code else text
