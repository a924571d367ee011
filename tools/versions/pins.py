"""The pins of a file: other numbers for them, and those that are behind."""

from collections.abc import Iterator, Mapping

from registry.source import locate
from registry.subjects import Reference, SchemaVersion
from registry.tree import SchemaTree


def repinned(version: SchemaVersion, numbers: Mapping[str, int]) -> str:
    """Return the text of a version with other numbers in its pins, and nothing else changed.

    `numbers` are those of the versions to pin, by subject; pins of other subjects stay.
    """
    lines = version.text.split("\n")
    # From the last to the first, so that a longer number moves no place that is still needed.
    for index, pin in reversed(list(enumerate(version.references))):
        span = locate(version.text, f"/references/{index}/version")
        line, number = lines[span.line - 1], numbers.get(pin.name, pin.version)
        lines[span.line - 1] = f"{line[: span.column - 1]}{number}{line[span.end_column - 1 :]}"
    return "\n".join(lines)


def behind(version: SchemaVersion, tree: SchemaTree) -> Iterator[tuple[Reference, int]]:
    """Yield the pins of a version that are not the latest, each with the latest number."""
    for pin in version.references:
        latest = tree[pin.name].latest.number
        if latest > pin.version:
            yield pin, latest
