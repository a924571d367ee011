"""Releases in their order, told as versions of subjects."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from registry.errors import FileError, did_you_mean
from registry.naming import schema_path, subject_path
from registry.subjects import Reference
from tools.adoption.edits import pinned
from tools.adoption.release import Definition, Release


@dataclass(frozen=True, slots=True)
class Adopted:
    """A version to be: the definition that it comes from, and what that is pinned to."""

    number: int
    definition: Definition
    references: tuple[Reference, ...]

    @property
    def path(self) -> str:
        """Where it shall stand in the tree."""
        return schema_path(self.definition.name, self.number)

    @property
    def text(self) -> str:
        """What its file shall say."""
        return pinned(self.definition.text, self.references)


@dataclass(slots=True)
class History:
    """The versions of each subject, the oldest first, and what could not become one."""

    releases: Sequence[Release]
    subjects: dict[str, list[Adopted]] = field(default_factory=dict)
    problems: list[FileError] = field(default_factory=list)
    folders: dict[str, str] = field(default_factory=dict)
    """The subject of each folder, as a disk that ignores case sees it."""

    @classmethod
    def of(cls, releases: Sequence[Release]) -> "History":
        """Adopt the releases one after the other."""
        history = cls(releases)
        for release in releases:
            history.adopt(release)
            history.problems += release.problems
        return history

    @property
    def texts(self) -> dict[str, str]:
        """The files that the tree shall have, by path."""
        return {each.path: each.text for versions in self.subjects.values() for each in versions}

    def adopt(self, release: Release) -> None:
        """Add a version for each type whose text or pins are not those of its latest."""
        for definition in list(release.types.values()):
            self.claim_folder(release, definition)
        for name in _ordered(release):
            definition, versions = release.types[name], self.subjects.setdefault(name, [])
            references = tuple(
                Reference(used, self.subjects[used][-1].number)
                for used in definition.uses
                if used in release.types
            )
            latest = versions[-1] if versions else None
            if not latest or _differs(latest, definition, references):
                versions.append(Adopted(len(versions) + 1, definition, references))
                self.problems += _unknown(release, definition)

    def claim_folder(self, release: Release, definition: Definition) -> None:
        """Leave a type out whose folder belongs to another one."""
        name = definition.name
        folder = subject_path(name)
        holder = self.folders.setdefault(folder.casefold(), name)
        if holder != name:
            reason = f"The types {holder!r} and {name!r} would both stand in {folder}."
            fix = "Give one a name that differs in more than case and underscores."
            release.leave_out(definition.conflict(reason, fix), name)


def _ordered(release: Release) -> list[str]:
    """Return the types, the used before those that use them, and leave out those in a circle."""
    while True:
        try:
            return list(TopologicalSorter(_graph(release.types)).static_order())
        except CycleError as error:
            first, *others = sorted(error.args[1][1:])
            reason = f"Pins cannot go in a circle: {first} and {', '.join(others)} need each other."
            fix = f"Define {', '.join(others)} inside the file of {first}."
            release.leave_out(release.types[first].conflict(reason, fix), first, *others)


def _graph(types: Mapping[str, Definition]) -> dict[str, list[str]]:
    return {name: [used for used in each.uses if used in types] for name, each in types.items()}


def _differs(latest: Adopted, definition: Definition, references: Sequence[Reference]) -> bool:
    return latest.references != references or latest.definition.meaning != definition.meaning


def _unknown(release: Release, definition: Definition) -> Iterator[FileError]:
    """Yield a problem for each type that a version uses and that cannot be pinned."""
    for name in definition.uses:
        if name in release.types:
            continue
        if name in release.left_out:
            reason, fix = f"The type {name!r} is left out.", "See its own problem."
        elif name in release.inner:
            reason = f"The type {name!r} is defined inside {release.inner[name]}."
            fix = "Give it a file of its own."
        else:
            reason = f"No file of this release defines the type {name!r}."
            fix = did_you_mean(name, release.types)
        yield definition.unknown(name, reason, fix)
