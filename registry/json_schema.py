"""The JSON form of a schema as OpenAPI 3.0 components: one for each named type, so types may recur.

OpenAPI 3.0 speaks a dialect of JSON Schema: `nullable` stands for a union with null, and attributes
beside a `$ref` need `allOf`.
"""

from collections.abc import Iterator
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
    children,
    named_types,
)

Component = dict[str, Any]

_FLOAT_MAX: Final = 3.4028234663852886e38  # IEEE 754, single precision
# Patterns say what a `format` does not: which hours there are, and how fine a fraction may be.
_BASE64: Final = "[A-Za-z0-9+/]"
_DAY: Final = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_CLOCK: Final = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_MILLIS: Final = r"(\.[0-9]{1,3}0{0,3})?"
_MICROS: Final = r"(\.[0-9]{1,6})?"
_NANOS: Final = r"\.[0-9]{9}"
_ZONE: Final = r"([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
_MOMENT: Final = rf"{_DAY}[Tt]{_CLOCK}"
_DURATION: Final = r"P(?=.)([0-9]{1,10}M)?([0-9]{1,10}D)?(T[0-9]{1,7}(\.[0-9]{3})?S)?"
_BIG_DECIMAL: Final = r"-?[0-9]+(\.[0-9]+)?(E[+-]?[0-9]{1,4})?"


def _text(pattern: str, **more: str) -> Component:
    return {"type": "string", "pattern": f"^{pattern}$", **more}


_LOGICAL: Final[dict[str, Component]] = {
    "big-decimal": _text(_BIG_DECIMAL),
    "date": {"type": "string", "format": "date"},
    "duration": _text(_DURATION),
    "local-timestamp-micros": _text(_MOMENT + _MICROS),
    "local-timestamp-millis": _text(_MOMENT + _MILLIS),
    "local-timestamp-nanos": _text(_MOMENT + _NANOS),
    "time-micros": _text(_CLOCK + _MICROS),
    "time-millis": _text(_CLOCK + _MILLIS),
    "timestamp-micros": _text(_MOMENT + _MICROS + _ZONE, format="date-time"),
    "timestamp-millis": _text(_MOMENT + _MILLIS + _ZONE, format="date-time"),
    "timestamp-nanos": _text(_MOMENT + _NANOS + "Z", format="date-time"),
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
    "float": {
        "type": "number",
        "format": "float",
        "minimum": -_FLOAT_MAX,
        "maximum": _FLOAT_MAX,
    },
    "double": {"type": "number", "format": "double"},
    "bytes": _text(f"({_BASE64}{{4}})*({_BASE64}{{2}}==|{_BASE64}{{3}}=)?", format="byte"),
    "string": {"type": "string"},
}


def components(schema: Schema) -> dict[str, Component]:
    """Return an OpenAPI 3.0 schema object for each named type in reach, by full name.

    A type that needs a `$type` in some union has another under its name and "-typed", which no
    name of Avro can be.
    """
    plain = {name: _component(each) for name, each in named_types(schema).items()}
    return plain | {typed_name(each): _tagged(each) for each in _typed_branches(schema)}


def typed_name(branch: NamedSchema) -> str:
    """Return the name of the component that a branch with a `$type` has."""
    return f"{branch.name}-typed"


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
        return {**_fixed(schema.size), **form}
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


def _fixed(size: int) -> Component:
    groups, rest = divmod(size, 3)
    end = ("", f"{_BASE64}{{2}}==", f"{_BASE64}{{3}}=")[rest]
    return _text(f"{_BASE64}{{{4 * groups}}}{end}", format="byte")


def _logical(logical: Logical) -> Component:
    if logical.name != "decimal":
        return dict(_LOGICAL[logical.name])
    digits = logical.precision - logical.scale
    whole = f"[0-9]{{1,{digits}}}" if digits > 0 else "0"
    fraction = rf"(\.[0-9]{{1,{logical.scale}}})?" if logical.scale else ""
    return _text(f"-?{whole}{fraction}")


def nullable(form: Component) -> Component:
    """Return a form that takes null as well.

    `nullable` speaks of the `type` beside it; where there is none, null is an alternative.
    """
    if form == _PRIMITIVE["null"]:
        return form
    if "type" in form and "enum" not in form:
        return {**form, "nullable": True}
    alternatives = form["oneOf"] if form.keys() == {"oneOf"} else [form]
    return {"oneOf": [*alternatives, dict(_PRIMITIVE["null"])]}


def _union(schema: UnionSchema) -> Component:
    branches = [each for each in schema.branches if each.type != "null"]
    if not branches:
        return dict(_PRIMITIVE["null"])
    forms = [_branch(schema, each) for each in branches]
    form: Component = forms[0] if len(forms) == 1 else {"oneOf": forms}
    if len(forms) > 1 and all(_has_component(schema, each) for each in branches):
        mapping = {each.label: inner["$ref"] for each, inner in zip(branches, forms, strict=True)}
        form["discriminator"] = {"propertyName": TYPE, "mapping": mapping}
    return form if len(branches) == len(schema.branches) else nullable(form)


def _branch(union: UnionSchema, branch: Schema) -> Component:
    if not needs_type(union, branch):
        return reference(branch)
    if isinstance(branch, NamedSchema):
        return {"$ref": f"#/components/schemas/{typed_name(branch)}"}
    return _tagged(branch)


def _has_component(union: UnionSchema, branch: Schema) -> bool:
    return isinstance(branch, NamedSchema) and needs_type(union, branch)


def _tagged(branch: Schema) -> Component:
    """Return the form of a branch that says its `$type`: a record with it, others beside it."""
    kind = {"type": "string", "enum": [branch.label]}
    if isinstance(branch, RecordSchema):
        inner = _component(branch)
        properties = {TYPE: kind, **inner["properties"]}
        return {**inner, "properties": properties, "required": [TYPE, *inner.get("required", [])]}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {TYPE: kind, VALUE: reference(branch)},
        "required": [TYPE, VALUE],
    }


def _typed_branches(schema: Schema) -> Iterator[NamedSchema]:
    """Yield the named types that need a `$type` in some union in reach."""
    seen: set[int] = set()
    pending = [schema]
    while pending:
        current = pending.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        pending += children(current)
        if isinstance(current, UnionSchema):
            for branch in current.branches:
                if isinstance(branch, NamedSchema) and needs_type(current, branch):
                    yield branch
