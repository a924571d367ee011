"""A tree of versioned schemas, and how to find one in it."""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from io import FileIO
from pathlib import Path

from registry.building import build_subjects
from registry.config import TreeConfig
from registry.errors import (
    FileError,
    MisplacedSchema,
    NoSuchSubject,
    NoSuchVersion,
    TreeError,
    UnknownSchema,
)
from registry.limits import LIMITS, Limits
from registry.subjects import SchemaVersion, Subject

_SUFFIXES = (".avsc", ".toml")


class SchemaTree(Mapping[str, Subject]):
    """All subjects by name. Immutable. `config` holds the settings of the whole tree."""

    def __init__(self, subjects: Mapping[str, Subject], config: TreeConfig | None = None) -> None:
        self._subjects = dict(sorted(subjects.items()))
        self.config = config or TreeConfig()

    @classmethod
    def load(cls, folder: str | Path) -> "SchemaTree":
        """Read a folder of schemas. Raises the first SchemaError or TreeError."""
        return cls.from_texts(read_texts(Path(folder)))

    @classmethod
    def from_texts(cls, texts: Mapping[str, str | bytes]) -> "SchemaTree":
        """Build a tree from {path: text}. Raises the first SchemaError or TreeError."""
        tree, problems = build(texts)
        for problem in problems:
            raise problem
        return tree

    def __getitem__(self, name: str) -> Subject:
        """Return a subject. Raises NoSuchSubject."""
        try:
            return self._subjects[name]
        except KeyError:
            raise NoSuchSubject(name, self._subjects) from None

    def __contains__(self, name: object) -> bool:
        return name in self._subjects

    def __iter__(self) -> Iterator[str]:
        return iter(self._subjects)

    def __len__(self) -> int:
        return len(self._subjects)

    @cached_property
    def versions(self) -> tuple[SchemaVersion, ...]:
        """All versions of all subjects."""
        return tuple(each for subject in self.values() for each in subject.versions)

    def version(self, name: str) -> SchemaVersion:
        """Return the version of a name such as `rooms.Room/2`. Raises NoSuchVersion."""
        subject, _, number = name.partition("/")
        versions = self[subject].versions
        for each in versions:
            if str(each.number) == number:
                return each
        raise NoSuchVersion(name, map(str, versions))

    def by_fingerprint(self, fingerprint: bytes) -> tuple[SchemaVersion, ...]:
        """Return the versions of a CRC-64-AVRO fingerprint (8 bytes), which may be several."""
        return self._by_fingerprint.get(fingerprint, ())

    def by_id(self, number: int) -> SchemaVersion:
        """Return the version of a schema id. Raises UnknownSchema."""
        try:
            return self._by_id[number]
        except KeyError:
            raise UnknownSchema(f"No schema of this tree has the id {number}.") from None

    def referrers(self, name: str) -> tuple[SchemaVersion, ...]:
        """Return the versions that pin a version such as `rooms.Room/2`."""
        return self._by_reference.get(name, ())

    @cached_property
    def _by_fingerprint(self) -> dict[bytes, tuple[SchemaVersion, ...]]:
        found: dict[bytes, tuple[SchemaVersion, ...]] = {}
        for each in self.versions:
            found[each.fingerprint] = (*found.get(each.fingerprint, ()), each)
        return found

    @cached_property
    def _by_id(self) -> dict[int, SchemaVersion]:
        return {each.id: each for each in self.versions}

    @cached_property
    def _by_reference(self) -> dict[str, tuple[SchemaVersion, ...]]:
        found: defaultdict[str, list[SchemaVersion]] = defaultdict(list)
        for each in self.versions:
            for reference in each.references:
                found[str(reference)].append(each)
        return {name: tuple(versions) for name, versions in found.items()}


def build(texts: Mapping[str, str | bytes]) -> tuple[SchemaTree, list[FileError]]:
    """Return the tree of what is sound in {path: text}, and everything that is wrong."""
    subjects, config, problems = build_subjects(texts)
    return SchemaTree(subjects, config), problems


def read_texts(folder: Path, limits: Limits = LIMITS) -> dict[str, bytes]:
    """Read the `.avsc` and `.toml` files of a folder: {path with "/": content}.

    Raises TreeError where there is no such folder, where something is a link (it might lead out
    of the tree) or no plain file, cannot be read, or is too large, and where files are too many.
    """
    if not folder.is_dir():
        reason = f"There is no folder {str(folder)!r}."
        raise TreeError(reason, "Name the folder that holds the schemas.")
    texts: dict[str, bytes] = {}
    for name, entry in sorted(_entries(folder)):
        if len(texts) >= limits.tree_files:
            raise TreeError(f"There are more than {limits.tree_files} files.", file=name)
        texts[name] = _content(entry, name, limits)
    return texts


def _entries(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield path and entry of what is named as a file of a tree, at any depth."""
    pending = [(str(folder), "")]
    while pending:
        where, at = pending.pop()
        try:
            with os.scandir(where) as found:
                entries = list(found)
        except OSError as error:
            raise _unreadable(error, at) from None
        for entry in entries:
            name = f"{at}{entry.name}"
            if entry.is_symlink() and (entry.is_dir() or name.endswith(_SUFFIXES)):
                raise MisplacedSchema("A schema is a file, not a link.", "Copy it here.", file=name)
            if name.endswith(_SUFFIXES):
                yield name, entry
            elif entry.is_dir():
                pending.append((entry.path, f"{name}/"))


def _content(entry: os.DirEntry[str], name: str, limits: Limits) -> bytes:
    if not entry.is_file():
        fix = "Rename it, or put the schema into a file of that name."
        raise MisplacedSchema("A schema is a file, and this is none.", fix, file=name)
    try:
        if entry.stat().st_size > limits.schema_bytes:
            raise TreeError(f"The file is larger than {limits.schema_bytes} bytes.", file=name)
        with FileIO(entry.path) as file:  # of many small files, half the time of Path.read_bytes
            return file.readall()
    except OSError as error:
        raise _unreadable(error, name) from None


def _unreadable(error: OSError, name: str) -> TreeError:
    return TreeError(f"It cannot be read: {error.strerror}.", "Check its mode.", file=name)
