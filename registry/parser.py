"""JSON values to schemas, by every rule of "Schema Declaration" (Avro 1.12 specification)."""

from collections.abc import Callable, Iterable
from typing import TypeAlias, cast

from registry.attributes import AttributeReader, More, Node, Path, Problem, props
from registry.defaults import flaw, is_plain, weight
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
    nesting,
)
from registry.source import JSON

_OWN = frozenset(
    ["type", "name", "namespace", "doc", "aliases", "fields", "symbols", "items", "values", "size"]
)
_BARE = frozenset(["type", "name", "namespace", "fields", "symbols", "size"])
_ENUM_OWN = _OWN | {"default"}
_BARE_FIELD = frozenset(["name", "type", "default"])
_FIELD_OWN = frozenset(["name", "type", "doc", "default", "order", "aliases"])
_FEW = 3  # uses by name, each of which can add as many levels as a text may have
_ADVISED = 100  # problems with advice, which takes long where there are many names
_NAMED = frozenset(["record", "error", "enum", "fixed"])
_PLAIN = {name: PrimitiveSchema(cast("PrimitiveName", name)) for name in PRIMITIVES}
_BROKEN = PrimitiveSchema("null")  # stands in for what cannot be parsed


Hint: TypeAlias = Callable[[str], str] | None


