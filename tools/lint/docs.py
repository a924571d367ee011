"""The rule on documentation."""

from collections.abc import Iterator

from tools.lint.places import FieldPlace, Flaw, Place


def missing_doc(place: Place) -> Iterator[Flaw]:
    """Types and fields say what they mean."""
    if isinstance(place, FieldPlace):
        if not (place.field.doc or "").strip():
            yield _flaw(f"field {place.field.name!r}")
    elif place.defined and not (place.defined.doc or "").strip():
        yield _flaw(f"{place.defined.type} {place.defined.simple_name!r}")


def _flaw(what: str) -> Flaw:
    return Flaw(f"The {what} has no doc.", 'say what it means and in what unit: "doc": "..."')
