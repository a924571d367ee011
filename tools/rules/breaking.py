"""Compatibility: which versions cannot read which, and why."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from registry.compatibility import Incompatibility
from registry.settings import Waiver
from registry.source import Span, locate_all
from registry.subjects import SchemaVersion, Subject
from tools.case import Case
from tools.finding import Finding
from tools.rules.history import causes, history
from tools.rules.remedy import remedy

_SHOWN: Final = 3
_FEW: Final = 8  # versions that are compared one by one sooner than by their history


class Break(NamedTuple):
    """A new version and an older one of which one cannot read the other, for one reason."""

    new: SchemaVersion
    old: SchemaVersion
    backward: bool
    """Whether the new version reads and the old one writes."""
    cause: Incompatibility

    @property
    def pointer(self) -> str:
        """Where, in the new version."""
        return self.cause.reader_path if self.backward else self.cause.writer_path

    def waiver(self, subject: Subject) -> Waiver | None:
        """Return what says that the break is meant, if anything does."""
        old, new = self.old.number, self.new.number
        waivers = subject.config.waivers
        return next((each for each in waivers if each.covers(self.cause.rule, old, new)), None)

    @property
    def reason(self) -> str:
        """The cause with the versions in place of reader and writer."""
        new, old = f"v{self.new.number}", f"v{self.old.number}"
        reader, writer = (new, old) if self.backward else (old, new)
        words = self.cause.message
        for start in "tT":
            words = words.replace(f"{start}he reader", reader).replace(f"{start}he writer", writer)
        return words

    @property
    def fix(self) -> str:
        """What to do about it in the new version."""
        return remedy(self.cause, self.new, self.old, backward=self.backward)


def breaking_changes(case: Case) -> Iterator[Finding]:
    """Every version is compatible, by its subject's level, with those that came before."""
    for subject in case.tree.values():
        for new in subject.versions[1:]:
            yield from _of_version(case, subject, new)


def breaks_of(subject: Subject, new: SchemaVersion) -> dict[bool, list[Break]]:
    """Return why a version breaks older ones, by direction (backward?) as the level asks.

    The latest of the older versions goes first.
    """
    level, earlier = subject.config.compatibility, _earlier(subject, new)
    asked = [way for way, wanted in ((True, level.backward), (False, level.forward)) if wanted]
    compare = history(subject.versions).causes if len(earlier) > _FEW else causes
    breaks: dict[bool, list[Break]] = {way: [] for way in asked}
    for way, found in breaks.items():
        for old in reversed(earlier):
            reader, writer = (new, old) if way else (old, new)
            found.extend(Break(new, old, way, cause) for cause in compare(reader, writer))
    return breaks


def _earlier(subject: Subject, new: SchemaVersion) -> Sequence[SchemaVersion]:
    """Return the versions that the level compares a version with."""
    before = [each for each in subject.versions if each.number < new.number]
    return before if subject.config.compatibility.transitive else before[-1:]


def _of_version(case: Case, subject: Subject, new: SchemaVersion) -> Iterator[Finding]:
    failed = breaks_of(subject, new)
    earlier = _earlier(subject, new)
    fine = [_fine(new, earlier, backward=way) for way, breaks in failed.items() if not breaks]
    for breaks in failed.values():
        unmeant = [each for each in breaks if not each.waiver(subject)]
        for span, group in _grouped(new, unmeant):
            differing = _differing(group)
            yield Finding(
                case.file(new.path),
                group[0].cause.rule,
                "\n".join([_broken(group), *(each.reason for each in differing), *fine]),
                span.line,
                span.column,
                end_column=span.end_column,
                fix="\n".join(dict.fromkeys(each.fix for each in differing)),
                versions=tuple(dict.fromkeys(str(each.old) for each in group)),
            )


def _grouped(new: SchemaVersion, breaks: Sequence[Break]) -> Iterator[tuple[Span, list[Break]]]:
    """Yield the breaks of one rule at one place of the new version together.

    The place is a name, if there is one. They differ in the older version, in the fields of a type
    that another file defines, or in what the new version has no more.
    """
    if not breaks:
        return
    groups: defaultdict[tuple[str, Span], list[Break]] = defaultdict(list)
    spans = locate_all(new.text, [f"{each.pointer}/name" for each in breaks])
    for each, span in zip(breaks, spans, strict=True):
        groups[each.cause.rule, span].append(each)
    for (_, span), group in groups.items():
        yield span, group


def _differing(group: Sequence[Break]) -> list[Break]:
    """Return those that differ in more than the older version."""
    differing: dict[str, Break] = {}
    for each in group:
        differing.setdefault(each.cause.message, each)
    return list(differing.values())


def _broken(group: Sequence[Break]) -> str:
    old, new = _listed([each.old for each in group]), f"v{group[0].new.number}"
    if group[0].backward:
        return f"backward: a service on {new} cannot read the data of services on {old}."
    return f"forward: a service on {old} cannot read the data of services on {new}."


def _fine(new: SchemaVersion, earlier: Sequence[SchemaVersion], *, backward: bool) -> str:
    old = _listed(earlier)
    if backward:
        return f"backward: ok, a service on v{new.number} reads the data of {old}."
    return f"forward: ok, a service on {old} reads the data of v{new.number}."


def _listed(versions: Sequence[SchemaVersion]) -> str:
    """Return versions as words in ascending order."""
    names = [f"v{number}" for number in sorted({each.number for each in versions}, reverse=True)]
    if len(names) > _SHOWN:
        return f"{names[0]} (and {len(names) - 1} earlier ones)"
    *others, last = reversed(names)
    return f"{', '.join(others)} or {last}" if others else last
