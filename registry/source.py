"""JSON text with positions: parsed fast, scanned for lines and columns only to say something."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from registry.errors import InvalidSchema
from registry.limits import LIMITS, Limits

JSON: TypeAlias = bool | int | float | str | list["JSON"] | dict[str, "JSON"] | None

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text. Lines and columns count from 1; the end column is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


def load(text: str | bytes, limits: Limits = LIMITS) -> JSON:
    """Parse JSON strictly (RFC 8259): UTF-8, no duplicate keys, no NaN, no lone surrogates.

    Raises InvalidSchema with line and column.
    """
    if len(text) > limits.schema_bytes:
        raise InvalidSchema("", 1, 1, f"The text is longer than {limits.schema_bytes} bytes.")
    text = _decoded(text)
    duplicates: list[str] = []

    def unique(pairs: list[tuple[str, JSON]]) -> JSON:
        value = dict(pairs)
        if len(value) != len(pairs):
            duplicates.append("")
        return value

    try:
        value: JSON = json.loads(text, object_pairs_hook=unique, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        reason = f"This is not JSON: {error.msg}."
        raise InvalidSchema("", error.lineno, error.colno, reason) from None
    except RecursionError:
        raise InvalidSchema("", 1, 1, "The JSON is nested too deeply.") from None
    except ValueError as error:
        raise InvalidSchema("", 1, 1, f"This is not JSON: {error}.") from None
    if duplicates:
        _refuse_duplicates(text)
    if "\\u" in text and _SURROGATE.search(json.dumps(value, ensure_ascii=False)):
        raise InvalidSchema("", 1, 1, "A string holds half of a surrogate pair.")
    return value


def locate(text: str | bytes, pointer: str) -> Span:
    """Return where the value at a JSON Pointer (RFC 6901) stands, or the nearest one around it.

    A pointer that ends in `#` means the key of a member instead of its value.
    """
    text = _decoded(text)
    wanted = pointer.removesuffix("#")
    best, start, end = -1, 0, 0
    for path, key, at, stop in _values(text):
        inside = wanted == path or wanted.startswith(path + "/")
        if inside and len(path) > best:
            best = len(path)
            start, end = key if pointer.endswith("#") and key else (at, stop)
            if path == wanted:
                break
    return Span(*position(text, start), *position(text, end))


def position(text: str, offset: int) -> tuple[int, int]:
    """Return the line and column, both from 1, of an offset in characters."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def escape(key: str) -> str:
    """Escape one reference token of a JSON Pointer (RFC 6901, section 3)."""
    return key.replace("~", "~0").replace("/", "~1")


def _decoded(text: str | bytes) -> str:
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = position(text[: error.start].decode("utf-8"), error.start)
        raise InvalidSchema("", line, column, "The text is not UTF-8.") from None


def _refuse_constant(name: str) -> JSON:
    message = f"{name} is no number in JSON"
    raise ValueError(message)


def _refuse_duplicates(text: str) -> None:
    seen: set[str] = set()
    for path, key, start, _ in _values(text):
        if path in seen:
            line, column = position(text, key[0] if key else start)
            name = path.rpartition("/")[2]
            reason = f"The key {name!r} stands twice in one object."
            raise InvalidSchema(path, line, column, reason, "Keep one of them.")
        if key:
            seen.add(path)


def _values(text: str) -> Iterator[tuple[str, tuple[int, int] | None, int, int]]:
    """Yield (pointer, span of the key, start, end) of every value; containers when they open.

    The end of a container is that of its opening bracket, so that a caret marks one line.
    """
    paths = [""]
    indexes: list[int] = [-1]  # -1: in an object (or at the top)
    key: tuple[int, int] | None = None
    expects_key = False
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in "}]":
            paths.pop()
            indexes.pop()
            key, expects_key = None, False
        elif token == ",":
            expects_key = indexes[-1] < 0
            if not expects_key:
                indexes[-1] += 1
        elif token == ":":
            pass
        elif expects_key:
            name = json.loads(token)
            paths[-1] = f"{paths[-1].rpartition('/')[0]}/{escape(name)}"
            key, expects_key = match.span(), False
        else:
            path = paths[-1] if indexes[-1] < 0 else f"{paths[-1]}/{indexes[-1]}"
            yield path, key, match.start(), match.end()
            key = None
            if token in "{[":
                paths.append(path + "/" if token == "{" else path)
                indexes.append(-1 if token == "{" else 0)
                expects_key = token == "{"
