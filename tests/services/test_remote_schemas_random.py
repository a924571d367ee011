"""Whatever a registry answers, a reader goes on."""

import json
from contextlib import suppress

import httpx2
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.errors import UnknownSchema
from services.chassis.errors import RegistryAway
from services.chassis.schemas.confluent import ConfluentRegistry
from tests.registry.trees_of_texts import MONEY

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner),
    max_leaves=10,
)
types = st.sampled_from(["record", "enum", "fixed", "array", "int", "common.Money", "shop.Price"])
schemas_or_so = st.one_of(
    json_values,
    types,
    st.fixed_dictionaries(
        {"type": types | json_values},
        optional={
            "name": st.sampled_from(["common.Money", "Money", "x y", ""]) | json_values,
            "fields": st.lists(
                st.fixed_dictionaries(
                    {"name": st.text(max_size=3) | json_values, "type": types | json_values},
                    optional={"default": json_values, "aliases": json_values},
                ),
                max_size=3,
            )
            | json_values,
            "symbols": json_values,
            "size": json_values,
            "logicalType": st.sampled_from(["decimal", "uuid", "duration"]),
        },
    ),
)
references_or_so = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.text(max_size=5) | json_values,
            "subject": st.sampled_from(["common.Money", "a/b", "..", "\ud800", "?"]) | json_values,
            "version": st.integers(-1, 3) | json_values,
        }
    ),
    max_size=3,
)
answers = st.one_of(
    st.binary(max_size=50),
    st.builds(json.dumps, json_values).map(str.encode),
    st.fixed_dictionaries(
        {"schema": st.just(MONEY) | schemas_or_so.map(json.dumps) | json_values},
        optional={
            "references": references_or_so | json_values,
            "schemaType": json_values | st.just("AVRO"),
            "error_code": st.integers() | json_values,
        },
    ).map(lambda found: json.dumps(found).encode()),
)


@settings(max_examples=200)
@given(status=st.sampled_from([200, 200, 200, 404, 422, 500]), body=answers)
def test_whatever_a_registry_answers_it_is_a_version_unknown_or_away(
    status: int, body: bytes
) -> None:
    def answer(_request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, content=iter([body]))

    anything = ConfluentRegistry("http://r.example", httpx2.MockTransport(answer))
    with suppress(UnknownSchema, RegistryAway):
        found = anything.version("common.Money/1")
        assert found.schema.name == "common.Money"
        assert len(found.fingerprint) == 8
