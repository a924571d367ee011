"""CODEOWNERS out of the owners of subjects, so that a code host asks the right team to review."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from registry.naming import subject_path
from registry.tree import SchemaTree
from tools.command import Refused, command

FILE: Final = Path(".github/CODEOWNERS")
_BEGIN: Final = "# From here on made by ./invoke schemas.owners from the owners in {folder}/."
_END: Final = "# Up to here."


@command("schemas.owners")
def main(schemas: Path, root: Path, *, check: bool) -> int:
    """Write the owners of a tree into the CODEOWNERS of the checkout at `root`.

    With `check`, only report. Returns 0 where the file is fresh (or now is), 1 where it is stale,
    2 where an owner is unknown to the code host or the schemas are not sound.
    """
    path = root / FILE
    current = path.read_text(encoding="utf-8") if path.is_file() else ""
    folder = Path(os.path.relpath(schemas, root)).as_posix()
    wanted = renewed(current, owner_lines(SchemaTree.load(schemas), folder), folder)
    if wanted == current:
        print(f"{FILE}: fresh.")
        return 0
    if check:
        print(f"{FILE} is not what the owners in {folder}/ make it: run ./invoke schemas.owners.")
        return 1
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(wanted, encoding="utf-8", newline="")
    print(f"{FILE}: written.")
    return 0


def owner_lines(tree: SchemaTree, folder: str) -> list[str]:
    """Return a line for each subject with an owner; a later line counts more than an earlier one.

    Raises Refused for an owner that the code host does not know.
    """
    return [
        f"/{folder}/{f'{path}/' if path else ''} {_handle(tree, owner, subject)}"
        for path, owner, subject in sorted(_owned(tree))
    ]


def renewed(text: str, lines: list[str], folder: str) -> str:
    """Return the text of a CODEOWNERS file with these lines in the place of those before."""
    begin = _BEGIN.format(folder=folder)
    before, _, rest = text.partition(f"{begin}\n")
    after = rest.partition(f"{_END}\n")[2]
    return "\n".join([f"{before}{begin}", *lines, f"{_END}\n{after}"])


def _owned(tree: SchemaTree) -> Iterator[tuple[str, str, str]]:
    """Yield folder, owner and name of what has an owner; the tree itself has the default one."""
    if tree.config.subject.owner:
        yield "", tree.config.subject.owner, "registry.toml"
    for subject in tree.values():
        if subject.config.owner:
            yield subject_path(subject.name), subject.config.owner, subject.name


def _handle(tree: SchemaTree, owner: str, subject: str) -> str:
    """Return what the code host calls an owner: a team, a person or a mail address has an @."""
    handle = owner if "@" in owner else tree.config.owners.get(owner, "")
    if "@" not in handle:
        raise Refused(
            f"{subject} is owned by {owner!r}, whom the code host does not know by that name.\n"
            f'Say in registry.toml what it calls them:\n[owners]\n{owner} = "@example/{owner}"'
        )
    return handle
