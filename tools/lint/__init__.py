"""Lint: what is legal Avro and makes trouble later. Each rule has its page in docs/rules."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from registry.source import locate_all
from registry.subjects import SchemaVersion
from tools.case import Case
from tools.finding import Finding
from tools.lint.docs import missing_doc
from tools.lint.fields import (
    default_inside_type,
    float_for_money,
    optional_form,
    optional_without_default,
    raw_long_for_time,
    untagged_pii,
)
from tools.lint.logical import invalid_logical_type, logical_type_on_field, unknown_logical_type
from tools.lint.moves import alias_across_namespace, moved_types, simple_name_match
from tools.lint.naming import naming, reserved_word, unknown_attribute
from tools.lint.places import Flaw, Place, places
from tools.lint.unions import ambiguous_union, enum_without_default, union_of_same_shape
from tools.structure import faults

Rule: TypeAlias = Callable[[Place], Iterator[Flaw]]

RULES: Final[Mapping[str, Rule]] = {
    "AMBIGUOUS_UNION": ambiguous_union,
    "DEFAULT_INSIDE_TYPE": default_inside_type,
    "ENUM_WITHOUT_DEFAULT": enum_without_default,
    "FLOAT_FOR_MONEY": float_for_money,
    "INVALID_LOGICAL_TYPE": invalid_logical_type,
    "LOGICAL_TYPE_ON_FIELD": logical_type_on_field,
    "MISSING_DOC": missing_doc,
    "NAMING": naming,
    "OPTIONAL_FORM": optional_form,
    "OPTIONAL_WITHOUT_DEFAULT": optional_without_default,
    "RAW_LONG_FOR_TIME": raw_long_for_time,
    "RESERVED_WORD": reserved_word,
    "UNION_OF_SAME_SHAPE": union_of_same_shape,
    "UNKNOWN_ATTRIBUTE": unknown_attribute,
    "UNKNOWN_LOGICAL_TYPE": unknown_logical_type,
    "UNTAGGED_PII": untagged_pii,
}
"""What is asked of each place of a version."""
MOVES: Final[Mapping[str, Callable[[Place, dict[str, str]], Iterator[Flaw]]]] = {
    "ALIAS_ACROSS_NAMESPACE": alias_across_namespace,
    "SIMPLE_NAME_MATCH": simple_name_match,
}
"""What is asked of each place of a version that moves types."""


_MISPLACED: Final = "move it to where Avro reads it, or remove it"
_NESTED: Final = "give inner types files of their own, and pin those"


class _Found(NamedTuple):
    """A flaw that a rule has found at a place."""

    rule: str
    place: Place
    flaw: Flaw

    @property
    def identity(self) -> tuple[str, str, str]:
        """What stays the same where the next version has the flaw too."""
        return self.rule, self.place.owner, self.flaw.message


def lint(case: Case) -> Iterator[Finding]:
    """Yield what is wrong with new versions, each flaw in the version that begins it."""
    for subject in case.tree.values():
        before: SchemaVersion | None = None
        for version in subject.versions:
            if version.path not in case.base.texts:
                yield from _of_version(version, before, case.file(version.path))
            before = version


def _of_version(
    version: SchemaVersion, before: SchemaVersion | None, file: str
) -> Iterator[Finding]:
    found = list(_flaws(version, before))
    if found and before:
        known = {each.identity for each in _flaws(before, None)}
        found = [each for each in found if each.identity not in known]
    spans = locate_all(version.text, [each.place.pointer + each.flaw.at for each in found])
    for (rule, _, flaw), span in zip(found, spans, strict=True):
        yield Finding(
            file=file,
            rule=rule,
            message=flaw.message,
            line=span.line,
            column=span.column,
            end_column=span.end_column,
            fix=flaw.fix,
        )


def _flaws(version: SchemaVersion, before: SchemaVersion | None) -> Iterator[_Found]:
    value = json.loads(version.text)
    found = {each.pointer: each for each in places(version.schema, value)}
    moved = moved_types(before.schema, version.schema) if before else {}
    for place in found.values():
        for name, rule in RULES.items():
            for flaw in rule(place):
                yield _Found(name, place, flaw)
        for name, move in MOVES.items() if moved else ():
            for flaw in move(place, moved):
                yield _Found(name, place, flaw)
    for fault in faults("avsc", value):
        at = fault.pointer
        while at not in found:
            at = at.rpartition("/")[0]
        fix = _MISPLACED if fault.path else _NESTED
        flaw = Flaw(fault.message, fix, fault.pointer.removeprefix(at))
        yield _Found("STRUCTURE", found[at], flaw)
