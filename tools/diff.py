"""What one version changes of another, and which of the versions between them can read which."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from registry.compatibility import check
from registry.diff import changes, readability
from registry.json_form import to_json
from registry.subjects import SchemaVersion
from registry.tree import SchemaTree
from registry.witness import witness
from tools.command import Refused, command
from tools.rules.breaking import Break


@command("schemas.diff")
def main(old: str, new: str, schemas: Path) -> int:
    """Print how two versions of a subject differ, such as `shop.Order/1` and `shop.Order/2`.

    Returns 0, or 2 where one does not exist or they are of two subjects.
    """
    tree = SchemaTree.load(schemas)
    before, after = tree.version(old), tree.version(new)
    if before.subject != after.subject:
        raise Refused(f"{old} and {new} are of two subjects. Name two versions of one.")
    print("\n".join(_report(before, after, tree[before.subject].versions)))
    return 0


def _report(
    old: SchemaVersion, new: SchemaVersion, versions: Sequence[SchemaVersion]
) -> Iterator[str]:
    yield f"{old} -> {new}"
    nothing = ["nothing of types, names, defaults or docs"]
    yield from (f"  {each}" for each in list(changes(old.schema, new.schema)) or nothing)
    first, last = sorted((old.number, new.number))
    yield ""
    yield from _matrix(versions[first - 1 : last])
    for reader, writer in ((new, old), (old, new)):
        yield from _obstacle(reader, writer)


def _matrix(versions: Sequence[SchemaVersion]) -> Iterator[str]:
    """Yield a line for each reader, with a column for each writer."""
    verdicts, names = readability(versions), [f"v{each.number}" for each in versions]
    rows = {"written by": names}
    for reader, name in zip(versions, names, strict=True):
        readable = (verdicts[reader.number, writer.number] for writer in versions)
        rows[f"{name} reads"] = ["yes" if each else "NO" for each in readable]
    width = max(map(len, names)) + 3
    for head, cells in rows.items():
        yield f"  {head:<{width + 8}}{''.join(f'{each:<{width}}' for each in cells)}".rstrip()


def _obstacle(reader: SchemaVersion, writer: SchemaVersion) -> Iterator[str]:
    """Yield why a reader cannot read a writer's data, and a datum that proves it."""
    causes = list(check(reader.schema, writer.schema))
    if not causes:
        return
    yield ""
    yield f"v{reader.number} cannot read v{writer.number}:"
    for cause in causes:
        yield f"  {Break(new=reader, old=writer, backward=True, cause=cause).reason}"
    proof = witness(reader.schema, writer.schema)
    if proof is not None:
        form = json.dumps(to_json(writer.schema, proof), ensure_ascii=False)
        yield f"  v{writer.number} can write: {form}"
