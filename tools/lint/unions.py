"""Rules on unions and enums, which are easily closed to what comes next."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from registry.canonical import canonical_form
from registry.json_form import json_type
from registry.schema import EnumSchema, RecordSchema, Schema, UnionSchema
from tools.lint.places import Flaw, Place, TypePlace


def enum_without_default(place: Place) -> Iterator[Flaw]:
    """An enum has a default: without one, no reader can ever learn another symbol."""
    schema = place.defined if isinstance(place, TypePlace) else None
    if isinstance(schema, EnumSchema) and schema.default is None:
        message = f"The enum {schema.simple_name!r} can never grow: a reader of today fails on "
        fix = "give it a symbol for what a reader does not know:\n"
        fix += '"symbols": ["UNKNOWN", ...], "default": "UNKNOWN"'
        yield Flaw(f"{message}a symbol of tomorrow.", fix)


def union_of_same_shape(place: Place) -> Iterator[Flaw]:
    """Records in a union differ in their fields."""
    groups: defaultdict[object, list[str]] = defaultdict(list)
    for branch in _branches(place):
        if isinstance(branch, RecordSchema):
            groups[_shape(branch)].append(branch.name)
    for names in groups.values():
        if len(names) > 1:
            message = f"{_listed(names)} have the same fields: only the name tells them apart."
            fix = "use one record, with a field (an enum) that says which kind it is"
            yield Flaw(message, fix, "")


def ambiguous_union(place: Place) -> Iterator[Flaw]:
    """The branches of a union differ in JSON too; records say their names there."""
    branches = [each for each in _branches(place) if not isinstance(each, RecordSchema)]
    counts = Counter(map(json_type, branches))
    for kind, count in counts.items():
        if count > 1:
            names = [each.label for each in branches if json_type(each) == kind]
            message = f"{_listed(names)} are the same in JSON, {_ARTICLES[kind]} {kind}."
            fix = "keep the widest of them, or make a field of each"
            yield Flaw(message, fix, "")


_ARTICLES = defaultdict(lambda: "a", array="an", object="an")


def _branches(place: Place) -> tuple[Schema, ...]:
    if isinstance(place, TypePlace) and isinstance(place.schema, UnionSchema):
        return place.schema.branches
    return ()


def _shape(record: RecordSchema) -> frozenset[tuple[str, str]]:
    return frozenset((each.name, canonical_form(each.type)) for each in record.fields)


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
