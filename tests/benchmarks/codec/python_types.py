"""The Python types of a schema's data, for those peers that are told them by class."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any, Final
from uuid import UUID

from registry.schema import ArraySchema, EnumSchema, MapSchema, RecordSchema, Schema, UnionSchema

MakeRecord = Callable[[str, Mapping[str, Any]], Any]
MakeDecimal = Callable[[int, int], Any]

PRIMITIVES: Final[Mapping[str, Any]] = {
    "null": None,
    "boolean": bool,
    "int": int,
    "long": int,
    "float": float,
    "double": float,
    "bytes": bytes,
    "string": str,
}
LOGICAL: Final[Mapping[str, Any]] = {"timestamp-micros": datetime, "uuid": UUID}


class PythonTypes:
    """Makes each record class and each enum of a schema once.

    `make_record` is given the simple name of a record and the types of its fields, `make_decimal`
    precision and scale. `others` are types that differ from PRIMITIVES and LOGICAL.
    """

    def __init__(
        self,
        make_record: MakeRecord,
        make_decimal: MakeDecimal = lambda _precision, _scale: Decimal,
        others: Mapping[str, Any] | None = None,
    ) -> None:
        self._make_record = make_record
        self._make_decimal = make_decimal
        self._plain = {**PRIMITIVES, **LOGICAL, **(others or {})}
        self._named: dict[str, Any] = {}

    def of(self, schema: Schema) -> Any:
        """Return the type of a schema. Raises KeyError for a type that no sample has."""
        if isinstance(schema, RecordSchema | EnumSchema):
            if schema.name not in self._named:
                self._named[schema.name] = self._made(schema)
            return self._named[schema.name]
        if isinstance(schema, ArraySchema):
            return list[self.of(schema.items)]  # type: ignore[misc]  # a type of the run time
        if isinstance(schema, MapSchema):
            return dict[str, self.of(schema.values)]  # type: ignore[misc]  # as above
        if isinstance(schema, UnionSchema):
            return reduce(or_, map(self.of, schema.branches))
        if schema.logical and schema.logical.name == "decimal":
            return self._make_decimal(schema.logical.precision, schema.logical.scale)
        return self._plain[schema.logical.name if schema.logical else schema.type]

    def _made(self, schema: RecordSchema | EnumSchema) -> Any:
        if isinstance(schema, EnumSchema):
            return StrEnum(schema.simple_name, [(each, each) for each in schema.symbols])
        fields = {each.name: self.of(each.type) for each in schema.fields}
        return self._make_record(schema.simple_name, fields)
