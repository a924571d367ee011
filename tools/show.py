"""One version of a subject, as it is or self-contained."""

import json
from pathlib import Path

from registry.canonical import full_text
from registry.subjects import SchemaVersion
from registry.tree import SchemaTree
from tools.command import command


@command("schemas.show")
def main(name: str, schemas: Path, *, inline: bool = False) -> int:
    """Print the text of a version such as `shop.Order/2`; of a subject, that of its latest one.

    `inline` puts the types that it refers to into it. Returns 0, or 2 where there is none.
    """
    tree = SchemaTree.load(schemas)
    version = tree.version(name) if "/" in name else tree[name].latest
    print(self_contained(version) if inline else version.text, end="")
    return 0


def self_contained(version: SchemaVersion) -> str:
    """Return a version as JSON that needs no other file, two spaces a level."""
    return json.dumps(json.loads(full_text(version.schema)), ensure_ascii=False, indent=2) + "\n"
