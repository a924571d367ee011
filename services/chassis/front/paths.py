"""Finds by method and path what was put under a path of the contract."""

import re
from collections.abc import Mapping
from typing import Generic, TypeVar

T = TypeVar("T")

_PARAMETER = re.compile(r"\{([^}]*)\}")


class Paths(Generic[T]):
    """What stands under paths whose segments may be parameters in braces.

    Where two paths fit the same address neither is found: which goes first is decided elsewhere.
    """

    def __init__(self) -> None:
        self._under: dict[str, Mapping[str, T]] = {}
        self._open: dict[int, list[tuple[re.Pattern[str], list[str], Mapping[str, T]]]] = {}
        self._fixed: dict[str, Mapping[str, T]] = {}

    def put(self, path: str, methods: Mapping[str, T]) -> None:
        """Put something under each method of a path."""
        self._under[path] = methods
        self._fixed, self._open = {}, {}
        for each, stands in self._under.items():
            if any(_meet(each, other) for other in self._under if other != each):
                continue
            if "{" in each:
                names = _PARAMETER.findall(each)
                entry = (_pattern(each), names, stands)
                self._open.setdefault(each.count("/"), []).append(entry)
            else:
                self._fixed[each] = stands

    def find(self, method: str, path: str) -> tuple[T, Mapping[str, str]] | None:
        """Return what is there, and the values of the parameters."""
        stands = self._fixed.get(path)
        if stands is not None:
            return (stands[method], {}) if method in stands else None
        for pattern, names, others in self._open.get(path.count("/"), ()):
            match = pattern.fullmatch(path)
            if match is not None and method in others:
                return others[method], dict(zip(names, match.groups(), strict=True))
        return None


def _meet(one: str, other: str) -> bool:
    """Return whether an address may fit both paths."""
    mine, theirs = one.split("/"), other.split("/")
    return len(mine) == len(theirs) and all(
        a == b or "{" in a or "{" in b for a, b in zip(mine, theirs, strict=True)
    )


def _pattern(path: str) -> re.Pattern[str]:
    fixed = map(re.escape, _PARAMETER.split(path)[::2])
    return re.compile("([^/]+)".join(fixed))
