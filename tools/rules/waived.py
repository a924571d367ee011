"""Breaks that are meant: waivers that waive nothing, and levels that are lowered without one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from registry.compatibility import Compatibility
from registry.config import SubjectConfig, TreeConfig, setting_line, subject_config, tree_config
from registry.errors import did_you_mean
from registry.settings import Waiver
from registry.subjects import Subject
from tools.case import Case
from tools.finding import Finding
from tools.rules.breaking import breaks_of

LOWERED: Final = "LOWERED_LEVEL"
WAIVABLE: Final = (
    "AMBIGUOUS_ALIAS",
    "DECIMAL_MISMATCH",
    "FIXED_SIZE_MISMATCH",
    LOWERED,
    "MISSING_ENUM_SYMBOLS",
    "MISSING_UNION_BRANCH",
    "NAME_MISMATCH",
    "READER_FIELD_MISSING_DEFAULT_VALUE",
    "TYPE_MISMATCH",
)
"""The rules that a waiver can be about."""


def unused_waivers(case: Case) -> Iterator[Finding]:
    """Every waiver waives something: a break in the history, or a level below the default."""
    tree = case.tree.config
    for waiver in tree.waivers:
        if waiver.rule != LOWERED or not lost(Compatibility.FULL_TRANSITIVE, tree.subject):
            yield _unused(case, "registry.toml", waiver, (LOWERED,))
    for subject in case.tree.values():
        for waiver in subject.config.waivers:
            if not _waives(subject, waiver, tree):
                yield _unused(case, _file(subject), waiver, WAIVABLE)


def lowered_levels(case: Case) -> Iterator[Finding]:
    """A compatibility level is lowered only with a waiver that says why."""
    before, now = tree_config(case.base.texts.get("registry.toml", b""), []), case.tree.config
    if case.base.name:
        if lost(before.subject.compatibility, now.subject) and not _accepted(before, now):
            accept = f'[[waivers]]\nrule = "{LOWERED}"\nwhy = "..."'
            yield _lowered(case, "registry.toml", "the tree", before.subject, now.subject, accept)
        for subject in case.tree.values():
            yield from _lowered_subject(case, subject, before)


def lost(before: Compatibility, now: SubjectConfig) -> list[str]:
    """Return in words what one level checks and another does not."""
    after = now.compatibility
    checks = {
        "a new version reads the data of older ones": (before.backward, after.backward),
        "services on older versions read the data of a new one": (before.forward, after.forward),
        "the same holds for all older versions": (before.transitive, after.transitive),
    }
    return [words for words, (was, still) in checks.items() if was and not still]


def _lowered_subject(case: Case, subject: Subject, before: TreeConfig) -> Iterator[Finding]:
    file = _file(subject)
    if subject.versions[0].path not in case.base.texts or (
        case.base.texts.get(file) == case.texts.get(file)
    ):
        return  # it is new, or follows the level of the tree
    was = subject_config(before.subject, case.base.texts.get(file, b""), file, [])
    now = subject.config
    # A lower default of the tree is a finding of its own: what counts is what the subject says.
    alone = subject_config(before.subject, case.text(file), file, [])
    level = was.compatibility
    if lost(level, alone) and lost(level, now) and not _accepted(was, now):
        accept = f'./invoke schemas.accept {LOWERED} {subject.latest} --why "..."'
        yield _lowered(case, file, subject.name, was, now, accept)


def _lowered(
    case: Case, file: str, what: str, before: SubjectConfig, now: SubjectConfig, accept: str
) -> Finding:
    was, level = before.compatibility, now.compatibility
    message = (
        f"The level of {what} is {was} on {case.base.name}, and {level} here.\n"
        f"It is no longer checked that {', and that '.join(lost(was, now))}."
    )
    fix = f'bring back compatibility = "{was}", or say why it goes:\n{accept}'
    line = setting_line(case.text(file), "compatibility")
    return Finding(case.file(file), LOWERED, message, line, 1, fix=fix)


def _waives(subject: Subject, waiver: Waiver, tree: TreeConfig) -> bool:
    if waiver.rule == LOWERED:
        return bool(lost(tree.subject.compatibility, subject.config))
    found = (breaks for new in subject.versions[1:] for breaks in breaks_of(subject, new).values())
    return any(
        waiver.covers(each.cause.rule, each.old.number, each.new.number)
        for breaks in found
        for each in breaks
    )


def _unused(case: Case, file: str, waiver: Waiver, known: Sequence[str]) -> Finding:
    line = setting_line(case.text(file), "waivers", waiver.index)
    message, fix = f"The waiver of {waiver.rule} waives nothing.", "remove it"
    if waiver.rule not in known:
        message = f"{waiver.rule!r} is no rule that can be waived here."
        fix = did_you_mean(waiver.rule, known)
    elif waiver.version:
        message = (
            f"Nothing breaks {waiver.rule} across v{waiver.version}: the waiver waives nothing."
        )
    return Finding(case.file(file), "UNUSED_WAIVER", message, line, 1, fix=fix)


def _accepted(before: TreeConfig | SubjectConfig, now: TreeConfig | SubjectConfig) -> bool:
    """Tell whether there is a waiver that the base does not have; its own are used up."""
    old, new = (
        Counter((each.version, each.why) for each in config.waivers if each.rule == LOWERED)
        for config in (before, now)
    )
    return bool(new - old)


def _file(subject: Subject) -> str:
    return f"{subject.latest.path.rpartition('/')[0]}/subject.toml"
