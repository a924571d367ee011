"""Two people have added one version: the base branch keeps the number, ours get the next ones."""

from collections.abc import Sequence
from pathlib import Path

from registry.naming import schema_path
from registry.subjects import SchemaVersion, Subject
from registry.tree import SchemaTree
from tools.command import Refused
from tools.versions.branches import Branches
from tools.versions.pins import repinned


def renumber(subject: Subject, tree: SchemaTree, branches: Branches, schemas: Path) -> int:
    """Move the new versions of a subject behind those that the base branch has got since.

    The base branch's files are written where they belong, so that merging it finds no conflict;
    new files that pin ours follow. Returns 0. Refuses where the subject has no new version here.
    """
    theirs, ours = branches.added(subject), list(filter(branches.is_new, subject.versions))
    if not ours:
        raise Refused(
            f"{subject.name}/{theirs[-1]} is on {branches.name}, but not here. "
            f"Bring it in first: git merge {branches.name}"
        )
    moved = {each.number: each.number + len(theirs) for each in ours}
    files = {path: branches.elsewhere[path] for path in _paths(subject, theirs)}
    for each in filter(branches.is_new, tree.versions):
        path, text = each.path, each.text
        if each.subject == subject.name:
            path = schema_path(subject.name, moved[each.number])
        else:
            text = _following(each, subject, moved)
        if path != each.path or text != each.text:
            files[path] = text.encode()
    for path, content in files.items():
        (schemas / path).write_bytes(content)
    print(_story(subject, theirs, list(moved.values()), branches))
    return 0


def _paths(subject: Subject, numbers: Sequence[int]) -> list[str]:
    return [schema_path(subject.name, each) for each in numbers]


def _following(version: SchemaVersion, subject: Subject, moved: dict[int, int]) -> str:
    pins = {pin.name: pin.version for pin in version.references}
    number = pins.get(subject.name)
    return repinned(version, {subject.name: moved[number]}) if number in moved else version.text


def _story(subject: Subject, theirs: Sequence[int], ours: Sequence[int], branches: Branches) -> str:
    name, base = subject.name, branches.name
    pair = f"{name}/{theirs[-1]} {name}/{ours[-1]}"
    return (
        f"{name}/{theirs[0]} was added twice: here, and on {base} since this branch began.\n"
        f"{_listed(theirs)} is {base}'s now, and yours has become {_listed(ours)}. Now:\n"
        f"  1. ./invoke schemas.diff {pair}   says what yours lacks\n"
        f"  2. ./invoke generate\n"
        f"  3. git add and commit all, then git merge {base}"
    )


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(f"v{each}" for each in numbers)
