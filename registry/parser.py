"""JSON values to schemas, by every rule of "Schema Declaration" (Avro 1.12 specification)."""

from collections.abc import Callable, Iterable
from typing import Literal, cast

from registry.attributes import Attributes, Path, Problem
from registry.defaults import flaw, weight
from registry.errors import SchemaError, UnknownName, did_you_mean
from registry.limits import Limits
from registry.logical import logical_type
from registry.schema import (
    MISSING,
    PRIMITIVES,
    ArraySchema,
    EnumSchema,
    Field,
    FixedSchema,
    MapSchema,
    NamedSchema,
    PrimitiveName,
    PrimitiveSchema,
    RecordSchema,
    Schema,
    UnionSchema,
    named_types,
)
from registry.source import JSON

_OWN = frozenset(
    ["type", "name", "namespace", "doc", "aliases", "fields", "symbols", "items", "values", "size"]
)
_ENUM_OWN = _OWN | {"default"}
_FIELD_OWN = frozenset(["name", "type", "doc", "default", "order", "aliases"])
_ADVISED = 100  # problems with advice, which takes long where there are many names
_ORDERS = ("ascending", "descending", "ignore")
_PLAIN = {name: PrimitiveSchema(name=cast("PrimitiveName", name)) for name in PRIMITIVES}
_BROKEN = PrimitiveSchema(name="null")  # stands in for what cannot be parsed


