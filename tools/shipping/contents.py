"""The files of a wheel: those of the library under the name of the package, and the schemas."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from registry.tree import SchemaTree, read_texts
from tools.command import Refused
from tools.generate import freshness, modules, read_modules
from tools.shipping.renaming import Naming, renamed

_RECORDS: Final = "records/"


def library(folder: Path) -> dict[str, bytes]:
    """Return the files of a package, {path in it: content}, but for what Python has compiled."""
    found = {each.relative_to(folder): each for each in sorted(folder.rglob("*"))}
    return {
        path.as_posix(): each.read_bytes()
        for path, each in found.items()
        if each.is_file() and not any(part.startswith((".", "__pycache__")) for part in path.parts)
    }


def schemas(folder: Path, records: Path) -> dict[str, bytes]:
    """Return the files of a schema tree, {path in it: content}.

    Raises SchemaError or TreeError where it is not sound, Refused where records are stale.
    """
    texts = read_texts(folder)
    tree = SchemaTree.from_texts(texts)
    for each in freshness(modules(tree.versions), read_modules(records), records):
        raise Refused(f"{each.file}:{each.line}: {each.message} Run {each.fix} first.")
    return texts


def named(files: Mapping[str, bytes], old: str, new: str) -> dict[str, bytes]:
    """Return the files of a package as those of one with another name.

    Raises Refused where a string names a module in a way that cannot be renamed.
    """
    if old == new:
        return dict(files)
    naming = Naming(old, new, frozenset(_modules(files, old)))
    return {
        path: renamed(content, naming, f"{old}/{path}", strings=not path.startswith(_RECORDS))
        if path.endswith(".py")
        else content
        for path, content in files.items()
    }


def _modules(files: Mapping[str, bytes], package: str) -> set[str]:
    """Return the dotted names of the modules of a package, and of the folders that they are in."""
    paths = [PurePosixPath(package, path) for path in files if path.endswith(".py")]
    folders = {folder for path in paths for folder in path.parents[:-1]}
    return {".".join(path.with_suffix("").parts) for path in {*paths, *folders}}
