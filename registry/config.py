"""What `registry.toml`, `subject.toml` and `ids.toml` say about a tree and its subjects."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from registry.compatibility import Compatibility
from registry.errors import FileError, TreeError, did_you_mean
from registry.settings import SUBJECT, TREE, Consumer, Flaw, Waiver

_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectConfig:
    """The settings of one subject, its own over those of the tree."""

    owner: str | None = None
    compatibility: Compatibility = Compatibility.FULL_TRANSITIVE
    status: str = "active"
    topics: tuple[str, ...] = ()
    """Kafka topics whose values are of this subject."""
    consumers: tuple[Consumer, ...] = ()
    waivers: tuple[Waiver, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeConfig:
    """The settings of a tree. `subject` holds the defaults of its subjects."""

    subject: SubjectConfig = field(default_factory=SubjectConfig)
    severities: Mapping[str, str] = field(default_factory=dict)
    """How bad a finding of a rule is: error, warning, info or off."""
    owners: Mapping[str, str] = field(default_factory=dict)
    """What the code host calls an owner, such as "@example/shop"."""
    waivers: tuple[Waiver, ...] = ()


def tree_config(content: str | bytes, problems: list[FileError]) -> TreeConfig:
    """Return what `registry.toml` says; what is wrong with it goes to `problems`."""
    found = _settings(content, "registry.toml", TREE, problems)
    defaults = {key: found.pop(key) for key in ("owner", "compatibility") if key in found}
    return TreeConfig(subject=SubjectConfig(**defaults), **found)


def subject_config(
    base: SubjectConfig, content: str | bytes, file: str, problems: list[FileError]
) -> SubjectConfig:
    """Return `base` with what a `subject.toml` changes of it; what is wrong goes to `problems`."""
    return replace(base, **_settings(content, file, SUBJECT, problems))


def pinned_ids(content: str | bytes, problems: list[FileError]) -> dict[str, int]:
    """Return the ids of `ids.toml`, such as `"rooms.Room/1" = 17`."""
    text, table = _table(content, "ids.toml", problems)
    ids: dict[str, int] = {}
    for name, value in table.items():
        if type(value) is int and 0 < value < 1 << 31:
            ids[name] = value
        else:
            reason = f"The id of {name!r} is no number from 1 to 2147483647."
            line = setting_line(text, name)
            problems.append(TreeError(reason, file="ids.toml", line=line, column=1))
    return ids


def setting_line(text: str, key: str, index: int = 0) -> int:
    """Return the line of a key, or of a table of that name (`index` from 0), 1 if it has none."""
    place = rf"""^\s*(\[\[?\s*)?["']?{re.escape(key)}\b"""
    found = [text.count("\n", 0, each.end()) + 1 for each in re.finditer(place, text, re.MULTILINE)]
    return found[min(index, len(found) - 1)] if found else 1


def _settings(
    content: str | bytes,
    file: str,
    known: Mapping[str, Callable[[object], object]],
    problems: list[FileError],
) -> dict[str, Any]:
    """Return the settings that are sound, as values of their own types."""
    text, table = _table(content, file, problems)
    sound: dict[str, Any] = {}
    for key, value in table.items():
        try:
            sound[key] = known.get(key, _unknown(key, known))(value)
        except Flaw as flaw:
            line = setting_line(text, key, flaw.index)
            problems.append(TreeError(flaw.reason, flaw.fix, file=file, line=line, column=1))
    return sound


def _unknown(key: str, known: Iterable[str]) -> Callable[[object], object]:
    def refuse(_: object) -> object:
        raise Flaw(f"There is no setting {key!r}.", did_you_mean(key, known))

    return refuse


def _table(
    content: str | bytes, file: str, problems: list[FileError]
) -> tuple[str, dict[str, Any]]:
    """Return a TOML file as text and as a table, an empty one where it is not TOML."""
    line, column = 1, 1
    try:
        text = content if isinstance(content, str) else content.decode()
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        line += error.object.count(b"\n", 0, error.start)
        reason = "The text is not UTF-8."
    except RecursionError:
        reason = "The TOML is nested too deeply."
    except ValueError as error:
        place = _PLACE.search(str(error))
        line, column = (int(place[1]), int(place[2])) if place else (1, 1)
        reason = f"This is not TOML: {_PLACE.sub('', str(error))}."
    problems.append(TreeError(reason, file=file, line=line, column=column))
    return "", {}
