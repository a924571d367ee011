"""Rules on types that move to another namespace, which readers match by different names."""

from collections.abc import Iterator

from registry.schema import (
    EnumSchema,
    FixedSchema,
    RecordSchema,
    Schema,
    UnionSchema,
    named_types,
)
from tools.lint.places import Flaw, Place, TypePlace


def moved_types(old: Schema, new: Schema) -> dict[str, str]:
    """Return {new full name: old one} of types that changed their namespace without an alias."""
    before = named_types(old)
    names = {each.simple_name: each.name for each in before.values()}
    return {
        each.name: names[each.simple_name]
        for each in named_types(new).values()
        if each.simple_name in names
        and each.name not in before
        and names[each.simple_name] not in each.aliases
    }


def alias_across_namespace(place: Place, moved: dict[str, str]) -> Iterator[Flaw]:
    """A type with aliased fields that moves to another namespace has an alias."""
    schema = place.defined if isinstance(place, TypePlace) else None
    if isinstance(schema, RecordSchema) and schema.name in moved:
        renamed = next((each for each in schema.fields if each.aliases), None)
        if renamed:
            old = moved[schema.name]
            message = (
                f"{old} is {schema.name} now. Some readers then ignore the aliases of its fields, "
                f"and give {renamed.name!r} its default."
            )
            yield Flaw(message, _alias(old))


def simple_name_match(place: Place, moved: dict[str, str]) -> Iterator[Flaw]:
    """An enum or fixed in a union that moves to another namespace has an alias."""
    if isinstance(place, TypePlace) and isinstance(place.schema, UnionSchema):
        for index, branch in enumerate(place.schema.branches):
            if isinstance(branch, EnumSchema | FixedSchema) and branch.name in moved:
                old = moved[branch.name]
                message = (
                    f"{old} is {branch.name} now. The specification matches simple names, "
                    "but in a union some readers want the full one."
                )
                yield Flaw(message, _alias(old), f"/{index}/name")


def _alias(name: str) -> str:
    return f'give it an alias: "aliases": ["{name}"]'
