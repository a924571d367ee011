"""Which parts of a reader and a writer belong together (Avro 1.12, "Schema Resolution", "Aliases").

`rules="avro"` is the specification; `rules="confluent"` is what that registry's checker does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from registry.schema import (
    Field,
    NamedSchema,
    RecordSchema,
    Schema,
    UnionSchema,
    named_types,
    renames,
)

Rules: TypeAlias = Literal["avro", "confluent"]

PROMOTIONS: Final[Mapping[str, frozenset[str]]] = {
    "long": frozenset({"int"}),
    "float": frozenset({"int", "long"}),
    "double": frozenset({"int", "long", "float"}),
    "string": frozenset({"bytes"}),
    "bytes": frozenset({"string"}),
}
"""The reader's primitive type, and the writer's that are promoted to it."""


class AmbiguousAliasError(ValueError):
    """A field of the reader stands for several fields of the writer."""


@dataclass(slots=True, eq=False)
class Matching:
    """How the names of one reader apply to the names of a writer."""

    rules: Rules
    renamed: Mapping[str, str]
    """The reader's aliases, which rewrite the writer's schema: alias -> full name."""

    @classmethod
    def of(cls, reader: Schema, writer: Schema, rules: Rules) -> "Matching":
        """Collect the aliases of all named types of a reader.

        Where both schemas have both names, nothing was renamed: every schema can read itself.
        """
        renamed = renames(reader)
        if renamed:
            mine, theirs = named_types(reader), named_types(writer)
            pairs = renamed.items()
            renamed = {a: name for a, name in pairs if a not in mine or name not in theirs}
        return cls(rules, renamed)

    def same_name(self, reader: NamedSchema, writer: NamedSchema) -> bool:
        """Tell whether two named types match: by simple name, after aliases are applied."""
        if self.rules == "confluent":
            return reader.simple_name == writer.simple_name or writer.name in reader.aliases
        name = self.renamed.get(writer.name, writer.name)
        if name == reader.name:
            return True
        return reader.simple_name == name.rpartition(".")[2]

    def matches(self, reader: Schema, writer: Schema) -> bool:
        """Tell whether two types belong together, whatever is inside them."""
        if isinstance(reader, NamedSchema) and isinstance(writer, NamedSchema):
            return type(reader) is type(writer) and self.same_name(reader, writer)
        return reader.type == writer.type or writer.type in PROMOTIONS.get(reader.type, ())

    def same_decimals(self, reader: Schema, writer: Schema) -> bool:
        """Tell whether two types mean the same number by the same bytes ("Decimal")."""
        mine, theirs = reader.logical, writer.logical
        if not mine or not theirs or mine == theirs or self.rules == "confluent":
            return True
        return mine.name != "decimal" or theirs.name != "decimal"

    def branch(self, reader: UnionSchema, writer: Schema) -> int | None:
        """Return the branch that reads a type: of the same full name, else the first that matches.

        The exact name goes first so that every union can read itself.
        """
        label = writer.label
        if isinstance(writer, NamedSchema):
            label = self.renamed.get(label, label)
        for index, each in enumerate(reader.branches):
            if each.label == label and self.matches(each, writer):
                return index
        for index, each in enumerate(reader.branches):
            if self.matches(each, writer):
                return index
        return None

    def fields(
        self, reader: RecordSchema, writer: RecordSchema
    ) -> list[tuple[Field, Field | None]]:
        """Return each field of the reader with the writer's that fills it, if there is one.

        A writer that has the reader's very names is not rewritten: every record can read itself. Of
        two fields with one alias the last has it, as in Avro's Java implementation.
        Raises AmbiguousAliasError.
        """
        names = {each.name: each for each in writer.fields}
        aliases = [alias for each in reader.fields for alias in each.aliases]
        if not aliases:
            return [(each, names.get(each.name)) for each in reader.fields]
        if self.rules == "confluent":
            return [(each, _only(each, _found(each, names))) for each in reader.fields]
        if names.keys() == {each.name for each in reader.fields}:
            return [(each, names[each.name]) for each in reader.fields]
        taken = {alias for each in reader.fields for alias in each.aliases if alias != each.name}
        left = {name: each for name, each in names.items() if name not in taken}
        owners = {alias: each.name for each in reader.fields for alias in each.aliases}
        pairs = []
        for each in reader.fields:
            mine = [alias for alias in each.aliases if owners[alias] == each.name]
            aliased = [names[alias] for alias in mine if alias in names]
            own = left.get(each.name)
            pairs.append((each, _only(each, [*aliased, *([own] if own else [])])))
        return pairs


def _found(field: Field, names: Mapping[str, Field]) -> list[Field]:
    return [names[name] for name in (field.name, *field.aliases) if name in names]


def _only(field: Field, found: list[Field]) -> Field | None:
    if len({each.name for each in found}) > 1:
        names = ", ".join(repr(each.name) for each in found)
        message = f"the field {field.name!r} stands, by its aliases, for several fields: {names}"
        raise AmbiguousAliasError(message)
    return found[0] if found else None
