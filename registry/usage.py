"""Who uses which version: the imports of generated records, and the contracts that name them."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from registry.naming import module_path
from registry.subjects import SchemaVersion
from registry.tree import SchemaTree

_RECORDS = "registry.records."
_CONTRACT = re.compile(r"\bavro:([A-Za-z_][\w.]*/[0-9]+)")


class Usage(NamedTuple):
    """A place that uses a version; `line` counts from 1."""

    version: str
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def usages(tree: SchemaTree, texts: Mapping[str, str]) -> Mapping[str, tuple[Usage, ...]]:
    """Return who uses each version, such as `rooms.Room/2`, in {path: text} of Python and YAML."""
    modules = {_module(version): str(version) for version in tree.versions}
    found: defaultdict[str, list[Usage]] = defaultdict(list)
    for path, text in sorted(texts.items()):
        for usage in _in_text(path, text, modules):
            found[usage.version].append(usage)
    return {version: tuple(places) for version, places in found.items()}


def _module(version: SchemaVersion) -> str:
    return _RECORDS + module_path(version.subject, version.number).replace("/", ".")


def _in_text(path: str, text: str, modules: Mapping[str, str]) -> Iterator[Usage]:
    if path.endswith(".py"):
        if _RECORDS.rstrip(".") in text:
            yield from _in_python(path, text, modules)
        return
    for number, line in enumerate(text.splitlines(), start=1):
        for match in _CONTRACT.finditer(line):
            yield Usage(match[1], path, number)


def _in_python(path: str, text: str, modules: Mapping[str, str]) -> Iterator[Usage]:
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return  # the linter's business
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
        elif isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        else:
            continue
        for name in names:
            if name in modules:
                yield Usage(modules[name], path, node.lineno)
