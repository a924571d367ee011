"""JSON text with positions: parsed fast, scanned for lines and columns only to say something."""

import json
import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from registry.errors import InvalidSchema
from registry.limits import LIMITS, Limits

JSON: TypeAlias = bool | int | float | str | list["JSON"] | dict[str, "JSON"] | None

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_JSON_FIXES = {
    "Expecting ',' delimiter": "Put a comma before it.",
    "Expecting property name enclosed in double quotes": "Is there a comma too many before it?",
    "Expecting value": "Is there a comma too many before it, or a word without quotes?",
    "Extra data": "Keep the first value, and remove what follows it.",
}
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAY_BE_SURROGATE = re.compile(r"[\ud800-\udfff]|\\u[dD][89a-fA-F]")


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
    if isinstance(text, bytes):
        text = _decoded(text)
    stripped = text.strip(" \t\n\r")
    value: JSON
    try:
        value, end = _DECODER.raw_decode(stripped)
    except (ValueError, RecursionError):
        raise _refusal(text) from None
    if end != len(stripped):
        raise _refusal(text)
    if ("\\u" in text or not text.isascii()) and _MAY_BE_SURROGATE.search(text):
        _refuse_surrogates(text)
    return value


def plain(value: JSON, limits: Limits = LIMITS) -> JSON:
    """Return a JSON value as its text would give it. Raises InvalidSchema without a position."""
    try:
        return load(json.dumps(value), limits)
    except InvalidSchema as error:
        raise InvalidSchema("", 0, 0, error.reason, error.fix) from None
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidSchema("", 0, 0, f"This is no JSON value: {error}.") from None


def locate(text: str | bytes, pointer: str) -> Span:
    """Return where the value at a JSON Pointer (RFC 6901) stands, or the nearest one around it.

    A pointer that ends in `#` means the key of a member instead of its value.
    """
    return next(locate_all(text, [pointer]))


def locate_all(text: str | bytes, pointers: Sequence[str]) -> Iterator[Span]:
    """Yield the span of each pointer, as `locate` does, in one pass over the text."""
    text = _decoded(text)
    left = {pointer.removesuffix("#") for pointer in pointers}
    around = {prefix for each in left for prefix in _prefixes(each)}
    found: dict[str, tuple[tuple[int, int] | None, tuple[int, int]]] = {}
    for path, key, start, end in _values(text):
        if path in around:
            found.setdefault(path, (key, (start, end)))
            left.discard(path)
            if not left:
                break
    lines = [0, *(each.end() for each in re.finditer("\n", text))]
    for pointer in pointers:
        prefixes = _prefixes(pointer.removesuffix("#"))
        key, value = next((found[each] for each in prefixes if each in found), (None, (0, 0)))
        start, end = key if pointer.endswith("#") and key else value
        yield Span(*_position(lines, start), *_position(lines, end))


def _prefixes(pointer: str) -> Iterator[str]:
    """Yield a pointer and those of what is around it, the innermost first."""
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]
    yield ""


def _position(lines: list[int], offset: int) -> tuple[int, int]:
    line = bisect_right(lines, offset)
    return line, offset - lines[line - 1] + 1


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
        before = text[: error.start].decode("utf-8")
        line, column = position(before, len(before))
        raise InvalidSchema("", line, column, "The text is not UTF-8.") from None


def _refusal(text: str) -> InvalidSchema:
    """Return why the decoder refuses a text, and where in all of it."""
    try:
        _DECODER.decode(text)
    except RecursionError:
        return InvalidSchema("", 1, 1, "The JSON is nested too deeply.")
    except _DuplicateKeyError:
        return next(_duplicates(text))
    except json.JSONDecodeError as error:
        if text.startswith("\ufeff"):
            fix = "Save the file as UTF-8 without it."
            return InvalidSchema("", 1, 1, "The text begins with a byte order mark.", fix)
        reason, fix = f"This is not JSON: {error.msg}.", _JSON_FIXES.get(error.msg, "")
        return InvalidSchema("", error.lineno, error.colno, reason, fix)
    except ValueError:
        pass
    reason = "JSON has no such number, or none so large."
    return InvalidSchema("", *_place(text, _is_bad_number), reason)


class _DuplicateKeyError(ValueError):
    """An object has two members of one key."""


def _object(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _DuplicateKeyError
    return value


def _number(token: str) -> float:
    number = float(token)
    if not math.isfinite(number):
        raise ValueError(token)
    return number


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_number, parse_float=_number)


def _is_bad_number(token: str) -> bool:
    return token[0] in "-0123456789NI" and not math.isfinite(float(token))


def _holds_surrogate(token: str) -> bool:
    return token[0] == '"' and bool(_SURROGATE.search(json.loads(token, strict=False)))


def _place(text: str, wanted: Callable[[str], bool]) -> tuple[int, int]:
    start = next((each.start() for each in _TOKEN.finditer(text) if wanted(each[0])), -1)
    return position(text, start) if start >= 0 else (0, 0)


def _refuse_surrogates(text: str) -> None:
    line, column = _place(text, _holds_surrogate)
    if line:
        raise InvalidSchema("", line, column, "A string holds half of a surrogate pair.")


def _duplicates(text: str) -> Iterator[InvalidSchema]:
    """Yield the problem of each member whose object has another of its key before it."""
    seen: set[str] = set()
    for path, key, _, _ in _values(text):
        if key and path in seen:
            name = path.rpartition("/")[2]
            reason = f"The key {name!r} stands twice in one object."
            yield InvalidSchema(path, *position(text, key[0]), reason, "Keep one of them.")
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
            name = json.loads(token) if "\\" in token else token[1:-1]
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
