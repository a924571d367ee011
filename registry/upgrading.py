"""The way of a record from one version to another: Avro's resolution, and steps by hand."""

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import pairwise
from pkgutil import iter_modules
from typing import Final, NamedTuple, TypeAlias, TypeVar, cast

from registry.codec.pairs import reading
from registry.compatibility import check
from registry.errors import Undecodable
from registry.naming import module_path, safe
from registry.record import Record, builder_of, schema_of
from registry.upgrades import Step, count, label, step_file, steps_of, version_of

R = TypeVar("R", bound=Record)
Leg: TypeAlias = Callable[[Record], Record]
_RECORDS = "registry.records"
_MODULE = re.compile(r"v([0-9]+)", re.ASCII)
_REASONS = 3  # in one message


class Gap(NamedTuple):
    """Two versions with no way from the old one to the new one, and the stretch that is missing.

    `reasons` are sentences that say why the end of the stretch cannot read what its start writes.
    """

    old: str
    new: str
    start: type[Record]
    end: type[Record]
    reasons: tuple[str, ...]

    @property
    def reason(self) -> str:
        """What is wrong, in a sentence."""
        more = len(self.reasons) - _REASONS
        why = " ".join(self.reasons[:_REASONS]) + (f" And {more} more." if more > 0 else "")
        cannot = f"{label(self.end)} cannot read {label(self.start)}"
        return f"There is no way from {self.old} to {self.new}. {cannot}: {why}"

    @property
    def fix(self) -> str:
        """The file to write into, and the decorator."""
        name = self.end.__name__
        pair = f"@upgrades(v{self.start.VERSION}.{name}, v{self.end.VERSION}.{name})"
        return f"Write the step in {step_file(self.end.SUBJECT)}, under {pair}."


Way: TypeAlias = tuple[Leg, ...] | Gap
_WAYS: Final[dict[tuple[type[Record], type[Record], int], Way]] = {}


def upgrade(made: type[R], old: Record) -> R:
    """Return a record of another class as one of this class.

    A record of the class itself is returned as it is. One of an older version of the subject goes
    the way of fewest legs, and of those the one whose first leg leads farthest. A leg is a step by
    hand, or Avro's resolution between versions that no step lies between. All others are read by
    Avro's resolution, which fails only where the record itself cannot be read.

    Raises Undecodable where there is no way, Unencodable for a record that its own schema does not
    fit, LimitExceeded, TypeError for a step that returns something else than it should.
    """
    if type(old) is made:
        return old
    way = _way(type(old), made)
    if isinstance(way, Gap):
        error = Undecodable("", None, way.reason)
        error.fix = way.fix
        raise error
    record = old
    for leg in way:
        record = leg(record)
    return cast("R", record)


def gap(old: type[Record], new: type[Record]) -> Gap | None:
    """Return why not every record of an older version can become one of a newer version."""
    way = _way(old, new)
    return way if isinstance(way, Gap) else None


def _way(old: type[Record], new: type[Record]) -> Way:
    """Return the legs from one class to another, looked for once for as many steps as are known."""
    key = old, new, count()
    if key not in _WAYS:
        _WAYS[key] = _found(old, new)
    return _WAYS[key]


def _found(old: type[Record], new: type[Record]) -> Way:
    before, after = version_of(old), version_of(new)
    if not before or not after or before[0] != after[0] or before[1] >= after[1]:
        return (_resolution(old, new),)
    history = _History(old, new)
    found = history.way(old.VERSION)
    return history.gap() if found is None else history.legs(found)


def _resolution(old: type[Record], new: type[Record]) -> Leg:
    read = reading(schema_of(old), schema_of(new), builder_of(new))

    def resolve(record: Record) -> Record:
        return cast("Record", read(record.to_avro(), 0)[0])

    return resolve


def _by_hand(step: Step) -> Leg:
    def take(record: Record) -> Record:
        made = step.function(record)
        if type(made) is not step.new:
            wanted, found = _path(step.new), _path(type(made))
            raise TypeError(f"{step.place} returned a {found}. Return a {wanted}, as it says.")
        return made

    return take


def _path(made: type) -> str:
    return f"{made.__module__}.{made.__qualname__}"


class _History:
    """The versions of a subject between two of them, and which leads to which."""

    def __init__(self, old: type[Record], new: type[Record]) -> None:
        self.old, self.new = old, new
        steps = steps_of(old.SUBJECT)
        ends = [each for step in steps for each in (step.old, step.new)]
        within = range(old.VERSION, new.VERSION + 1)
        known = [*ends, *_generated(old.SUBJECT, within), old, new]
        self.classes = {each.VERSION: each for each in known if each.VERSION in within}
        self.steps = {
            (step.old.VERSION, step.new.VERSION): step
            for step in steps
            if all(self.classes.get(each.VERSION) is each for each in (step.old, step.new))
        }
        self.known: dict[tuple[int, int], bool] = {}

    def way(self, start: int) -> tuple[int, ...] | None:
        """Return the numbers of the versions to pass through, from one to the newest."""
        return self.ways(start).get(self.new.VERSION)

    def ways(self, start: int) -> dict[int, tuple[int, ...]]:
        """Return the shortest ways from a version by their ends, up to that to the newest."""
        found: dict[int, tuple[int, ...]] = {start: (start,)}
        frontier = [start]
        while frontier:
            reached: list[int] = []
            for number in frontier:
                for other in sorted(self.classes.keys() - found, reverse=True):
                    if other > number and self.leads(number, other):
                        found[other] = (*found[number], other)
                        reached.append(other)
                    if self.new.VERSION in found:
                        return found
            frontier = reached
        return found

    def leads(self, start: int, end: int) -> bool:
        """Tell whether a single leg leads from one version to another."""
        pair = start, end
        if pair not in self.known:
            self.known[pair] = pair in self.steps or (
                not self.between(start, end) and not self.obstacles(start, end)
            )
        return self.known[pair]

    def between(self, start: int, end: int) -> list[Step]:
        """Return the steps by hand that lie between two versions, which resolution would pass."""
        return [step for (a, b), step in self.steps.items() if start <= a and b <= end]

    def obstacles(self, start: int, end: int) -> tuple[str, ...]:
        found = check(schema_of(self.classes[end]), schema_of(self.classes[start]))
        return tuple(each.message for each in found)

    def legs(self, way: tuple[int, ...]) -> tuple[Leg, ...]:
        return tuple(
            _by_hand(self.steps[pair])
            if pair in self.steps
            else _resolution(*(self.classes[number] for number in pair))
            for pair in pairwise(way)
        )

    def gap(self) -> Gap:
        """Return the stretch from the newest version in reach to the next that goes on."""
        start = max(self.ways(self.old.VERSION))
        end = min(n for n in self.classes if n > start and self.way(n) is not None)
        reasons = self.obstacles(start, end) or tuple(
            f"The step from {label(step.old)} to {label(step.new)} lies between."
            for step in self.between(start, end)
        )
        names = label(self.old), label(self.new)
        return Gap(*names, self.classes[start], self.classes[end], reasons)


def _generated(subject: str, numbers: range) -> Iterator[type[Record]]:
    """Yield the generated classes of some versions; none where the subject has no modules."""
    package = f"{_RECORDS}.{module_path(subject, 1).rpartition('/')[0].replace('/', '.')}"
    try:
        folders = import_module(package).__path__
    except ModuleNotFoundError:
        return
    for each in iter_modules(folders):
        match = _MODULE.fullmatch(each.name)
        if match and int(match[1]) in numbers:
            module = import_module(f"{package}.{each.name}")
            yield getattr(module, safe(subject.rpartition(".")[2]))