class Parser(AttributeReader):
    """One run over one text. Collects problems and goes on as far as it makes sense."""

    def __init__(self, names: Iterable[Schema], limits: Limits, hint: Hint = None) -> None:
        super().__init__()
        self.limits = limits
        self.hint = hint
        self.known: dict[str, NamedSchema] = {}
        for schema in names:
            self.known |= named_types(schema)
        self.given = frozenset(self.known)
        self.used: dict[str, Path] = {}  # a type that was given -> where it is used first
        self.repeated = 0  # uses of a type of this text by its name
        self.aliased: dict[str, str] = {}  # alias -> the one type of this text that it stands for
        self.defaults: list[tuple[Field, JSON, Path]] = []

    def parse(self, value: JSON, *, strict: bool) -> Schema:
        """Return the schema of a JSON value, sound if `problems` stays empty."""
        schema = self._type(value, None, "", 0)
        if (self.used or self.repeated > _FEW) and nesting(schema) > self.limits.schema_depth:
            limit = self.limits.schema_depth
            self._report(None, f"With what they refer to, types are nested more than {limit} deep.")
        if len(self.known) > self.limits.schema_names:
            self._report(None, f"There are more than {self.limits.schema_names} named types.")
        if not self.aliased and not self.given:
            schema.renames = {}  # type: ignore[misc]  # it is not needed by anybody yet
        if strict and self.defaults and not self.problems:
            weights: dict[int, float] = {}
            for each in self.defaults:
                self._check_default(*each, weights)
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
            return self._complex(value, path, namespace, depth)
        if isinstance(value, list):
            return self._union(value, path, namespace, depth)
        return self._report(path, "A type is a name, an object or a list.")

    def _reference(self, name: str, path: Path, namespace: str) -> Schema:
        full = name if "." in name or not namespace else f"{namespace}.{name}"
        found = self.known.get(full)
        if found is not None:
            if full in self.given:
                self.used.setdefault(full, path)
            else:
                self.repeated += 1
            return found
        shown = f"{name!r}" if full == name else f"{name!r} (that is, {full!r})"
        fix = ""
        if len(self.problems) < _ADVISED:
            known = [each.removeprefix(f"{namespace}.") for each in self.known]
            fix = (self.hint and self.hint(full)) or did_you_mean(name, [*known, *PRIMITIVES])
        return self._report(path, f"The type {shown} is not defined.", fix, UnknownName)

    def _union(self, value: list[JSON], path: Path, namespace: str, depth: int) -> Schema:
        if len(value) > self.limits.union_branches:
            limit = self.limits.union_branches
            return self._report(path, f"The union has more than {limit} types.")
        branches: dict[str, Schema] = {}
        for index, each in enumerate(value):
            branch = self._type(each, (path, index), namespace, depth + 1)
            if branch is _BROKEN:
                continue
            label = branch.label
            if isinstance(branch, UnionSchema):
                self._report((path, index), "A union cannot be directly inside a union.")
            elif label in branches:
                reason = f"The union has {label!r} twice."
                self._report((path, index), reason, "Keep one of them.")
            branches[label] = branch
        return UnionSchema(tuple(branches.values()))

    def _complex(self, node: Node, path: Path, namespace: str, depth: int) -> Schema:
        kind = node.get("type")
        if not isinstance(kind, str):
            return self._no_kind(node, path)
        if kind in _NAMED:
            return self._named(kind, node, path, namespace, depth)
        if kind == "array":
            items = self._inner("items", node, path, namespace, depth)
            return ArraySchema(items, props=props(node, _OWN))
        if kind == "map":
            values = self._inner("values", node, path, namespace, depth)
            return MapSchema(values, props=props(node, _OWN))
        more = props(node, _OWN)
        plain = _PLAIN.get(kind)
        if plain is None or not more:
            return plain or self._reference(kind, (path, "type"), namespace)
        return PrimitiveSchema(plain.type, props=more, logical=logical_type(kind, more))

    def _no_kind(self, node: Node, path: Path) -> Schema:
        if "type" not in node:
            return self._report(path, "The schema has no 'type'.")
        reason = "The attribute 'type' of a schema is a name."
        fix = "Write the inner schema without the outer one."
        return self._report((path, "type"), reason, fix)

    def _inner(self, key: str, node: Node, path: Path, namespace: str, depth: int) -> Schema:
        if key in node:
            return self._type(node[key], (path, key), namespace, depth + 1)
        return self._report(path, f"The {node['type']} has no {key!r}.")

    def _named(self, kind: str, node: Node, path: Path, namespace: str, depth: int) -> Schema:
        name = self.full_name(node, path, namespace)
        if name is None:
            return _BROKEN
        namespace = name.rpartition(".")[0]
        more: More = {}
        if not _BARE.issuperset(node):
            own = _ENUM_OWN if kind == "enum" else _OWN
            more = self.more(node, path, own, namespace)
        if more or name in self.known:
            self._claim(name, more.get("aliases", ()), node, path)
        if kind == "enum":
            schema: NamedSchema = self._enum(node, path, name, more)
        elif kind == "fixed":
            size = self.size(node, path)
            logical = logical_type("fixed", more.get("props", {}), size)
            schema = FixedSchema(name, size, logical=logical, **more)
        else:
            schema = self.known[name] = RecordSchema(name, type=kind, **more)
            fields = self._fields(node, path, namespace, depth)
            schema.fields = fields  # type: ignore[misc]  # it came first: they may hold it
        self.known[name] = schema
        return schema

    def _claim(self, name: str, aliases: tuple[str, ...], node: Node, path: Path) -> None:
        """A name stands for one type only, and so does an alias ("Aliases")."""
        if name in self.known:
            self.flag(node, path, "name", f"The type {name!r} is defined already.")
        for alias in aliases:
            holder = self.aliased.setdefault(alias, name)
            if holder != name:
                self.flag(node, path, "aliases", f"{alias!r} is an alias of {holder!r} already.")

    def _enum(self, node: Node, path: Path, name: str, more: More) -> EnumSchema:
        symbols = self.symbols(node, path)
        default = self.enum_default(node, path, symbols)
        return EnumSchema(name, symbols, default, **more)

    def _fields(self, node: Node, path: Path, namespace: str, depth: int) -> tuple[Field, ...]:
        found = node.get("fields")
        if not isinstance(found, list):
            self.flag(node, path, "fields", f"The {node['type']} has no list of 'fields'.")
            return ()
        fields: dict[str, Field] = {}
        for index, each in enumerate(found):
            at = ((path, "fields"), index)
            if not isinstance(each, dict):
                self._report(at, "A field is an object.")
                continue
            field = self._field(each, at, namespace, depth)
            if field and field.name in fields:
                self._report((at, "name"), f"The field {field.name!r} stands twice.")
            elif field:
                fields[field.name] = field
        return tuple(fields.values())

    def _field(self, node: Node, path: Path, namespace: str, depth: int) -> Field | None:
        name = self.field_name(node, path)
        if name is None:
            return None
        if "type" not in node:
            self.flag(node, path, "type", f"The field {name!r} has no 'type'.")
            return None
        schema = self._type(node["type"], (path, "type"), namespace, depth + 1)
        default = node.get("default", MISSING)
        if _BARE_FIELD.issuperset(node):
            field = Field(name, schema, default)
        else:
            more = self.more(node, path, _FIELD_OWN)
            field = Field(name, schema, default, order=self.order(node, path), **more)
        if default is not MISSING and not is_plain(schema, default):
            self.defaults.append((field, default, (path, "default")))
        return field

    def _check_default(
        self, field: Field, value: JSON, path: Path, weights: dict[int, float]
    ) -> None:
        """Find the flaw of a default, at the end of the text: its record may need all fields."""
        found = flaw(field.type, value)
        if found:
            for part in found[0].split("/")[1:]:
                path = (path, part.replace("~1", "/").replace("~0", "~"))
            self._report(path, f"The default of {field.name!r} is not valid: {found[1]}.")
        elif weight(field.type, value, weights) > self.limits.default_values:
            limit = self.limits.default_values
            reason = f"The default of {field.name!r} stands for more than {limit} values."
            self._report(path, reason, "Default to null, or to fewer records inside each other.")
