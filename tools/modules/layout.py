"""Python source as `ruff format` would leave it: strings, docstrings and bracketed lists."""

import re
from dataclasses import dataclass, replace
from inspect import cleandoc
from textwrap import wrap
from typing import Final, TypeAlias

WIDTH: Final = 100
INDENT: Final = "    "
_BARE_QUOTE: Final = re.compile(r'(?<!\\)(?:\\\\)*"$')


@dataclass(frozen=True, slots=True)
class Group:
    """Items in brackets, on one line where they fit. `start` ends in the opening bracket."""

    start: str
    items: tuple["Code", ...]
    end: str

    @property
    def is_call(self) -> bool:
        """Whether these are arguments, which may share a line of their own."""
        return self.start.endswith("(") and self.start[-2:] not in ("(", " (")


Code: TypeAlias = str | Group
"""An expression; a str cannot be broken over lines."""


def prefixed(prefix: str, code: Code) -> Code:
    """Return an expression with something in front, such as the name of an argument."""
    if isinstance(code, Group):
        return replace(code, start=prefix + code.start)
    return prefix + code


def flat(code: Code) -> str:
    """Return an expression on one line."""
    if isinstance(code, str):
        return code
    is_single = len(code.items) == 1 and code.start.endswith("(") and not code.is_call
    return code.start + ", ".join(map(flat, code.items)) + "," * is_single + code.end


def laid_out(code: Code, indent: str = "", tail: str = "") -> list[str]:
    """Return the lines of an expression that is followed by `tail`."""
    line = indent + flat(code) + tail
    if len(line) <= WIDTH or isinstance(code, str) or not code.items:
        return line.split("\n")
    inner = indent + INDENT
    row = inner + ", ".join(map(flat, code.items))
    if code.is_call and len(row) <= WIDTH:
        body = [row]
    else:
        comma = "," if len(code.items) > 1 or code.start == "(" else ""
        body = [line for item in code.items for line in laid_out(item, inner, comma)]
    return [indent + code.start, *body, indent + code.end + tail]


def statement(code: Code, indent: str = "") -> list[str]:
    """Return the lines of a statement; one that no layout fits is kept from the formatter."""
    lines = laid_out(code, indent)
    # A string of many lines cannot be laid out, so the formatter leaves it alone.
    return lines if _fits(lines) or "\n" in flat(code) else [f"{indent}{flat(code)}  # fmt: skip"]


def assignment(name: str, hint: tuple[str, ...], value: Code | None, indent: str) -> list[str]:
    """Return the lines of `name: hint = value`; `hint` holds the members of a union."""
    target = f"{name}: {' | '.join(hint)}"
    code = target if value is None else prefixed(f"{target} = ", value)
    if len(hint) > 1 and not _fits(laid_out(code, indent)):
        members = [f"{indent}{INDENT}{'| ' if i else ''}{each}" for i, each in enumerate(hint)]
        end = "" if value is None else f" = {flat(value)}"
        lines = [f"{indent}{name}: (", *members, f"{indent}){end}"]
        if _fits(lines):
            return lines
    return statement(code, indent)


def quoted(value: str | bytes) -> str:
    """Return a literal in ASCII, in the quotes that need fewer escapes."""
    text = value if isinstance(value, str) else value.decode("latin-1")
    quote = "'" if text.count('"') > text.count("'") else '"'
    body = text.encode("unicode_escape").decode("ascii").replace(quote, "\\" + quote)
    return f"{'' if isinstance(value, str) else 'b'}{quote}{body}{quote}"


def verbatim(text: str) -> str:
    """Return a literal of a text of many lines that shows it as it is, where that is safe."""
    shown = text.replace("\n", "").replace("\t", "")
    if not shown.isprintable() or '"""' in text or text.endswith(('"', "\\")):
        return quoted(text)
    prefix = "r" if "\\" in text else ""
    return f'{prefix}"""{text}"""'


def docstring(text: str, indent: str) -> list[str]:
    """Return the lines of a docstring, wrapped; empty for an empty text."""
    width = WIDTH - len(indent) - len('"""')
    lines = [each for line in text.splitlines() for each in _wrapped(line, width)]
    escaped = cleandoc("\n".join(lines)).split("\n")
    if escaped == [""]:
        return []
    first = " " if escaped[0].startswith('"') else ""
    last = " " if _BARE_QUOTE.search(escaped[-1]) else ""
    body = [f'"""{first}{escaped[0]}', *escaped[1:]]
    if len(body) == 1:
        whole = f'{indent}{body[0]}{last}"""'
        if len(whole) <= WIDTH or " " not in escaped[0]:
            return [whole]
    return [*(f"{indent}{line}".rstrip() for line in body), f'{indent}"""']


def _wrapped(line: str, width: int) -> list[str]:
    """Wrap a line of a doc; nothing in it can end the string or hide from a reader."""
    safe = "".join(each if each.isprintable() else " " for each in line)
    safe = safe.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return wrap(safe, width, break_long_words=False, break_on_hyphens=False) or [""]


def _fits(lines: list[str]) -> bool:
    return all(len(line) <= WIDTH for line in lines)
