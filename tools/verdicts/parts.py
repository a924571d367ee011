"""A tree in parts that can be judged by themselves: a folder, and the folders that it pins from.

Each part has a key, made of all that its judgement looks at. Nothing is parsed for that, as a rule.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property

from registry.errors import SchemaError
from registry.naming import is_full_name, subject_path
from registry.references import draft
from tools.case import Case

_REFERENCES = re.compile(rb'"references"\s*:\s*\[([^\]]*)\]')
_NAME = re.compile(rb'"name"\s*:\s*"([^"]*)"')


class Parts:
    """The folders of a case. `rules` says which state of the rules judges them."""

    def __init__(self, case: Case, rules: str) -> None:
        self.case = case
        self._common = repr((rules, case.folder, case.base.name)).encode()

    @cached_property
    def _files(self) -> Mapping[str, list[str]]:
        """The paths of each folder, also of what is released and gone."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for path in sorted(self.case.texts.keys() | self.case.base.texts.keys()):
            found[path.rpartition("/")[0]].append(path)
        return found

    @cached_property
    def _digests(self) -> Mapping[str, bytes]:
        return {folder: self._digest(paths) for folder, paths in self._files.items()}

    @cached_property
    def _pins(self) -> Mapping[str, set[str]]:
        """The folders that each folder pins from."""
        names: defaultdict[str, set[str]] = defaultdict(set)
        for path, content in self.case.texts.items():
            if path.endswith(".avsc"):
                names[path.rpartition("/")[0]].update(_pinned(content))
        return {
            folder: {subject_path(each) for each in found if is_full_name(each)}
            for folder, found in names.items()
        }

    def keys(self) -> dict[str, str]:
        """Return the key of each folder but the one of the tree's own settings."""
        return {folder: self._key(folder) for folder in self._files if folder}

    def needs(self, folders: Iterable[str]) -> frozenset[str]:
        """Return folders with all that they need, the tree's own settings among it."""
        needed = {""}
        pending = list(folders)
        while pending:
            folder = pending.pop()
            if folder not in needed:
                needed.add(folder)
                pending.extend(self._pins.get(folder, ()))
        return frozenset(needed)

    def _key(self, folder: str) -> str:
        digest = hashlib.sha256(self._common)
        for each in sorted(self.needs([folder])):
            digest.update(each.encode("utf-8", "surrogateescape") + b"\0")
            digest.update(self._digests.get(each, b""))
        return digest.hexdigest()

    def _digest(self, paths: Iterable[str]) -> bytes:
        digest = hashlib.sha256()
        for path in paths:
            now, released = self.case.texts.get(path), self.case.base.texts.get(path)
            shape = path, _size(now), _size(released), now == released
            digest.update(repr(shape).encode())
            digest.update(now or b"")
            if now != released:
                digest.update(released or b"")
        return digest.digest()


def _pinned(content: bytes) -> Iterator[str]:
    """Yield all names that a file may pin; what looks like a pin and is none does no harm."""
    if b"\\" in content:  # keys and names may be written with escapes
        with suppress(SchemaError):  # its judgement says so
            yield from (each.name for each in draft("", 1, content).references)
        return
    for references in _REFERENCES.finditer(content):
        for name in _NAME.finditer(references[1]):
            yield name[1].decode("ascii", "replace")


def _size(content: bytes | None) -> int:
    return -1 if content is None else len(content)
