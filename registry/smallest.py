"""A small value of a schema, for when any will do."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from registry.errors import Unencodable
from registry.limits import LIMITS
from registry.schema import EnumSchema, FixedSchema, RecordSchema, Schema, UnionSchema
from registry.values import Duration, Timestamp, choose

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOGICAL: Final[Mapping[str, Any]] = {
    "big-decimal": Decimal(0),
    "date": date(1970, 1, 1),
    "decimal": Decimal(0),
    "duration": Duration(),
    "local-timestamp-micros": _EPOCH.replace(tzinfo=None),
    "local-timestamp-millis": _EPOCH.replace(tzinfo=None),
    "local-timestamp-nanos": Timestamp(0),
    "time-micros": time(),
    "time-millis": time(),
    "timestamp-micros": _EPOCH,
    "timestamp-millis": _EPOCH,
    "timestamp-nanos": Timestamp(0),
    "uuid": UUID(int=0),
}
_EMPTY: Final[Mapping[str, type]] = {
    "null": type(None),
    "boolean": bool,
    "int": int,
    "long": int,
    "float": float,
    "double": float,
    "bytes": bytes,
    "string": str,
    "array": list,
    "map": dict,
}


class Uninhabited(ValueError):
    """A schema has no value that can travel.

    A record must hold itself, an enum has no symbol, or a fixed has more bytes than a datum may.
    """


class Smallest:
    """Makes small values; those of one record are one object, so that many cost little."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}
        self._open: set[str] = set()

    def of(self, schema: Schema) -> Any:
        """Return a small plain value of a schema. Raises Uninhabited."""
        if isinstance(schema, RecordSchema):
            return self._record(schema)
        if isinstance(schema, UnionSchema):
            return self._branch(schema)
        if schema.logical:
            return _LOGICAL[schema.logical.name]
        if isinstance(schema, EnumSchema):
            if not schema.symbols:
                raise Uninhabited(schema.name)
            return schema.symbols[0]
        return _fixed(schema) if isinstance(schema, FixedSchema) else _EMPTY[schema.type]()

    def _record(self, schema: RecordSchema) -> Any:
        if schema.name in self._open:
            raise Uninhabited(schema.name)
        if schema.name not in self._made:
            self._open.add(schema.name)
            try:
                made = {field.name: self.of(field.type) for field in schema.fields}
            finally:
                self._open.discard(schema.name)
            self._made[schema.name] = made
        return self._made[schema.name]

    def _branch(self, union: UnionSchema) -> Any:
        for branch in sorted(union.branches, key=lambda each: isinstance(each, RecordSchema)):
            try:
                return bare(union, branch, self.of(branch))
            except Uninhabited:
                continue
        raise Uninhabited(union.label)


def _fixed(schema: FixedSchema) -> bytes:
    if schema.size > LIMITS.datum_bytes:
        raise Uninhabited(schema.name)
    return bytes(schema.size)


def bare(union: UnionSchema, branch: Schema, value: Any) -> Any:
    """Return a value of a branch without the branch's name, where the value alone tells it."""
    try:
        chosen = union.branches[choose(union, value).position]
    except Unencodable:
        return branch.label, value
    return value if chosen is branch else (branch.label, value)
