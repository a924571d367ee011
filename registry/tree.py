"""A tree of versioned schemas, and how to find one in it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from registry.building import build_subjects
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


class SchemaTree(Mapping[str, Subject]):
    """All subjects by name. Immutable."""

    def __init__(self, subjects: Mapping[str, Subject]) -> None:
        self._subjects = dict(sorted(subjects.items()))

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
    subjects, problems = build_subjects(texts)
    return SchemaTree(subjects), problems


def read_texts(folder: Path, limits: Limits = LIMITS) -> dict[str, bytes]:
    """Read the `.avsc` and `.toml` files of a folder: {path with "/": content}.

    Raises TreeError where there is no such folder, where a file is a link (it might lead out of
    the tree) and where files are too many or too large.
    """
    if not folder.is_dir():
        reason = f"There is no folder {str(folder)!r}."
        raise TreeError(reason, "Name the folder that holds the schemas.")
    texts: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".avsc", ".toml") or path.is_dir():
            continue
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise MisplacedSchema("A schema is a file, not a link.", "Copy it here.", file=name)
        if path.stat().st_size > limits.schema_bytes:
            reason = f"The file is larger than {limits.schema_bytes} bytes."
            raise TreeError(reason, file=name)
        if len(texts) >= limits.tree_files:
            raise TreeError(f"There are more than {limits.tree_files} files.", file=name)
        texts[name] = path.read_bytes()
    return texts
