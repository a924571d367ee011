"""Who is affected by a break: services by file and line, outside consumers, and the owner."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Final

from registry.subjects import Subject
from registry.tree import SchemaTree
from registry.usage import Usage, usages
from tools.finding import Finding

SOURCES: Final = (".py", ".yaml", ".yml")
"""The suffixes of files in which services say what they use."""


@dataclass(frozen=True)
class Users:
    """Who uses the versions of a tree: services by version, and what the settings name."""

    tree: SchemaTree
    services: Mapping[str, tuple[Usage, ...]]

    @classmethod
    def of(cls, tree: SchemaTree, services: Path | None) -> "Users":
        """Look through the sources in the folder of the services, if there is one."""
        return cls(tree, usages(tree, sources(services)) if services else {})

    def named(self, finding: Finding) -> Finding:
        """Return a finding that names whom it affects."""
        if not finding.versions:
            return finding
        return replace(finding, affected=tuple(dict.fromkeys(self._of(finding.versions))))

    def _of(self, versions: Iterable[str]) -> Iterator[str]:
        chains = list(self._chains(versions))
        for chain in chains:
            for place in _places(self.services.get(chain[0], ())):
                yield f"{place} uses {_words(chain)}"
        for chain in chains:
            yield from _outside(self._subject(chain[0]), chain)
        for chain in chains:
            owner = self._subject(chain[-1]).config.owner
            if owner:
                yield f"{owner}, who own {chain[-1].partition('/')[0]}"

    def _chains(self, versions: Iterable[str]) -> Iterator[tuple[str, ...]]:
        """Yield the versions, and those that pin them, also through others; the user first."""
        seen = set(versions)
        pending: list[tuple[str, ...]] = [(version,) for version in versions]
        for chain in pending:
            yield chain
            for referrer in map(str, self.tree.referrers(chain[0])):
                if referrer not in seen:
                    seen.add(referrer)
                    pending.append((referrer, *chain))

    def _subject(self, version: str) -> Subject:
        return self.tree[version.partition("/")[0]]


def _places(places: Iterable[Usage]) -> Iterator[str]:
    """Yield each file once, with its lines: `api.py:3, 9`."""
    for file, found in groupby(places, key=lambda usage: usage.file):
        yield f"{file}:{', '.join(str(usage.line) for usage in found)}"


def _outside(subject: Subject, chain: tuple[str, ...]) -> Iterator[str]:
    number = int(chain[0].partition("/")[2])
    for each in subject.config.consumers:
        if not each.versions or number in each.versions:
            contact = f" ({each.contact})" if each.contact else ""
            yield f"{each.name}{contact}, outside, reads {_words(chain)}"


def _words(chain: tuple[str, ...]) -> str:
    user, *inner = chain
    return f"{user}, and {inner[-1]} through it" if inner else user


def sources(folder: Path) -> dict[str, str]:
    """Return the texts of services: {path as a reader can open it: text}."""
    return {
        path.as_posix(): path.read_bytes().decode("utf-8", "replace")
        for path in sorted(folder.rglob("*"))
        if path.suffix in SOURCES and path.is_file()
    }
