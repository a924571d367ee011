"""A module of a package as one of the same package under another name.

Imports are renamed, and the dotted names of modules in strings, which import them or tell people of
them. Docstrings, comments and all other words stay, byte for byte.
"""

import ast
import re
from collections.abc import Collection, Iterator
from itertools import accumulate
from typing import NamedTuple, TypeGuard

from tools.command import Refused

_FROM = re.compile(rb"from[\s\\]+")


class Naming(NamedTuple):
    """An old and a new name of a package, and the dotted names that its modules have now."""

    old: str
    new: str
    modules: Collection[str]

    def said(self, text: str) -> str:
        """Return a text with the new names of the modules that it names.

        The package itself counts as one where it is the whole text.
        """
        if text == self.old:
            return self.new
        mention = rf"(?<![\w./]){self.old}\.\w+"
        return re.sub(mention, lambda found: self._now(found[0]), text, flags=re.ASCII)

    def _now(self, module: str) -> str:
        return self.new + module.removeprefix(self.old) if module in self.modules else module


class _Text(ast.Constant):
    value: str


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


class _Source:
    """Source code in UTF-8, and where the parts of it stand."""

    def __init__(self, text: bytes, file: str) -> None:
        self.text = text
        self.file = file
        self.tree = ast.parse(text, file)
        self._starts = [0, *accumulate(map(len, text.splitlines(keepends=True)))]

    def span(self, node: ast.stmt | ast.expr | ast.alias) -> tuple[int, int]:
        """Return the offsets in bytes where a node begins and ends."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        start = self._starts[node.lineno - 1] + node.col_offset
        return start, self._starts[end_line - 1] + end_column


def renamed(text: bytes, naming: Naming, file: str, *, strings: bool = True) -> bytes:
    """Return the Python source of a module (UTF-8) with the new name where it means the package.

    Without `strings` only imports are renamed: what else a generated record says is of its schema.
    Raises Refused, with `file` and line, where a module is named in a way that cannot be renamed.
    """
    source = _Source(text, file)
    edits = [*_imports(source, naming), *(_strings(source, naming) if strings else ())]
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text.encode() + text[edit.end :]
    return text


def _imports(source: _Source, naming: Naming) -> Iterator[_Edit]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if _top(alias.name) == naming.old:
                    yield _Edit(*source.span(alias), _alias(alias, naming))
        elif isinstance(node, ast.ImportFrom) and _top(node.module or "") == naming.old:
            found = _FROM.match(source.text, source.span(node)[0])
            if found and not node.level:
                yield _Edit(found.end(), found.end() + len(naming.old), naming.new)


def _alias(alias: ast.alias, naming: Naming) -> str:
    """Return what an `import` says instead; the code that follows goes on to use the old name."""
    name = naming.new + alias.name.removeprefix(naming.old)
    if alias.asname:
        return f"{name} as {alias.asname}"
    kept = f"{naming.new} as {naming.old}"
    return kept if name == naming.new else f"{name}, {kept}"


def _strings(source: _Source, naming: Naming) -> Iterator[_Edit]:
    whole, parts = _texts(source.tree)
    for node in (*whole, *parts):
        if (text := naming.said(node.value)) != node.value:
            start, end = source.span(node)
            literal = naming.said(source.text[start:end].decode())
            if text == naming.new:
                literal = repr(text)
            if node in parts or not _says(literal, text):
                reason = "the name of a module stands in an f-string, or in pieces."
                fix = "Give it a string of its own, which can be renamed."
                raise Refused(f"{source.file}:{node.lineno}: {reason} {fix}")
            yield _Edit(start, end, literal)


def _says(literal: str, text: str) -> bool:
    try:
        return bool(ast.literal_eval(f"({literal})") == text)
    except (SyntaxError, ValueError):
        return False


def _texts(tree: ast.Module) -> tuple[list[_Text], list[_Text]]:
    """Return the strings of a module that are no docstrings: whole ones, and parts of f-strings."""
    whole: dict[int, _Text] = {}
    parts: dict[int, _Text] = {}
    documents = set()
    for node in ast.walk(tree):  # a node comes before what is in it
        if isinstance(node, ast.Expr):
            documents.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            parts |= {id(each): each for each in node.values if _is_text(each)}
        elif _is_text(node) and id(node) not in documents and id(node) not in parts:
            whole[id(node)] = node
    return list(whole.values()), list(parts.values())


def _is_text(node: ast.AST) -> TypeGuard[_Text]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _top(module: str) -> str:
    return module.partition(".")[0]
