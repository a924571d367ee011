"""Steps from one version to a newer one, written by hand where Avro's resolution does not suffice.

Those of `rooms.Room` stand in `registry/upgrades/rooms/room.py`, where its schemas stand too:

    from registry.records.rooms.room import v1, v2
    from registry.upgrades import upgrades

    @upgrades(v1.Room, v2.Room)
    def add_currency(old: v1.Room) -> v2.Room: ...

Where `rooms.room` is a namespace as well, the file is `registry/upgrades/rooms/room/__init__.py`.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from registry.naming import module_path
from registry.record import Record

Old = TypeVar("Old", bound=Record)
New = TypeVar("New", bound=Record)


class Step(NamedTuple):
    """A function that makes a record of one version out of one of an older version."""

    old: type[Record]
    new: type[Record]
    function: Callable[[Any], Record]

    @property
    def place(self) -> str:
        """The function's name, with that of its module."""
        return f"{self.function.__module__}.{self.function.__qualname__}"


_STEPS: Final[dict[tuple[type[Record], type[Record]], Step]] = {}


def upgrades(
    old: type[Old], new: type[New]
) -> Callable[[Callable[[Old], New]], Callable[[Old], New]]:
    """Make a function the step from one version of a subject to a newer one; it stays as it is.

    Raises TypeError for what is no class of a version, and ValueError for two subjects, a version
    that is not newer, a second step for the same pair, or a file where it would not be found.
    """
    for each in (old, new):
        if version_of(each) is None:
            raise TypeError(f"@upgrades takes the classes of two versions, not {each!r}.")
    names = f"@upgrades({label(old)}, {label(new)})"
    if old.SUBJECT != new.SUBJECT:
        raise ValueError(f"{names}: these are two subjects. Name two versions of one.")
    if old.VERSION >= new.VERSION:
        raise ValueError(f"{names}: the second is not newer. Name the older version first.")

    def decorate(function: Callable[[Old], New]) -> Callable[[Old], New]:
        _add(Step(old, new, function), names)
        return function

    return decorate


def steps_of(subject: str) -> tuple[Step, ...]:
    """Return the steps of a subject, the oldest first; those of its file, which may be absent.

    Raises what the file raises when it is imported.
    """
    _load(subject)
    found = (each for each in _STEPS.values() if subject == each.old.SUBJECT)
    return tuple(sorted(found, key=lambda each: (each.old.VERSION, each.new.VERSION)))


def count() -> int:
    """Return how many steps are known so far, of all subjects."""
    return len(_STEPS)


def step_file(subject: str) -> str:
    """Return where the steps of a subject are written."""
    return f"registry/upgrades/{_path(subject)}.py"


def version_of(made: type[Record]) -> tuple[str, int] | None:
    """Return the subject and the number of a class; None if it is not the main one of a file."""
    is_main = isinstance(made, type) and issubclass(made, Record) and hasattr(made, "SUBJECT")
    return (made.SUBJECT, made.VERSION) if is_main else None


def label(made: type[Record]) -> str:
    """Return the name of a class's version, such as `rooms.Room/2`."""
    return f"{made.SUBJECT}/{made.VERSION}"


def _add(step: Step, names: str) -> None:
    first = _STEPS.get((step.old, step.new))
    if first is not None:
        raise ValueError(f"{names} stands twice: {first.place} and {step.place}. Keep one.")
    module = step.function.__module__
    if module.startswith(f"{__name__}.") and module != _module(step.old.SUBJECT):
        file = step_file(step.old.SUBJECT)
        raise ValueError(f"{names}: {step.place} would not be found there. Move it to {file}.")
    _STEPS[step.old, step.new] = step


def _path(subject: str) -> str:
    return module_path(subject, 1).rpartition("/")[0]


def _module(subject: str) -> str:
    return f"{__name__}.{_path(subject).replace('/', '.')}"


def _load(subject: str) -> None:
    path = _path(subject)
    files = (f"{path}.py", f"{path}/__init__.py")
    # A file that is there must be imported, or fail: ImportError alone does not say which it is.
    if not any((Path(folder) / file).is_file() for folder in __path__ for file in files):
        return
    known = set(_STEPS)
    try:
        import_module(_module(subject))
    except BaseException:
        for pair in _STEPS.keys() - known:  # or the next attempt would find each of them twice
            del _STEPS[pair]
        raise
