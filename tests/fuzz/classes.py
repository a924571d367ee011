"""Generated classes of drawn schemas, and objects of them."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from registry import Record, SchemaTree, record, schema_of
from registry.naming import python_names, schema_path
from registry.schema import ArraySchema, EnumSchema, MapSchema, RecordSchema, Schema, UnionSchema
from registry.values import ambiguous
from tests.fuzz.places import BRANCH
from tests.registry.strategies import JsonSchema
from tools.modules.module import module_text


@dataclass(frozen=True)
class Classes:
    """The classes of one generated module: that of the file, and all by their full names."""

    main: type[Record]
    by_name: Mapping[str, type]

    def made(self, value: Any) -> Any:
        """Return an object of the main class for a value whose unions hold pairs."""
        return self._made(schema_of(self.main), value)

    def _made(self, schema: Schema, value: Any) -> Any:
        """Return a part of it; what does not look like data of the schema stays as it is."""
        if isinstance(schema, UnionSchema):
            return self._branch(schema, value)
        if isinstance(schema, RecordSchema) and isinstance(value, dict):
            return self._record(schema, value)
        if isinstance(schema, ArraySchema) and isinstance(value, list):
            return [self._made(schema.items, each) for each in value]
        if isinstance(schema, MapSchema) and isinstance(value, dict):
            return {key: self._made(schema.values, each) for key, each in value.items()}
        if isinstance(schema, EnumSchema) and isinstance(value, str) and value in schema.symbols:
            return self.by_name[schema.name](value)
        return value

    def _branch(self, schema: UnionSchema, value: Any) -> Any:
        labels = [each.label for each in schema.branches]
        if not isinstance(value, tuple) or len(value) != 2 or value[0] not in labels:
            return value
        index = labels.index(value[0])
        bare = self._made(schema.branches[index], value[BRANCH])
        return (value[0], bare) if index in ambiguous(schema) else bare

    def _record(self, schema: RecordSchema, value: dict[Any, Any]) -> Any:
        if value.keys() != {each.name for each in schema.fields}:
            return value
        names = python_names(schema)
        parts = {each.name: self._made(each.type, value[each.name]) for each in schema.fields}
        return self.by_name[schema.name](**{names[name]: parts[name] for name in parts})


@contextmanager
def generated(made: JsonSchema) -> Iterator[Classes]:
    """Give the classes that `invoke generate` would write for a record; they go when it ends."""
    name = made["name"] if "." in made["name"] else f"{made.get('namespace', '')}.{made['name']}"
    path = schema_path(name.removeprefix("."), 1)
    (version,) = SchemaTree.from_texts({path: json.dumps(made)}).versions
    module = ModuleType(f"fuzzed_{id(version)}")
    sys.modules[module.__name__] = module  # where dataclasses look the hints up
    try:
        # It is what the tool under test has written, and this is how Python would import it.
        exec(compile(module_text(version), path, "exec"), vars(module))  # noqa: S102
        own = [each for each in vars(module).values() if hasattr(each, "__avro_name__")]
        by_name = {each.__avro_name__: each for each in own}
        yield Classes(by_name[version.subject], by_name)
    finally:
        del sys.modules[module.__name__]
        for each in vars(module).values():
            _forget(each)


def _forget(made: object) -> None:
    """Let a class go, which is held for ever, as generated modules are few and stay."""
    if isinstance(made, type):
        record._BINDINGS.pop(made, None)  # noqa: SLF001 programs have no use for forgetting
