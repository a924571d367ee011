"""What a history becomes, as lines for a person."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import shorten
from typing import Final

from registry.compatibility import Compatibility
from registry.diff import Change, changes
from registry.errors import FileError, UnknownName
from registry.parsing import examine
from registry.subjects import SchemaVersion
from registry.tree import SchemaTree
from tools.adoption.history import Adopted, History
from tools.adoption.release import Release

_SHOWN: Final = 3
_WIDTH: Final = 80


def story(history: History, tree: SchemaTree, levels: Mapping[str, Compatibility]) -> Iterator[str]:
    """Yield the versions of each subject: where each comes from, and what it changes."""
    root = _root(history.releases)
    for name, versions in sorted(history.subjects.items()):
        sound = {each.number: each for each in tree[name].versions} if name in tree else {}
        yield f"{name}: {count(len(versions), 'version')}, {levels.get(name, 'not sound')}"
        places = [_within(root, Path(each.definition.file)) for each in versions]
        width = max(map(len, places))
        for each, place in zip(versions, places, strict=True):
            start = f"  v{each.number:<3} {place:{width}}  "
            first, *rest = _what(each, sound, tree)
            yield f"{start}{first}".rstrip()
            yield from (" " * len(start) + line for line in rest)
        missing = ", ".join(_missing(name, history.releases, root))
        yield from [f"  not in {missing}", ""] if missing else [""]


def problems(history: History, flaws: Iterable[FileError], into: Path) -> Iterator[str]:
    """Yield what cannot be adopted, and what is adopted with a flaw, a text for each.

    What is wrong in the same way in several releases is one of them.
    """
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for each in history.problems:
        groups[each.reason, each.fix].append(each.place())
    for each in flaws:
        # A type that cannot be pinned is told already, at its place in the release.
        if not isinstance(each, UnknownName):
            groups[each.reason, each.fix].append(f"{into.as_posix()}/{each.place()}")
    for (reason, fix), (place, *others) in groups.items():
        more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        also = f"\n  also at {', '.join(others[:_SHOWN])}{more}" if others else ""
        yield f"{place}: {reason}{also}\n" + (f"  fix: {fix}\n" if fix else "")


def count(number: int, noun: str) -> str:
    """Return a number of things in words."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _root(releases: Sequence[Release]) -> str:
    """Return the folder around all releases, which goes without saying."""
    return os.path.commonpath([each.folder.resolve().parent for each in releases])


def _within(root: str, path: Path) -> str:
    return path.resolve().relative_to(root).as_posix()


def _what(each: Adopted, sound: Mapping[int, SchemaVersion], tree: SchemaTree) -> Sequence[str]:
    """Return what a version changes of the one before, a line for each thing."""
    if each.number not in sound:
        return ["not sound, see below"]
    if each.number - 1 not in sound:
        return [""]
    old, new = sound[each.number - 1], sound[each.number]
    pins = [str(pin) for pin in new.references if pin not in old.references]
    docs, lines = 0, [f"pins {', '.join(pins)}"] if pins else []
    for change in _own_changes(old, new, tree):
        if change.detail.startswith("the doc"):
            docs += 1
        else:
            lines.append(shorten(str(change), _WIDTH, placeholder=" ..."))
    more = [f"and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    words = [f"{count(docs, 'doc')} reworded"] if docs else []
    return [*lines[:_SHOWN], *more, *words] or ["only what Avro ignores"]


def _own_changes(old: SchemaVersion, new: SchemaVersion, tree: SchemaTree) -> Iterator[Change]:
    """Yield what a version changes itself, as if the types it pins had stayed the same."""
    pins = {pin.name: pin for pin in (*new.references, *old.references)}
    names = [tree.version(str(pin)).schema for pin in pins.values()]
    alone = examine(new.text, names, strict=False)
    yield from changes(old.schema, new.schema if alone.problems else alone.schema)


def _missing(name: str, releases: Sequence[Release], root: str) -> Iterator[str]:
    """Yield the releases that lack a type after it was there first, but have others."""
    known = False
    for release in releases:
        known = known or name in release.types
        if known and release.types and name not in release.types:
            inner = release.inner.get(name)
            why = f" (but inside {inner})" if inner else ""
            yield f"{_within(root, release.folder)}{why}"
