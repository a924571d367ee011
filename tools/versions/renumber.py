"""Two people have added one version: the base branch keeps the number, ours get the next ones."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from registry.naming import schema_path
from registry.subjects import SchemaVersion, Subject
from registry.tree import SchemaTree, build
from tools.command import Refused
from tools.versions.branches import Branches
from tools.versions.pins import repinned


@dataclass(frozen=True, slots=True)
class Move:
    """New versions of a subject go behind those that the base branch has got since."""

    subject: str
    base: str
    theirs: Sequence[int]
    ours: Mapping[int, int]
    """The numbers of the versions that are new here, with those that they get."""

    @property
    def pair(self) -> str:
        """The latest version of theirs and that of ours, in words of a command line."""
        return f"{self.subject}/{self.theirs[-1]} {self.subject}/{max(self.ours.values())}"

    def __str__(self) -> str:
        return (
            f"{self.subject}/{self.theirs[0]} was added twice: "
            f"here, and on {self.base} since this branch began.\n"
            f"{_listed(self.theirs)} is {self.base}'s now, "
            f"and yours has become {_listed(self.ours.values())}."
        )


def moves(subjects: Iterable[Subject], branches: Branches) -> Iterator[Move]:
    """Yield a move for each subject that the base branch has got versions of since.

    Refuses where the subject has no new version here: then there is nothing to move.
    """
    for subject in subjects:
        theirs, ours = branches.added(subject), list(filter(branches.is_new, subject.versions))
        if theirs and not ours:
            raise Refused(
                f"{subject.name}/{theirs[-1]} is on {branches.name}, but not here. "
                f"Bring it in first: git merge {branches.name}"
            )
        if theirs:
            numbers = {each.number: each.number + len(theirs) for each in ours}
            yield Move(subject.name, branches.name, theirs, numbers)


def moved(
    planned: Sequence[Move], texts: Mapping[str, bytes], tree: SchemaTree, branches: Branches
) -> dict[str, bytes]:
    """Return {path: content} of what the moves write into a tree of {path: content}.

    The base branch's files come where they belong, with what they pin, so that merging it finds no
    conflict; new files that pin ours follow.
    """
    numbers = {each.subject: each.ours for each in planned}
    theirs = [schema_path(each.subject, number) for each in planned for number in each.theirs]
    files = {path: branches.elsewhere[path] for path in theirs}
    for each in filter(branches.is_new, tree.versions):
        number = numbers.get(each.subject, {}).get(each.number, each.number)
        path, text = schema_path(each.subject, number), _following(each, numbers)
        if path != each.path or text != each.text:
            files[path] = text.encode()
    return {**_pinned(theirs, {**branches.elsewhere, **texts, **files}, branches), **files}


def _following(version: SchemaVersion, numbers: Mapping[str, Mapping[int, int]]) -> str:
    pins = {each.name: each.version for each in version.references}
    ours = {name: numbers.get(name, {}).get(number, number) for name, number in pins.items()}
    return repinned(version, ours)


def _pinned(
    paths: Collection[str], texts: Mapping[str, bytes], branches: Branches
) -> dict[str, bytes]:
    """Return the base branch's files that are pinned by some of a tree, and are not here yet."""
    tree, _ = build(texts)
    found = {each.path: each for each in tree.versions if each.path in paths}
    queue = list(found.values())
    for each in queue:
        pinned = {new.path: new for new in map(tree.version, map(str, each.references))}
        queue += [new for path, new in pinned.items() if path not in found]
        found |= pinned
    since = branches.elsewhere
    return {path: since[path] for path in found if since.get(path) == texts[path]}


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(f"v{each}" for each in numbers)
