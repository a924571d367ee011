"""Our parser and canonical form beside those of the package avro: each difference has a reason."""

import json
import warnings
from typing import Any

import avro.errors
import avro.schema
import pytest

import registry
from tests.conformance.rows import rows

SIDES = ("reader", "writer")
SCHEMAS: dict[str, Any] = {
    **{row["id"]: row["schema"] for row in rows("fingerprints")},
    **{f"{row['id']} {side}": row[side] for row in rows("pairs") for side in SIDES},
}
CHECKED_BY_US_ALONE = (
    "The default of ",
    "is no Avro name",
    "is an alias of",
    "has the name of a primitive type",
)
ACCEPTED_BY_US_ALONE = {
    "a/valid.ref.object-form": "an object may name a defined type as it may a primitive one",
    "b/20260815/02972": "an empty namespace is the null namespace, not the enclosing one",
}
WRITTEN_OUT_TWICE = {"b/20260815/02455"}


def theirs(value: Any) -> avro.schema.Schema | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", avro.errors.IgnoredLogicalType)
        try:
            return avro.schema.parse(json.dumps(value))
        except avro.errors.AvroException:
            return None


def bare(form: Any) -> Any:
    """Return a canonical form with `{"type": "long"}`, once a logical type, as "long"."""
    if isinstance(form, dict):
        return form["type"] if form.keys() == {"type"} else {k: bare(v) for k, v in form.items()}
    return [bare(each) for each in form] if isinstance(form, list) else form


@pytest.mark.parametrize("name", SCHEMAS)
def test_both_packages_accept_a_schema_or_the_difference_has_a_reason(name: str) -> None:
    refused = [each.reason for each in registry.problems(json.dumps(SCHEMAS[name]))]
    accepted = theirs(SCHEMAS[name]) is not None
    if accepted and refused:
        assert any(reason in refused[0] for reason in CHECKED_BY_US_ALONE), refused
    elif not accepted and not refused:
        assert name.partition(" ")[0] in ACCEPTED_BY_US_ALONE


@pytest.mark.parametrize("name", SCHEMAS)
def test_both_canonical_forms_agree_but_for_logical_types_and_the_null_namespace(
    name: str,
) -> None:
    text, other = json.dumps(SCHEMAS[name]), theirs(SCHEMAS[name])
    if name.partition(" ")[0] in WRITTEN_OUT_TWICE:
        pytest.skip("avro writes a type that is used again inside a union out again")
    if other is None or next(registry.problems(text), None) or '"namespace": ""' in text:
        return
    ours = json.loads(registry.canonical_form(registry.parse(text)))
    assert ours == bare(json.loads(other.canonical_form))
