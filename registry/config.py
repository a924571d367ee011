"""What `registry.toml` and `subject.toml` say about a tree and its subjects."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from registry.compatibility import Compatibility
from registry.errors import FileError, TreeError, did_you_mean

_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)")
STATUSES = ("active", "deprecated", "retired")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectConfig:
    """The settings of one subject, its own over those of the tree."""

    owner: str | None = None
    compatibility: Compatibility = Compatibility.FULL_TRANSITIVE
    status: str = "active"
    topics: tuple[str, ...] = ()
    """Kafka topics whose values are of this subject."""


def configured(
    base: SubjectConfig, text: str, file: str, problems: list[FileError]
) -> SubjectConfig:
    """Return `base` with what a TOML text changes of it; what is wrong goes to `problems`."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.append(_toml_error(error, file))
        return base
    flaws = list(_flaws(table, text, file))
    if flaws:
        problems.extend(flaws)
        return base
    if "compatibility" in table:
        table["compatibility"] = Compatibility(table["compatibility"])
    if "topics" in table:
        table["topics"] = tuple(table["topics"])
    return replace(base, **table)


def pinned_ids(text: str, file: str, problems: list[FileError]) -> dict[str, int]:
    """Return the ids of `ids.toml`, such as `"rooms.Room/1" = 17`."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.append(_toml_error(error, file))
        return {}
    ids: dict[str, int] = {}
    for name, value in table.items():
        if type(value) is int and 0 < value < 1 << 31:
            ids[name] = value
        else:
            reason = f"The id of {name!r} is no number from 1 to 2147483647."
            problems.append(_at(name, text, file, reason))
    return ids


def _flaws(table: Mapping[str, Any], text: str, file: str) -> Iterator[TreeError]:
    known = ("owner", "compatibility", "status", "topics")
    for key, value in table.items():
        if key not in known:
            yield _at(key, text, file, f"There is no setting {key!r}.", did_you_mean(key, known))
        elif key == "compatibility" and value not in tuple(Compatibility):
            fix = f"Use one of {', '.join(Compatibility)}."
            yield _at(key, text, file, f"{value!r} is no compatibility level.", fix)
        elif key == "status" and value not in STATUSES:
            fix = f"Use one of {', '.join(STATUSES)}."
            yield _at(key, text, file, f"{value!r} is no status.", fix)
        elif key == "topics" and not _are_strings(value):
            yield _at(key, text, file, "'topics' is a list of names.")
        elif key == "owner" and not isinstance(value, str):
            yield _at(key, text, file, "'owner' is the name of a team.")


def _are_strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _at(key: str, text: str, file: str, reason: str, fix: str = "") -> TreeError:
    found = re.search(rf"""^\s*["']?{re.escape(key)}\b""", text, re.MULTILINE)
    line = text.count("\n", 0, found.end()) + 1 if found else 1
    return TreeError(reason, fix, file=file, line=line, column=1)


def _toml_error(error: tomllib.TOMLDecodeError, file: str) -> TreeError:
    place = _PLACE.search(str(error))
    line, column = (int(place[1]), int(place[2])) if place else (1, 1)
    reason = f"This is not TOML: {_PLACE.sub('', str(error))}."
    return TreeError(reason, file=file, line=line, column=column)
