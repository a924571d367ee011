"""Which version of a subject comes next, and of those that refer to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry.naming import schema_path
from registry.subjects import SchemaVersion, Subject
from registry.tree import SchemaTree
from tools.versions.branches import Branches
from tools.versions.pins import repinned


@dataclass(frozen=True, slots=True)
class Next:
    """The version to edit: a copy of the latest one, or that itself where it is new."""

    latest: SchemaVersion
    number: int
    pins: Mapping[str, int]
    """Those that differ from the latest version's: numbers by subject."""

    @property
    def path(self) -> str:
        """Where it stands in the tree."""
        return schema_path(self.latest.subject, self.number)

    @property
    def is_copy(self) -> bool:
        """Whether the file is another than that of the latest version."""
        return self.number != self.latest.number

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return self.is_copy or bool(self.pins)

    @property
    def text(self) -> str:
        """The text of the latest version with the new pins."""
        return repinned(self.latest, self.pins)

    def __str__(self) -> str:
        pins = ", ".join(f"{name}/{number}" for name, number in self.pins.items())
        if self.is_copy:
            return f"is a copy of v{self.latest.number}{' that pins ' if pins else ''}{pins}."
        return f"is still new, and pins {pins} now."


def followers(tree: SchemaTree, name: str) -> list[Subject]:
    """Return the subjects whose latest versions refer to one, also through others."""
    found = {name: tree[name]}
    queue = [name]
    for followed in queue:
        for each in tree.values():
            pins = (pin.name for pin in each.latest.references)
            if each.name not in found and followed in pins:
                found[each.name] = each
                queue.append(each.name)
    return list(found.values())[1:]


def plan(
    subjects: Sequence[Subject], tree: SchemaTree, branches: Branches, *, latest_pins: bool
) -> list[Next]:
    """Return what comes next of each subject; all but the first pin what comes of the others.

    Their other pins stay, or become those of the latest versions.
    """
    numbers = {each.name: branches.next_number(each) for each in subjects}
    planned: list[Next] = []
    for subject in subjects:
        pins = {}
        for pin in subject.latest.references:
            number = tree[pin.name].latest.number if latest_pins else pin.version
            if planned:
                number = numbers.get(pin.name, number)
            if number != pin.version:
                pins[pin.name] = number
        planned.append(Next(subject.latest, numbers[subject.name], pins))
    return planned