class Parser:
    """One run over one text. Collects problems and goes on as far as it makes sense."""

    def __init__(self, names: Iterable[Schema], limits: Limits, hint: Callable[[str], str]) -> None:
        self.limits = limits
        self.hint = hint
        self.problems: list[Problem] = []
        self.known = {named.name: named for schema in names for named in named_types(schema)}
        self.given = frozenset(self.known)
        self.used: dict[str, Problem] = {}
        self.aliased: dict[str, str] = {}  # alias -> the one type of this text that it stands for
        self.defaults: list[tuple[Field, Path]] = []
        self.weights: dict[int, float] = {}

    def parse(self, value: JSON, *, strict: bool) -> Schema:
        """Return the schema of a JSON value, sound if `problems` stays empty."""
        schema = self._type(value, None, "", 0)
        if strict and not self.problems:
            for field, path in self.defaults:
                self._check_default(field, path)
        return schema

    def _report(
        self, path: Path, reason: str, fix: str = "", error: type[SchemaError] | None = None
    ) -> Schema:
        problem = Problem(path, reason, fix)
        self.problems.append(problem._replace(error=error) if error else problem)
        return _BROKEN

    def _type(self, value: JSON, path: Path, namespace: str, depth: int) -> Schema:
        if depth > self.limits.schema_depth:
            limit = self.limits.schema_depth
            return self._report(path, f"Types are nested more than {limit} deep.")
        if isinstance(value, str):
            return _PLAIN.get(value) or self._reference(value, path, namespace)
        if isinstance(value, dict):
            return self._complex(Attributes(value, path, self.problems), namespace, depth)
        if isinstance(value, list):
            return self._union(value, path, namespace, depth)
        return self._report(path, "A type is a name, an object or a list.")

    def _reference(self, name: str, path: Path, namespace: str) -> Schema:
        full = name if "." in name or not namespace else f"{namespace}.{name}"
        found = self.known.get(full)
        if found is not None:
            if full in self.given and full not in self.used:
                self.used[full] = Problem(path, f"The type {full!r} is not pinned.")
            return found
        shown = f"{name!r}" if full == name else f"{name!r} (that is, {full!r})"
        fix = ""
        if len(self.problems) < _ADVISED:
            fix = self.hint(full) or did_you_mean(full, [*self.known, *PRIMITIVES])
        return self._report(path, f"The type {shown} is not defined.", fix, UnknownName)

    def _union(self, value: list[JSON], path: Path, namespace: str, depth: int) -> Schema:
        branches: dict[str, Schema] = {}
        for index, each in enumerate(value):
            branch = self._type(each, (path, index), namespace, depth + 1)
            if branch is _BROKEN:
                continue
            if isinstance(branch, UnionSchema):
                self._report((path, index), "A union cannot be directly inside a union.")
            elif branch.label in branches:
                reason = f"The union has {branch.label!r} twice."
                self._report((path, index), reason, "Keep one of them.")
            branches[branch.label] = branch
        return UnionSchema(branches=tuple(branches.values()))

    def _complex(self, node: Attributes, namespace: str, depth: int) -> Schema:
        kind = node.value.get("type")
        if kind in ("record", "error", "enum", "fixed"):
            return self._named(node, namespace, depth)
        if kind == "array":
            items = self._inner(node, "items", namespace, depth)
            return ArraySchema(items=items, props=node.props(_OWN))
        if kind == "map":
            values = self._inner(node, "values", namespace, depth)
            return MapSchema(values=values, props=node.props(_OWN))
        if isinstance(kind, str):
            return self._annotated(kind, node, namespace)
        if "type" not in node.value:
            return self._report(node.path, "The schema has no 'type'.")
        reason = "The attribute 'type' of a schema is a name."
        fix = "Write the inner schema without the outer one."
        return self._report((node.path, "type"), reason, fix)

    def _annotated(self, kind: str, node: Attributes, namespace: str) -> Schema:
        plain = _PLAIN.get(kind)
        if plain is None:
            return self._reference(kind, (node.path, "type"), namespace)
        props = node.props(_OWN)
        if not props:
            return plain
        logical = logical_type(plain.name, props)
        return PrimitiveSchema(name=plain.name, props=props, logical=logical)

    def _inner(self, node: Attributes, key: str, namespace: str, depth: int) -> Schema:
        if key in node.value:
            return self._type(node.value[key], (node.path, key), namespace, depth + 1)
        return self._report(node.path, f"The {node.value['type']} has no {key!r}.")

    def _named(self, node: Attributes, namespace: str, depth: int) -> Schema:
        name = node.full_name(namespace)
        if name is None:
            return _BROKEN
        own = name.rpartition(".")[0]
        aliases = node.aliases(own)
        self._claim(name, aliases, node)
        if node.value["type"] == "enum":
            schema: NamedSchema = self._enum(node, name, aliases)
        elif node.value["type"] == "fixed":
            schema = self._fixed(node, name, aliases)
        else:
            return self._record(node, name, aliases, depth)
        self.known[name] = schema
        return schema

    def _claim(self, name: str, aliases: tuple[str, ...], node: Attributes) -> None:
        """A name stands for one type only, and so does an alias ("Aliases")."""
        if name in self.known:
            node.report("name", f"The type {name!r} is defined already.")
        if len(self.known) >= self.limits.schema_names:
            node.report("name", f"There are more than {self.limits.schema_names} named types.")
        for alias in aliases:
            holder = self.aliased.setdefault(alias, name)
            if holder != name:
                node.report("aliases", f"{alias!r} is an alias of {holder!r} already.")

    def _record(
        self, node: Attributes, name: str, aliases: tuple[str, ...], depth: int
    ) -> RecordSchema:
        record = RecordSchema(
            name=name,
            aliases=aliases,
            doc=node.doc(),
            props=node.props(_OWN),
            is_error=node.value["type"] == "error",
        )
        self.known[name] = record
        fields = self._fields(node, record.namespace, depth)
        object.__setattr__(record, "fields", fields)  # it had to be known first: it may hold itself
        return record

    def _enum(self, node: Attributes, name: str, aliases: tuple[str, ...]) -> EnumSchema:
        symbols = node.symbols()
        return EnumSchema(
            name=name,
            aliases=aliases,
            doc=node.doc(),
            symbols=symbols,
            default=node.enum_default(symbols),
            props=node.props(_ENUM_OWN),
        )

    def _fixed(self, node: Attributes, name: str, aliases: tuple[str, ...]) -> FixedSchema:
        size, props = node.size(), node.props(_OWN)
        return FixedSchema(
            name=name,
            aliases=aliases,
            doc=node.doc(),
            size=size,
            props=props,
            logical=logical_type("fixed", props, size),
        )

    def _fields(self, node: Attributes, namespace: str, depth: int) -> tuple[Field, ...]:
        found = node.value.get("fields")
        if not isinstance(found, list):
            node.report("fields", f"The {node.value['type']} has no list of 'fields'.")
            return ()
        fields: dict[str, Field] = {}
        for index, each in enumerate(found):
            path = ((node.path, "fields"), index)
            if not isinstance(each, dict):
                self._report(path, "A field is an object.")
                continue
            field = self._field(Attributes(each, path, self.problems), namespace, depth)
            if field and field.name in fields:
                self._report((path, "name"), f"The field {field.name!r} stands twice.")
            elif field:
                fields[field.name] = field
        return tuple(fields.values())

    def _field(self, node: Attributes, namespace: str, depth: int) -> Field | None:
        name = node.field_name()
        order = node.value.get("order", "ascending")
        if order not in _ORDERS:
            node.report("order", f"'order' is one of {', '.join(_ORDERS)}.")
        if name is None:
            return None
        if "type" not in node.value:
            node.report("type", f"The field {name!r} has no 'type'.")
            return None
        field = Field(
            name=name,
            type=self._type(node.value["type"], (node.path, "type"), namespace, depth + 1),
            default=node.value.get("default", MISSING),
            doc=node.doc(),
            aliases=node.aliases(),
            order=cast("Literal['ascending', 'descending', 'ignore']", order),
            props=node.props(_FIELD_OWN),
        )
        if "default" in node.value:
            self.defaults.append((field, (node.path, "default")))
        return field

    def _check_default(self, field: Field, path: Path) -> None:
        """Find the flaw of a default, at the end of the text: its record may need all fields."""
        value = cast("JSON", field.default)
        found = flaw(field.type, value)
        if found:
            for part in found[0].split("/")[1:]:
                path = (path, part.replace("~1", "/").replace("~0", "~"))
            self._report(path, f"The default of {field.name!r} is not valid: {found[1]}.")
        elif weight(field.type, value, self.weights) > self.limits.default_values:
            limit = self.limits.default_values
            reason = f"The default of {field.name!r} stands for more than {limit} values."
            self._report(path, reason, "Default to null, or to fewer records inside each other.")
