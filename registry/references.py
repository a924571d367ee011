"""Pins: how one file of a tree names the version of another that it uses.

A top-level attribute, which Avro ignores: `"references": [{"name": "common.Money", "version": 1}]`.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from registry.attributes import Path, pointer
from registry.errors import InvalidSchema, ReferenceConflict, SchemaError, UnknownName, did_you_mean
from registry.naming import is_full_name, schema_path, subject_path
from registry.source import JSON, load, locate
from registry.subjects import Reference


class Draft(NamedTuple):
    """A file whose JSON and pins are sound, and whose schema is not parsed yet."""

    path: str
    number: int
    text: str
    value: JSON
    references: tuple[Reference, ...]


def draft(path: str, number: int, content: str | bytes) -> Draft:
    """Read the pins of a file. Raises InvalidSchema."""
    value = load(content)
    text = content if isinstance(content, str) else content.decode()
    found = value.get("references", []) if isinstance(value, dict) else []
    if not isinstance(found, list):
        raise _invalid(text, "/references", "'references' is a list of pins.")
    references = tuple(_pin(text, index, each) for index, each in enumerate(found))
    return Draft(path, number, text, value, references)


def _pin(text: str, index: int, value: JSON) -> Reference:
    if isinstance(value, dict):
        name, version = value.get("name"), value.get("version")
        named = isinstance(name, str) and is_full_name(name)
        if named and type(version) is int and version > 0 and len(value) == len(Reference._fields):
            return Reference(str(name), version)
    raise _invalid(text, f"/references/{index}", "A pin has a name and the number of a version.")


def _invalid(text: str, pointer: str, reason: str) -> InvalidSchema:
    span = locate(text, pointer)
    fix = 'Write {"name": "common.Money", "version": 1}.'
    return InvalidSchema(pointer, span.line, span.column, reason, fix)


def missing(each: Draft, index: int, texts: Mapping[str, str | bytes]) -> ReferenceConflict:
    """Return the problem of a pin that leads to no file."""
    reference = each.references[index]
    versions = _versions(reference.name, texts)
    if versions:
        fix = f"There are: {', '.join(f'{reference.name}/{number}' for number in versions)}."
    else:
        fix = did_you_mean(schema_path(*reference), [path for path in texts if "/v" in path])
    span = locate(each.text, f"/references/{index}")
    reason = f"The pinned version {reference} is not in the tree."
    return ReferenceConflict(reason, fix, file=each.path, line=span.line, column=span.column)


def advice(name: str, texts: Mapping[str, str | bytes]) -> str:
    """Return how to pin an undefined type, "" where the tree has no subject of that name."""
    versions = _versions(name, texts)
    if not versions:
        return ""
    return f'Add {{"name": "{name}", "version": {versions[-1]}}} to "references".'


def unpinned(
    each: Draft, used: Mapping[str, Path], texts: Mapping[str, str | bytes]
) -> Iterator[SchemaError]:
    """Yield a problem for each used type of another file that the draft itself does not pin."""
    pinned = {reference.name for reference in each.references}
    for name, path in used.items():
        if name in pinned:
            continue
        fix = advice(name, texts)
        reason = f"The type {name!r} is used, but not pinned."
        if not fix:
            reason = f"The type {name!r} is defined inside another file, which keeps it to itself."
            fix = "Give it a file of its own and pin that."
        at = pointer(path)
        span = locate(each.text, at)
        yield UnknownName(at, span.line, span.column, reason, fix)


def _versions(name: str, texts: Mapping[str, str | bytes]) -> list[int]:
    """Return the numbers of a subject's files."""
    if not is_full_name(name):
        return []
    start = f"{subject_path(name)}/v"
    numbers = (path[len(start) : -5] for path in texts if path.startswith(start))
    return sorted(int(number) for number in numbers if number.isdecimal())
