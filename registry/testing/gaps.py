"""Versions that nothing leads between."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import combinations
from pathlib import Path
from types import ModuleType

from registry.record import Record
from registry.upgrades import version_of
from registry.upgrading import Gap, gap

_RECORDS = "registry.records"
_FILE = re.compile(r"v[0-9]+\.py", re.ASCII)


def gaps(found: Iterable[type[Record]] | ModuleType | None) -> list[Gap]:
    """Return what separates older versions from newer ones, by subject and version."""
    subjects: defaultdict[str, dict[int, type[Record]]] = defaultdict(dict)
    for each in _classes(found):
        subjects[each.SUBJECT][each.VERSION] = each
    pairs = (
        (versions[old], versions[new])
        for _, versions in sorted(subjects.items())
        for old, new in combinations(sorted(versions), 2)
    )
    return [missing for old, new in pairs if (missing := gap(old, new))]


def _classes(found: Iterable[type[Record]] | ModuleType | None) -> Iterable[type[Record]]:
    if found is None:
        return _generated(import_module(_RECORDS))
    return _generated(found) if isinstance(found, ModuleType) else found


def _generated(package: ModuleType) -> Iterator[type[Record]]:
    """Yield the main classes of the generated modules in a package and below it."""
    for name in _modules(package):
        module = import_module(name)
        for each in vars(module).values():
            is_own = getattr(each, "__module__", "") == name
            if is_own and isinstance(each, type) and issubclass(each, Record) and version_of(each):
                yield each


def _modules(package: ModuleType) -> Iterator[str]:
    """Yield names of modules; packages without `__init__.py` are not seen by `pkgutil`."""
    for folder in map(Path, getattr(package, "__path__", ())):
        for path in sorted(folder.rglob("v*.py")):
            if _FILE.fullmatch(path.name):
                inner = path.relative_to(folder).with_suffix("").parts
                yield ".".join((package.__name__, *inner))
    if not hasattr(package, "__path__"):
        yield package.__name__
