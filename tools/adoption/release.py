"""One release of a tree that exists: its files, and the named types at their top level."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from registry.attributes import AttributeReader, pointer
from registry.errors import (
    FileError,
    InvalidSchema,
    MisplacedSchema,
    ReferenceConflict,
    TreeError,
    UnknownName,
)
from registry.source import JSON, load, locate
from registry.tree import read_texts
from tools.adoption.edits import extracted
from tools.adoption.mentions import NAMED, mentions
from tools.adoption.namespaces import Move, moved

_TOO_DEEP: Final = "The JSON is nested too deeply."


@dataclass(frozen=True, slots=True)
class Definition:
    """A named type at the top level of a file.

    `text` is what its own file will say, but for the pins, and `meaning` that without formatting;
    `source` is that of the whole file, with the type at the JSON Pointer `path`. `uses` holds the
    names of types that the text does not define, with the JSON Pointer of the first mention.
    """

    name: str
    text: str
    meaning: str
    file: str
    source: str
    path: str
    uses: Mapping[str, str]

    def conflict(self, reason: str, fix: str) -> ReferenceConflict:
        """Return a problem at the name of the type."""
        span = locate(self.source, f"{self.path}/name")
        line, column = span.line, span.column
        return ReferenceConflict(reason, fix, file=self.file, line=line, column=column)

    def unknown(self, name: str, reason: str, fix: str) -> UnknownName:
        """Return a problem at the first mention of a type."""
        path = self.path + self.uses[name]
        span = locate(self.source, path)
        return UnknownName(path, span.line, span.column, reason, fix, self.file)


@dataclass(slots=True)
class Release:
    """The types that one folder defines, by full name, and what is wrong with its files."""

    folder: Path
    types: dict[str, Definition] = field(default_factory=dict)
    inner: dict[str, str] = field(default_factory=dict)
    """The file, within the folder, of each type that is defined inside another one."""
    left_out: set[str] = field(default_factory=set)
    """The types that are here, but cannot be adopted."""
    problems: list[FileError] = field(default_factory=list)

    @classmethod
    def read(cls, folder: Path, moves: Sequence[Move] = ()) -> "Release":
        """Read the `.avsc` files of a folder and those below it. Raises TreeError."""
        texts = _texts(folder)
        release = cls(folder)
        if not texts:
            reason, fix = "The folder holds no .avsc file.", "Name one that does, or leave it out."
            release.problems.append(TreeError(reason, fix, file=folder.as_posix()))
        found: defaultdict[str, list[Definition]] = defaultdict(list)
        for path, content in texts.items():
            for each in release.definitions(path, content, moves):
                found[each.name].append(each)
        for name, several in found.items():
            release.choose(name, several)
        return release

    def definitions(self, path: str, content: bytes, moves: Sequence[Move]) -> list[Definition]:
        """Return the types at the top level of a file, none where one of them has no sound name."""
        file = (self.folder / path).as_posix()
        try:
            return list(self._definitions(path, file, content, moves))
        except RecursionError:
            self.problems.append(InvalidSchema("", 1, 1, _TOO_DEEP, file=file))
        except FileError as error:
            error.file = file
            self.problems.append(error)
        return []

    def _definitions(
        self, path: str, file: str, content: bytes, moves: Sequence[Move]
    ) -> Iterator[Definition]:
        value, source = load(content), content.decode()
        text = moved(source, value, moves)
        parts = list(_parts(json.loads(text)))
        for at, each in parts:
            name, part = _name(each, source, at), extracted(text, at) if at else text
            meaning = json.dumps(each, sort_keys=True)
            yield Definition(name, part, meaning, file, source, at, _uses(each))
            own = {mention.name for mention in mentions(each) if mention.defines}
            self.inner.update(dict.fromkeys(own - {name}, path))
        if not parts:
            reason = "The file holds no record, enum or fixed, and so has no name."
            raise MisplacedSchema(reason, "Leave it out.", line=1, column=1)

    def choose(self, name: str, several: Sequence[Definition]) -> None:
        """Take the one definition of a name, however many files have it."""
        first, *others = several
        self.types[name] = first
        for other in others:
            if other.meaning != first.meaning:
                file = Path(first.file).relative_to(self.folder)
                reason = f"The type {name!r} is defined in another way in {file}."
                self.leave_out(other.conflict(reason, "Keep one of the two files."), name)

    def leave_out(self, problem: FileError, *names: str) -> None:
        """Adopt none of these types, for one reason."""
        self.problems.append(problem)
        self.left_out.update(names)
        for name in names:
            self.types.pop(name, None)


def _texts(folder: Path) -> dict[str, bytes]:
    """Return the `.avsc` files of a folder. Raises TreeError."""
    try:
        files = read_texts(folder)
    except TreeError as error:
        error.file = (folder / error.file).as_posix() if error.file else ""
        raise
    return {path: content for path, content in files.items() if path.endswith(".avsc")}


def _parts(value: JSON) -> Iterator[tuple[str, dict[str, JSON]]]:
    """Yield the named types at the top level, each with its JSON Pointer."""
    branches = enumerate(value) if isinstance(value, list) else ()
    for at, each in [(f"/{index}", each) for index, each in branches] or [("", value)]:
        if isinstance(each, dict) and each.get("type") in NAMED:
            yield at, each


def _uses(value: JSON) -> dict[str, str]:
    """Return the types that a value mentions and does not define, each with its first place."""
    said = list(mentions(value))
    own = {each.name for each in said if each.defines}
    uses: dict[str, str] = {}
    for each in said:
        if each.name not in own:
            uses.setdefault(each.name, each.path)
    return uses


def _name(value: Mapping[str, JSON], source: str, at: str) -> str:
    """Return the full name of a type. Raises SchemaError, and TreeError for pins of its own."""
    reader = AttributeReader()
    name = reader.full_name(value, None, "")
    for flaw in reader.problems:
        path = at + pointer(flaw.path)
        span = locate(source, path)
        raise flaw.error(path, span.line, span.column, flaw.reason, flaw.fix)
    if "references" in value:
        span = locate(source, f"{at}/references#")
        reason = "The attribute 'references' holds pins here, and this file has one already."
        fix = "Give the attribute another name."
        raise ReferenceConflict(reason, fix, line=span.line, column=span.column)
    return str(name)
