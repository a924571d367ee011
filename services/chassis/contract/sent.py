"""What a client sends of a record: all of it that is the client's, or a merge patch (RFC 7396)."""

from collections.abc import Collection, Iterator
from typing import Final

from registry.json_form import needs_type
from registry.json_schema import Component, nullable, reference
from registry.schema import (
    MISSING,
    Field,
    MapSchema,
    RecordSchema,
    Schema,
    UnionSchema,
)

# What becomes of it is for the record to say once it is patched: a patch shows a part.
_ANY_OBJECT: Final[Component] = {"type": "object"}


def created(component: Component, server_set: Collection[str]) -> Component:
    """Return a record's component without the fields that the server sets."""
    properties = {
        name: each for name, each in component["properties"].items() if name not in server_set
    }
    sent = {**component, "properties": properties}
    required = [name for name in sent.pop("required", []) if name in properties]
    return {**sent, "required": required} if required else sent


def patch_components(
    schema: RecordSchema, server_set: Collection[str] = ()
) -> dict[str, Component]:
    """Return the component of a record's merge patch, and of those of the records inside it.

    Null removes a member, which gives a field its default: a field without one takes no null.
    """
    found = {patch_name(schema): _patch(schema, schema, server_set)}
    pending = [schema]
    while pending:
        for inner in _inner_records(pending.pop()):
            if patch_name(inner) not in found:
                found[patch_name(inner)] = _patch(inner, schema)
                pending.append(inner)
    return found


def patch_name(schema: RecordSchema) -> str:
    """Return the name of the component of a record's patch."""
    return f"{schema.name}-patch"


def _patch(
    schema: RecordSchema, outermost: RecordSchema, server_set: Collection[str] = ()
) -> Component:
    fields = [field for field in schema.fields if field.name not in server_set]
    form: Component = {"description": schema.doc} if schema.doc else {}
    return {
        **form,
        "type": "object",
        "additionalProperties": False,
        "properties": {field.name: _property(field, outermost) for field in fields},
    }


def _property(field: Field, outermost: RecordSchema) -> Component:
    form = _value(_without_null(field.type), outermost)
    if field.default is not MISSING:
        form = nullable(form)
    notes: Component = {"description": field.doc} if field.doc else {}
    return {"allOf": [form], **notes} if "$ref" in form and notes else {**form, **notes}


def _value(schema: Schema, outermost: RecordSchema) -> Component:
    """Return what may stand for a value in a patch: only objects are merged, the rest is new."""
    if isinstance(schema, RecordSchema):
        # The one around all has lost the fields of the server, which inside it are to be sent.
        if schema.name == outermost.name:
            return dict(_ANY_OBJECT)
        return {"$ref": f"#/components/schemas/{patch_name(schema)}"}
    if isinstance(schema, MapSchema):
        values = nullable(_value(_without_null(schema.values), outermost))
        return {"type": "object", "additionalProperties": values}
    if isinstance(schema, UnionSchema):
        return _union(schema, outermost)
    return reference(schema)


def _union(schema: UnionSchema, outermost: RecordSchema) -> Component:
    plain = [each for each in schema.branches if not needs_type(schema, each)]
    forms = [_value(each, outermost) for each in plain]
    if len(plain) < len(schema.branches):
        # An object that changes its `$type` is a patch of two types at once.
        forms = [each for each in forms if "$ref" not in each] + [dict(_ANY_OBJECT)]
    return forms[0] if len(forms) == 1 else {"oneOf": forms}


def _without_null(schema: Schema) -> Schema:
    """Return a union without its null, which in a patch means something else."""
    if not isinstance(schema, UnionSchema):
        return schema
    branches = tuple(each for each in schema.branches if each.type != "null")
    if not branches:
        return schema
    return branches[0] if len(branches) == 1 else UnionSchema(branches)


def _inner_records(schema: RecordSchema) -> Iterator[RecordSchema]:
    """Yield the records that a patch merges into: not those in arrays, which are replaced."""
    pending = [field.type for field in schema.fields]
    while pending:
        current = pending.pop()
        if isinstance(current, RecordSchema):
            yield current
        elif isinstance(current, MapSchema):
            pending.append(current.values)
        elif isinstance(current, UnionSchema):
            pending += [each for each in current.branches if not needs_type(current, each)]
