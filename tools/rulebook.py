"""Every rule of the gate by name: how bad it is by default, and what it asks in one line."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from tools.finding import Severity

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING


class Rule(NamedTuple):
    """A rule; `docs/rules/<name>.md` explains it. `summary` says what it asks for."""

    severity: Severity
    summary: str


RULEBOOK: Final[Mapping[str, Rule]] = {
    # A tree that can be read.
    "INVALID_SCHEMA": Rule(_ERROR, "A file is a schema by every rule of the specification."),
    "UNSAFE_NAME": Rule(_ERROR, "A name is made of letters, digits and underscores."),
    "UNKNOWN_REFERENCE": Rule(_ERROR, "A type that a file uses is defined in it, or pinned."),
    "REFERENCE_CONFLICT": Rule(_ERROR, "Pins exist, agree on one version, and form no circle."),
    "UNUSED_PIN": Rule(_WARNING, "A pinned version is used."),
    "OLDER_PIN": Rule(Severity.INFO, "A pinned version is the latest of its subject."),
    "DEPRECATED_USE": Rule(_WARNING, "Nothing new uses a subject that is deprecated."),
    "RETIRED_USE": Rule(_ERROR, "Nothing new is made of a subject that is retired."),
    "MISPLACED": Rule(_ERROR, "A file stands where its name, namespace and version say."),
    "VERSION_GAP": Rule(_ERROR, "The versions of a subject are 1, 2, 3, and so on."),
    "INVALID_SETTING": Rule(_ERROR, "A setting is known, and has a value that it can have."),
    # Against what is released.
    "CHANGED_RELEASE": Rule(_ERROR, "A released version never changes again."),
    "NO_CHANGE": Rule(_ERROR, "A version says something else than the one before."),
    "ID_COLLISION": Rule(_ERROR, "Different versions have different ids."),
    "LOWERED_LEVEL": Rule(_ERROR, "A compatibility level is not lowered in passing."),
    "UNUSED_WAIVER": Rule(_ERROR, "A waiver waives something."),
    # Compatibility, in Avro's own words where it has one.
    "READER_FIELD_MISSING_DEFAULT_VALUE": Rule(
        _ERROR, "A field that some writer lacks has a default in the reader."
    ),
    "TYPE_MISMATCH": Rule(_ERROR, "A field keeps its type, or is promoted."),
    "NAME_MISMATCH": Rule(_ERROR, "A type keeps its name, or aliases the old one."),
    "FIXED_SIZE_MISMATCH": Rule(_ERROR, "A fixed keeps its size."),
    "MISSING_ENUM_SYMBOLS": Rule(_ERROR, "A reader knows every symbol, or has a default."),
    "MISSING_UNION_BRANCH": Rule(_ERROR, "A reader's union has a branch for all that is written."),
    "DECIMAL_MISMATCH": Rule(_ERROR, "A decimal keeps its precision and scale."),
    "AMBIGUOUS_ALIAS": Rule(_ERROR, "A field stands, by its aliases, for one field only."),
    # What others make of it.
    "FRESHNESS": Rule(_ERROR, "The generated records are those of the schemas."),
    "INTEROP": Rule(_WARNING, "Other libraries can load the schema."),
    # Legal Avro that makes trouble later.
    "STRUCTURE": Rule(
        _WARNING, "An attribute stands at a type that has it, with a value it takes."
    ),
    "UNKNOWN_ATTRIBUTE": Rule(_WARNING, "An attribute is Avro's, ours, or marked as private."),
    "NAMING": Rule(_WARNING, "Types are CamelCase, fields snake_case, symbols UPPER_SNAKE."),
    "RESERVED_WORD": Rule(_WARNING, "A name is the same in Python as in the schema."),
    "MISSING_DOC": Rule(_WARNING, "Types and fields say what they mean."),
    "ENUM_WITHOUT_DEFAULT": Rule(_WARNING, "An enum has a default, so that it can grow."),
    "OPTIONAL_FORM": Rule(_WARNING, "An optional field names null first."),
    "OPTIONAL_WITHOUT_DEFAULT": Rule(_WARNING, "An optional field has a default."),
    "DEFAULT_INSIDE_TYPE": Rule(_WARNING, "A default stands on the field, or on an enum."),
    "LOGICAL_TYPE_ON_FIELD": Rule(_WARNING, "A logical type stands inside the type."),
    "INVALID_LOGICAL_TYPE": Rule(_WARNING, "A logical type is one that its type can carry."),
    "UNKNOWN_LOGICAL_TYPE": Rule(_WARNING, "A logical type is one of the specification's."),
    "FLOAT_FOR_MONEY": Rule(_WARNING, "Money is a decimal."),
    "RAW_LONG_FOR_TIME": Rule(_WARNING, "A time has a logical type."),
    "UNION_OF_SAME_SHAPE": Rule(_WARNING, "Records in a union differ in their fields."),
    "AMBIGUOUS_UNION": Rule(_WARNING, "The branches of a union differ in JSON too."),
    "UNTAGGED_PII": Rule(_WARNING, "What tells about a person is tagged."),
    "ALIAS_ACROSS_NAMESPACE": Rule(
        _WARNING, "A type with aliased fields that moves to another namespace has an alias."
    ),
    "SIMPLE_NAME_MATCH": Rule(
        _WARNING, "An enum or fixed in a union that moves to another namespace has an alias."
    ),
}
