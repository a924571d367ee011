"""A large tree of schemas as teams have them: documented, evolving, and referring to each other."""

from collections.abc import Iterator
from pathlib import Path

from registry.source import JSON
from tests.tools.trees import record

VERSIONS = 4
_EVERY = 5  # of so many subjects one is a value that the others use


def texts(subjects: int) -> Iterator[tuple[str, str]]:
    """Yield path and text of each version, VERSIONS of each subject."""
    for index in range(subjects):
        for number in range(1, VERSIONS + 1):
            yield path(index, number), text(index, number)


def path(index: int, number: int) -> str:
    """Return where a version stands in the tree."""
    return f"team{index // 50}/thing{index}/v{number}.avsc"


def text(index: int, number: int) -> str:
    """Return a version, which has one optional field more than the one before."""
    fields: list[dict[str, JSON]] = [
        {"name": "id", "type": "string", "doc": "Which one it is."},
        {"name": "count", "type": "long", "doc": "How many there are."},
        {"name": "labels", "type": {"type": "array", "items": "string"}, "doc": "Its labels."},
        {"name": "level", "type": _level(index), "doc": "How much it matters."},
    ]
    for each in range(2, number + 1):
        kind: JSON = ["null", "string"]
        doc = f"What version {each} brought."
        fields.append({"name": f"more_{each}", "type": kind, "default": None, "doc": doc})
    pins: list[JSON] = []
    value = index - index % _EVERY
    if value != index:
        fields.append({"name": "value", "type": _name(value), "doc": "What it is worth."})
        pins.append({"name": _name(value), "version": number})
    return record(_name(index), *fields, doc=f"Thing {index} of a team.", references=pins)


def write(folder: Path, subjects: int) -> None:
    """Write the tree into a folder."""
    for name, content in texts(subjects):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")


def _level(index: int) -> JSON:
    symbols: list[JSON] = ["LOW", "HIGH", "UNKNOWN"]
    doc = f"The levels of thing {index}."
    return {
        "type": "enum",
        "name": f"Level{index}",
        "symbols": symbols,
        "default": "UNKNOWN",
        "doc": doc,
    }


def _name(index: int) -> str:
    return f"team{index // 50}.Thing{index}"
