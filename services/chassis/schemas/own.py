"""The schemas that this checkout holds."""

from functools import cache
from pathlib import Path
from typing import Final

from registry import SchemaTree

SCHEMAS: Final = Path(__file__).parents[3] / "schemas"


@cache
def tree() -> SchemaTree:
    """Return the tree, read once: it is a constant of the running program."""
    return SchemaTree.load(SCHEMAS)
