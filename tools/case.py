"""What the rules judge: a tree of schemas, its texts, and what of it is released."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from registry.errors import RegistryError
from registry.source import Span, locate
from registry.subjects import SchemaVersion
from registry.tree import SchemaTree, build
from tools.finding import Finding, Severity
from tools.git import Base


@dataclass(frozen=True)
class Case:
    """A tree under judgement. `folder` is where it stands, as its reader would type it."""

    folder: Path
    texts: Mapping[str, bytes]
    tree: SchemaTree
    problems: tuple[RegistryError, ...] = ()
    base: Base = field(default_factory=Base)

    @classmethod
    def of(cls, folder: Path, texts: Mapping[str, bytes], base: Base | None = None) -> "Case":
        """Build the tree of {path in the folder: content}."""
        tree, problems = build(texts)
        return cls(folder, texts, tree, tuple(problems), base or Base())

    def file(self, path: str) -> str:
        """Return a path in the tree as its reader can open it."""
        return (self.folder / path).as_posix()

    def text(self, path: str) -> str:
        """Return the text of a file, "" if there is none."""
        return self.texts.get(path, b"").decode("utf-8", "replace")

    def new_versions(self) -> Iterable[SchemaVersion]:
        """Return the versions that are not released."""
        return (each for each in self.tree.versions if each.path not in self.base.texts)

    def finding(
        self,
        version: SchemaVersion,
        pointer: str,
        rule: str,
        message: str,
        fix: str = "",
        severity: Severity = Severity.ERROR,
    ) -> Finding:
        """Return a finding at a JSON Pointer of a version's text, at its name if it has one."""
        span = named_place(version.text, pointer)
        file = self.file(version.path)
        return Finding(file, rule, message, span.line, span.column, severity, fix)


def named_place(text: str, pointer: str) -> Span:
    """Return where the name of the value at a JSON Pointer stands, or else the value.

    A pointer into a type that another file defines ends at the reference to it.
    """
    return locate(text, f"{pointer}/name")
