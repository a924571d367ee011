"""The JSON form of a schema as OpenAPI 3.0 components: one for each named type, so types may recur.

OpenAPI 3.0 speaks a dialect of JSON Schema: `nullable` stands for a union with null, and attributes
beside a `$ref` need `allOf`.
"""

from typing import Any, Final

from registry.codec.building import Builder
from registry.defaults import INT_RANGE, LONG_RANGE
from registry.json_form import TYPE, VALUE, needs_type, to_json
from registry.schema import (
    MISSING,
    ArraySchema,
    EnumSchema,
    Field,
    FixedSchema,
    Logical,
    MapSchema,
    NamedSchema,
    RecordSchema,
    Schema,
    UnionSchema,
    named_types,
)

Component = dict[str, Any]

_BASE64: Final[Component] = {"type": "string", "format": "byte"}
_DURATION: Final = r"^P(?=.)([0-9]+M)?([0-9]+D)?(T[0-9]+(\.[0-9]{3})?S)?$"
_LOCAL: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
_TIME: Final = r"^[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?$"
_LOGICAL: Final[dict[str, Component]] = {
    "big-decimal": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?(E[+-]?[0-9]+)?$"},
    "date": {"type": "string", "format": "date"},
    "duration": {"type": "string", "pattern": _DURATION},
    "local-timestamp-micros": {"type": "string", "pattern": _LOCAL + r"(\.[0-9]{1,6})?$"},
    "local-timestamp-millis": {"type": "string", "pattern": _LOCAL + r"(\.[0-9]{1,6})?$"},
    "local-timestamp-nanos": {"type": "string", "pattern": _LOCAL + r"\.[0-9]{9}$"},
    "time-micros": {"type": "string", "pattern": _TIME},
    "time-millis": {"type": "string", "pattern": _TIME},
    "timestamp-micros": {"type": "string", "format": "date-time"},
    "timestamp-millis": {"type": "string", "format": "date-time"},
    "timestamp-nanos": {"type": "string", "pattern": _LOCAL + r"\.[0-9]{9}Z$"},
    "uuid": {"type": "string", "format": "uuid"},
}
_PRIMITIVE: Final[dict[str, Component]] = {
    "null": {"enum": [None], "nullable": True},
    "boolean": {"type": "boolean"},
    "int": {
        "type": "integer",
        "format": "int32",
        "minimum": INT_RANGE[0],
        "maximum": INT_RANGE[1],
    },
    "long": {
        "type": "integer",
        "format": "int64",
        "minimum": LONG_RANGE[0],
        "maximum": LONG_RANGE[1],
    },
    "float": {"type": "number", "format": "float"},
    "double": {"type": "number", "format": "double"},
    "bytes": _BASE64,
    "string": {"type": "string"},
}


def components(schema: Schema) -> dict[str, Component]:
    """Return an OpenAPI 3.0 schema object for each named type in reach, by full name."""
    return {name: _component(each) for name, each in named_types(schema).items()}


def reference(schema: Schema) -> Component:
    """Return the schema object of a type where it is used: a `$ref` for a named type."""
    if isinstance(schema, NamedSchema) and not schema.logical:
        return {"$ref": f"#/components/schemas/{schema.name}"}
    if schema.logical:
        return _logical(schema.logical)
    if isinstance(schema, ArraySchema):
        return {"type": "array", "items": reference(schema.items)}
    if isinstance(schema, MapSchema):
        return {"type": "object", "additionalProperties": reference(schema.values)}
    if isinstance(schema, UnionSchema):
        return _union(schema)
    return dict(_PRIMITIVE[schema.type])


def _component(schema: NamedSchema) -> Component:
    form: Component = {"description": schema.doc} if schema.doc else {}
    if schema.logical:
        return {**_logical(schema.logical), **form}
    if isinstance(schema, FixedSchema):
        length = -(-schema.size // 3) * 4
        return {**_BASE64, "minLength": length, "maxLength": length, **form}
    if isinstance(schema, EnumSchema):
        return {"type": "string", "enum": list(schema.symbols), **form}
    return {**_object(schema), **form} if isinstance(schema, RecordSchema) else form


def _object(schema: RecordSchema) -> Component:
    form: Component = {
        "type": "object",
        "additionalProperties": False,
        "properties": {field.name: _property(field) for field in schema.fields},
    }
    required = [field.name for field in schema.fields if field.default is MISSING]
    return {**form, "required": required} if required else form


def _property(field: Field) -> Component:
    form = reference(field.type)
    notes: Component = {"description": field.doc} if field.doc else {}
    if field.default is not MISSING:
        default = Builder(tagged=True).default_of(field)
        notes["default"] = to_json(field.type, default)
    return {"allOf": [form], **notes} if "$ref" in form and notes else {**form, **notes}


def _logical(logical: Logical) -> Component:
    if logical.name != "decimal":
        return dict(_LOGICAL[logical.name])
    whole = max(logical.precision - logical.scale, 1)
    fraction = rf"(\.[0-9]{{1,{logical.scale}}})?" if logical.scale else ""
    return {"type": "string", "pattern": rf"^-?[0-9]{{1,{whole}}}{fraction}$"}


def _union(schema: UnionSchema) -> Component:
    branches = [each for each in schema.branches if each.type != "null"]
    forms = [_branch(schema, each) for each in branches]
    if len(branches) == len(schema.branches):
        return forms[0] if len(forms) == 1 else {"oneOf": forms}
    if len(forms) != 1:
        return {"oneOf": [*forms, dict(_PRIMITIVE["null"])]} if forms else dict(_PRIMITIVE["null"])
    form = forms[0]
    if "type" in form and "enum" not in form:
        return {**form, "nullable": True}
    return {"oneOf": [form, dict(_PRIMITIVE["null"])]}


def _branch(union: UnionSchema, branch: Schema) -> Component:
    form = reference(branch)
    if not needs_type(union, branch):
        return form
    kind = {"type": "string", "enum": [branch.label]}
    if isinstance(branch, RecordSchema):
        inner = _object(branch)
        properties = {TYPE: kind, **inner["properties"]}
        return {**inner, "properties": properties, "required": [TYPE, *inner.get("required", [])]}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {TYPE: kind, VALUE: form},
        "required": [TYPE, VALUE],
    }
