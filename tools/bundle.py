"""The whole tree for everybody else: each version in a file that needs no other."""

from pathlib import Path

from registry.tree import SchemaTree
from tools.command import Refused, command
from tools.show import self_contained


@command("schemas.bundle")
def main(schemas: Path, to: Path) -> int:
    """Write every version, the types it refers to inside, to the same path in another folder.

    Returns 0, or 2 where the other folder is that of the schemas or the schemas are not sound.
    """
    if to.resolve().is_relative_to(schemas.resolve()):
        raise Refused(f"--to {to}: there stand the schemas themselves. Name another folder.")
    versions = SchemaTree.load(schemas).versions
    for each in versions:
        path = to / each.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self_contained(each), encoding="utf-8", newline="")
    print(f"{len(versions)} self-contained versions in {to.as_posix()}/")
    return 0
