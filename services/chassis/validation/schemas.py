"""Compiles the schemas of a contract, each once, into fast checks.

OpenAPI 3.0 says some things otherwise than the JSON Schema it is made of (draft 4): `nullable`,
`readOnly`, `writeOnly` and the formats of integers are rewritten.
"""

from enum import Enum
from functools import lru_cache
from itertools import islice
from typing import Any, Final, TypeAlias

import jsonschema_rs
from jsonschema import Draft4Validator

from services.chassis.bodies import MAX_FAULTS, pointer, short
from services.chassis.errors import Fault
from services.chassis.validation.faults import told
from services.chassis.validation.formats import CHECKER, FORMATS, RANGES

Schema: TypeAlias = dict[str, Any]

_MOST_KEPT: Final = 1024
_ONE = frozenset({"additionalProperties", "items", "not"})
_MANY = frozenset({"allOf", "anyOf", "oneOf"})
_NAMED = frozenset({"patternProperties", "properties"})
_PLAIN = frozenset({"enum", "format", "multipleOf", "pattern", "type", "uniqueItems"})
_BOUNDS = frozenset(
    {"exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum"}
    | {f"{end}{what}" for end in ("max", "min") for what in ("Items", "Length", "Properties")}
)
_KEYWORDS = _ONE | _MANY | _NAMED | _PLAIN | _BOUNDS


class Way(Enum):
    """Which way a value goes; the keyword marks the properties that do not go it."""

    IN = "readOnly"
    OUT = "writeOnly"


class Check:
    """A schema, compiled.

    What judges is fast, and says little of what is wrong. That is told by the slower package, which
    stops after the faults that are asked for, however many there are.
    """

    def __init__(self, schema: Schema, way: Way) -> None:
        self._schema = _Rewriting(way).root(schema)
        self._validator = jsonschema_rs.Draft4Validator(
            self._schema, formats=dict(FORMATS), validate_formats=True
        )
        self.accepts = self._validator.is_valid

    def faults(self, value: object) -> list[Fault]:
        """Return what is wrong with a value that is not accepted: at least one, at most 20."""
        errors = Draft4Validator(self._schema, format_checker=CHECKER).iter_errors(value)
        faults = [*islice(told(errors), MAX_FAULTS)]
        return faults or [self._fault(value)]

    def _fault(self, value: object) -> Fault:
        """Return the first fault in the words of what has judged."""
        try:
            self._validator.validate(value)
        except jsonschema_rs.ValidationError as error:
            return Fault(pointer(error.instance_path), short(error.message))
        raise ValueError(value)


def check(schema: Schema, way: Way = Way.IN) -> Check:
    """Return the check of a schema that Connexion has resolved, compiled on first use.

    It is known by its identity: Connexion hands out the same dictionary for each request.
    """
    return _check(_Same(schema), way)


class _Same:
    """A schema as a key: equal to itself alone, and kept from being another's identity."""

    __slots__ = ("schema",)

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.schema is self.schema


@lru_cache(_MOST_KEPT)
def _check(key: _Same, way: Way) -> Check:
    return Check(key.schema, way)


class _Rewriting:
    """Writes a schema of OpenAPI in the words of JSON Schema.

    Connexion puts what a reference names in its place, so that a recursive schema holds itself:
    where it does, it becomes a definition. What does not judge a value, such as `discriminator` or
    the components that Connexion hangs on a schema, is left out.
    """

    def __init__(self, way: Way) -> None:
        self._way = way
        self._open: set[int] = set()
        self._recursive: set[int] = set()
        self._definitions: dict[str, Schema] = {}

    def root(self, schema: Schema) -> Schema:
        """Return the whole of it."""
        written = self._schema(schema)
        return {**written, "definitions": self._definitions} if self._definitions else written

    def _schema(self, schema: Schema) -> Schema:
        identity = id(schema)
        reference = {"$ref": f"#/definitions/{identity}"}
        if identity in self._open:
            self._recursive.add(identity)
            return reference
        self._open.add(identity)
        written = self._written(schema)
        self._open.remove(identity)
        if identity not in self._recursive:
            return written
        self._definitions[str(identity)] = written
        return reference

    def _written(self, schema: Schema) -> Schema:
        if self._way is Way.OUT and schema.get(Way.OUT.value):
            return {"not": {}}
        written = {key: self._keyword(key, schema[key]) for key in _KEYWORDS & schema.keys()}
        if "required" in schema:
            properties = schema.get("properties", {})
            stay = [name for name in schema["required"] if not self._goes(properties.get(name))]
            written |= {"required": stay} if stay else {}
        if schema.get("nullable") or schema.get("x-nullable"):
            _admit_null(written)
        if schema.get("format") in RANGES:
            least, most = RANGES[schema["format"]]
            written["allOf"] = [*written.get("allOf", ()), {"minimum": least, "maximum": most}]
        return written

    def _keyword(self, key: str, value: Any) -> Any:
        if key in _NAMED:
            return {name: self._schema(each) for name, each in value.items()}
        if key in _MANY:
            return [self._schema(each) for each in value]
        return self._schema(value) if key in _ONE and isinstance(value, dict) else value

    def _goes(self, schema: Schema | None) -> bool:
        """Return whether a property is not for this way, where nobody can require it."""
        return bool(schema and schema.get(self._way.value))


def _admit_null(schema: Schema) -> None:
    if isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
    if None not in schema.get("enum", [None]):
        schema["enum"] = [*schema["enum"], None]
