"""The findings on a tree, with those of earlier runs where nothing has changed since."""

import gc
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Final

from registry.errors import FileError
from tools.case import Case
from tools.finding import Finding
from tools.gate import RULES, judge, stale
from tools.generate import modules, read_modules
from tools.grading import graded
from tools.rules.files import id_collisions
from tools.verdicts import cache
from tools.verdicts.cache import Verdict
from tools.verdicts.parts import Parts

_KEPT: Final = 3  # times the folders of a tree, for those who switch between branches


def judged(case: Case, records: Path | None, folder: Path | None) -> list[Finding]:
    """Return what `judge` returns, and keep it in the cache of a folder for the next time."""
    if folder is None:
        return judge(case, records)
    known = cache.read(folder)
    parts = Parts(case, f"{cache.rules_state()} {records is not None}")
    keys = parts.keys()
    changed = frozenset(each for each, key in keys.items() if key not in known)
    needed = parts.needs(changed)
    part = case.within(needed)
    with _settled(part) as problems:
        if problems:
            return judge(case, records)  # advice on what is unsound looks at the whole tree
        found = _verdicts(part, needed, with_modules=records is not None)
    new = {keys[each]: found[each] for each in changed}
    if new:
        kept = known if len(known) < _KEPT * len(keys) else {}
        cache.write(folder, {**kept, **new})
    verdicts = {each: new.get(key) or known[key] for each, key in keys.items()}
    findings = [*found[""].findings, *chain.from_iterable(v.findings for v in verdicts.values())]
    findings += _collisions(case, parts, verdicts)
    if records is not None and not _is_fresh(verdicts.values(), records):
        findings += stale(case, records)
    return graded(findings, part.tree.config.severities)


def _verdicts(part: Case, folders: Iterable[str], *, with_modules: bool) -> Mapping[str, Verdict]:
    """Return what the rules find in each folder, without what they say of the whole tree."""
    found = {folder: Verdict([], {}, {}) for folder in folders}
    for finding in chain.from_iterable(rule(part) for rule in RULES):
        found[_folder(part.path(finding.file))].findings.append(finding)
    for version in part.tree.versions:
        verdict = found[_folder(version.path)]
        verdict.ids[version.path] = version.id
        if with_modules:
            for path, text in modules([version]).items():
                verdict.modules[path] = _digest(text)
    return found


def _collisions(case: Case, parts: Parts, verdicts: Mapping[str, Verdict]) -> Iterator[Finding]:
    """Judge those versions together whose ids stand in more than one place."""
    counts = Counter(number for each in verdicts.values() for number in each.ids.values())
    twice = {number for number, count in counts.items() if count > 1}
    if twice:
        folders = [name for name, each in verdicts.items() if twice & set(each.ids.values())]
        yield from id_collisions(case.within(parts.needs(folders)))


def _is_fresh(verdicts: Iterable[Verdict], records: Path) -> bool:
    expected = {path: digest for each in verdicts for path, digest in each.modules.items()}
    return expected == {path: _digest(text) for path, text in read_modules(records).items()}


@contextmanager
def _settled(case: Case) -> Iterator[list[FileError]]:
    """Parse a case, and keep the search for garbage out of it: it is large, and stays whole."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        problems = case.problems
        gc.freeze()
    finally:
        if was_on:
            gc.enable()
    try:
        yield problems
    finally:
        gc.unfreeze()


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
