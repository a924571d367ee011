"""What a package needs to be installed with: the packages that its modules import."""

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from tools.command import Refused

OPTIONAL: Final = {"testing": "dev"}
"""Modules that only some install for, by the group of dependencies that has what they need."""

_STANDARD: Final = sys.stdlib_module_names | {"compression"}  # new in Python 3.14


class Needs(NamedTuple):
    """Requirements as pyproject.toml states them: those of all, and those of each extra."""

    dependencies: Sequence[str]
    extras: Mapping[str, Sequence[str]]


def needs(sources: Mapping[str, bytes], package: str, pyproject: Mapping[str, Any]) -> Needs:
    """Return what modules, {path in the package: source}, import from outside of it.

    A module of OPTIONAL has an extra of its name for what is no dependency. Raises Refused, with
    file and line, for an import that no requirement in pyproject.toml is the name of.
    """
    found: dict[str, set[str]] = {"": set()}
    for path, source in sources.items():
        optional = path.partition("/")[0].removesuffix(".py")
        for line, module in _imports(ast.parse(source)):
            if module.partition(".")[0] in _STANDARD | {package}:
                continue
            extra, required = _required(module, optional, pyproject)
            if not required:
                reason = f"{package}/{path}:{line} imports {module}, which no requirement provides."
                raise Refused(f"{reason} Add one to the dependencies in pyproject.toml.")
            found.setdefault(extra, set()).add(required)
    dependencies = sorted(found.pop(""))
    return Needs(dependencies, {extra: sorted(found[extra]) for extra in sorted(found)})


def requirement(module: str, requirements: Sequence[object]) -> str:
    """Return the requirement whose name is that of a module or of a package around it, else ""."""
    parts = module.split(".")
    names = {_normal(".".join(parts[: end + 1])) for end in range(len(parts))}
    for each in requirements:
        name = re.match(r"[\w.-]+", each) if isinstance(each, str) else None
        if name and _normal(name[0]) in names:
            return str(each)
    return ""


def _required(module: str, optional: str, pyproject: Mapping[str, Any]) -> tuple[str, str]:
    """Return the extra (the dependencies of all are that of no name) and the requirement."""
    required = requirement(module, pyproject["project"]["dependencies"])
    if required or optional not in OPTIONAL:
        return "", required
    return optional, requirement(module, pyproject["dependency-groups"][OPTIONAL[optional]])


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of what is imported, unless that is said relative to the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, each.name) for each in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((node.lineno, f"{node.module}.{each.name}") for each in node.names)


def _normal(name: str) -> str:
    """Return a name as package indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
