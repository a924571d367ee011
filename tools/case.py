"""What the rules judge: a tree of schemas, its texts, and what of it is released."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from registry.errors import FileError
from registry.source import Span, locate
from registry.subjects import SchemaVersion
from registry.tree import SchemaTree, build
from tools.finding import Finding
from tools.git import Base


@dataclass(frozen=True)
class Case:
    """A tree under judgement: {path in the folder: content}, and what is released of it.

    `folder` is where it stands, as its reader would type it.
    """

    folder: Path
    texts: Mapping[str, bytes]
    base: Base = field(default_factory=Base)

    @cached_property
    def _built(self) -> tuple[SchemaTree, list[FileError]]:
        return build(self.texts)

    @property
    def tree(self) -> SchemaTree:
        """What is sound of it."""
        return self._built[0]

    @property
    def problems(self) -> list[FileError]:
        """What is not sound."""
        return self._built[1]

    def within(self, folders: frozenset[str]) -> "Case":
        """Return the part of the case that stands directly in some folders."""
        return Case(
            self.folder,
            within(self.texts, folders),
            replace(self.base, texts=within(self.base.texts, folders)),
        )

    def released(self) -> "Case":
        """Return the case as it was where the branch began."""
        return Case(self.folder, self.base.texts, self.base)

    def file(self, path: str) -> str:
        """Return a path in the tree as its reader can open it."""
        return (self.folder / path).as_posix()

    def path(self, file: str) -> str:
        """Return the path in the tree of a file, as `file` names it; any other as it is."""
        path = PurePosixPath(file)
        return str(path.relative_to(self.folder)) if path.is_relative_to(self.folder) else file

    def text(self, path: str) -> str:
        """Return the text of a file, "" if there is none."""
        return self.texts.get(path, b"").decode("utf-8", "replace")

    def is_released(self, path: str) -> bool:
        """Tell whether a file is as it was released; git may have given its lines other ends."""
        now, released = self.texts.get(path), self.base.texts.get(path)
        return now == released or (now is not None and now.replace(b"\r\n", b"\n") == released)

    def new_versions(self) -> Iterator[SchemaVersion]:
        """Yield the versions that are not released."""
        return (each for each in self.tree.versions if each.path not in self.base.texts)

    def finding(
        self, version: SchemaVersion, pointer: str, rule: str, message: str, fix: str = ""
    ) -> Finding:
        """Return a finding at a JSON Pointer of a version's text, at its name if it has one."""
        span = named_place(version.text, pointer)
        end = span.end_column
        file = self.file(version.path)
        return Finding(file, rule, message, span.line, span.column, end_column=end, fix=fix)


def named_place(text: str, pointer: str) -> Span:
    """Return where the name of the value at a JSON Pointer stands, or else the value.

    A pointer into a type that another file defines ends at the reference to it.
    """
    return locate(text, f"{pointer}/name")


def within(texts: Mapping[str, bytes], folders: frozenset[str]) -> dict[str, bytes]:
    """Return what of {path: content} stands directly in some folders."""
    return {path: each for path, each in texts.items() if path.rpartition("/")[0] in folders}
