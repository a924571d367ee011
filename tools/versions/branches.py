"""What is released of a tree here, and what the base branch has got since this branch began."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from registry.naming import schema_path
from registry.subjects import SchemaVersion, Subject
from tools.git import base_of, tip_of


@dataclass(frozen=True, slots=True)
class Branches:
    """A work tree beside its base branch. `name` is that of the base, "" where none is known."""

    name: str
    released: frozenset[str]
    """Paths of the files here that are released; without a base all of them."""
    elsewhere: Mapping[str, bytes]
    """{path: content} of what the base branch has got since, and what is not, or not so, here."""

    @classmethod
    def of(cls, schemas: Path, texts: Mapping[str, bytes], against: str | None) -> Self:
        """Compare {path: content} of a folder with its base. Raises GitError, see `base_of`."""
        base = base_of(schemas, against)
        tip = tip_of(schemas, base)
        same = {path for path, content in tip.items() if texts.get(path) == content}
        since = {path: tip[path] for path in tip.keys() - base.texts.keys() - same}
        released = base.texts.keys() | same if base.name else texts.keys()
        return cls(base.name, frozenset(released), since)

    def is_new(self, version: SchemaVersion) -> bool:
        """Tell whether a version may still change."""
        return version.path not in self.released

    def next_number(self, subject: Subject) -> int:
        """Return the number of the version to edit: the latest if that is new, else the next."""
        return subject.latest.number + (not self.is_new(subject.latest))

    def added(self, subject: Subject) -> list[int]:
        """Return the numbers that the base branch has given to versions which are not here."""
        numbers = range(1, subject.latest.number + len(self.elsewhere) + 1)
        return [each for each in numbers if schema_path(subject.name, each) in self.elsewhere]
