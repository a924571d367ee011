"""Changes to the text of a schema that leave every other character as it was."""

import json
from collections.abc import Mapping, Sequence
from json import JSONDecoder
from typing import Final

from registry.source import Span, locate, locate_all
from registry.subjects import Reference

_WIDTH: Final = 100


def replaced(text: str, values: Mapping[str, str]) -> str:
    """Return a text with other strings at some JSON Pointers."""
    spans = list(locate_all(text, list(values)))
    for span, value in sorted(zip(spans, values.values(), strict=True), key=_place, reverse=True):
        start = _offset(text, span.line, span.column)
        end = _offset(text, span.end_line, span.end_column)
        text = text[:start] + json.dumps(value) + text[end:]
    return text


def extracted(text: str, pointer: str) -> str:
    """Return the text of the value at a JSON Pointer, as a file of its own."""
    span = locate(text, pointer)
    start = _offset(text, span.line, span.column)
    _, end = JSONDecoder().raw_decode(text, start)
    return f"{text[start:end]}\n"


def pinned(text: str, references: Sequence[Reference]) -> str:
    """Return the text of a record with pins before its fields, laid out as the text is."""
    if not references:
        return text
    span = locate(text, "/fields#")
    at = _offset(text, span.line, span.column)
    start = at - span.column + 1
    indent = text[start:at]
    pins = [json.dumps({"name": each.name, "version": each.version}) for each in references]
    line = f'"references": [{", ".join(pins)}],'
    if not indent.isspace():  # the fields do not begin a line
        return f"{text[:at]}{line} {text[at:]}"
    end = "\r\n" if text.endswith("\r\n", 0, start) else "\n"
    if len(indent + line) > _WIDTH:
        line = _on_lines(pins, indent, end)
    return f"{text[:at]}{line}{end}{indent}{text[at:]}"


def _on_lines(pins: Sequence[str], indent: str, end: str) -> str:
    rows = f",{end}{indent * 2}".join(pins)
    return f'"references": [{end}{indent * 2}{rows}{end}{indent}],'


def _place(pair: tuple[Span, str]) -> tuple[int, int]:
    return pair[0].line, pair[0].column


def _offset(text: str, line: int, column: int) -> int:
    lines = text.split("\n")[: line - 1]
    return sum(map(len, lines)) + len(lines) + column - 1
