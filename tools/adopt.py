"""Adopting a tree that exists: folders of `.avsc`, in release order, become subjects."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from registry.compatibility import Compatibility
from registry.errors import RegistryError
from registry.naming import subject_path
from registry.tree import SchemaTree, build
from tools.adoption.history import History
from tools.adoption.levels import settings, strictest
from tools.adoption.namespaces import move
from tools.adoption.plan import count, problems, story
from tools.adoption.release import Release
from tools.command import Refused, command

_DEFAULTS: Final = "registry.toml"


@command("schemas.adopt")
def main(
    releases: Sequence[Path], into: Path, namespaces: Sequence[str] = (), *, write: bool = False
) -> int:
    """Show what the releases become in the folder `into` and, with `write`, make it so.

    `namespaces` are patterns, see `tools.adoption.namespaces.move`. Returns 0, 1 where something
    is wrong with the schemas, 2 where a release cannot be read or the folder has it already.
    """
    history = _history(releases, namespaces)
    _refuse_present(history, into)
    texts = {path: text.encode() for path, text in history.texts.items()}
    tree, flaws = build({**_defaults(into), **texts})
    levels = {name: strictest(subject.versions) for name, subject in tree.items()}
    told = list(problems(history, flaws, into))
    print("\n".join([*story(history, tree, levels), *told]))
    if write:
        _write(into, {**texts, **_settings(tree, levels)})
    print(_summary(history, into, len(told), written=write))
    return 1 if told else 0


def _history(releases: Sequence[Path], namespaces: Sequence[str]) -> History:
    if not releases:
        raise Refused("no release is given. Name each folder with --release, the oldest first.")
    try:
        moves = [move(words) for words in namespaces]
        return History.of([Release.read(folder, moves) for folder in releases])
    except RegistryError as error:
        raise Refused(str(error)) from None


def _refuse_present(history: History, into: Path) -> None:
    for name in history.subjects:
        folder = into / subject_path(name)
        files = sorted(each.name for each in folder.glob("*") if each.is_file())
        if files:
            raise Refused(
                f"{folder.as_posix()} is a subject already: {', '.join(files)}. "
                "Nothing was written. Adopt into another folder, with --into."
            )


def _defaults(into: Path) -> dict[str, bytes]:
    file = into / _DEFAULTS
    return {_DEFAULTS: file.read_bytes()} if file.is_file() else {}


def _settings(tree: SchemaTree, levels: Mapping[str, Compatibility]) -> dict[str, bytes]:
    """Return a `subject.toml` for each subject whose level is not the default of the tree."""
    return {
        f"{subject_path(name)}/subject.toml": settings(levels[name], subject.versions).encode()
        for name, subject in tree.items()
        if levels[name] != subject.config.compatibility
    }


def _write(into: Path, files: Mapping[str, bytes]) -> None:
    for folder in {(into / path).parent for path in files}:
        folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        with (into / path).open("xb") as file:
            file.write(content)


def _summary(history: History, into: Path, problems: int, *, written: bool) -> str:
    subjects = count(len(history.subjects), "subject")
    versions = count(len(history.texts), "version")
    total = f"{subjects} with {versions}, of {count(len(history.releases), 'release')}"
    flaws = f", and {count(problems, 'problem')} to mend" if problems else ""
    if written:
        after = f"./invoke check-schemas --schemas {into.as_posix()} judges them."
        return f"{total}{flaws}: written to {into.as_posix()}. {after}"
    return f"{total}{flaws}. Nothing is written yet: --write does."
