"""The texts of a schema, its fingerprints and its id."""

import hashlib
import json
from typing import Any

import pytest

import registry

TEXT: dict[str, Any] = {
    "references": [{"name": "shop.Money", "version": 1}],
    "fields": [
        {
            "aliases": ["c"],
            "order": "ignore",
            "default": "A",
            "doc": "é",
            "tags": ["pii"],
            "name": "kind",
            "type": {
                "default": "B",
                "symbols": ["A", "B"],
                "references": "kept inside",
                "type": "enum",
                "name": "Kind",
                "namespace": "shop.inner",
            },
        },
        {"name": "other", "type": ["null", "shop.inner.Kind", "Money"], "default": None},
        {"name": "at", "type": {"logicalType": "date", "type": "int"}, "order": "ascending"},
        {"name": "plain", "type": {"type": "string"}},
    ],
    "doc": "d",
    "aliases": ["Old", "else.Older"],
    "name": "shop.Thing",
    "type": "record",
}
MONEY = registry.parse({"type": "fixed", "name": "Money", "namespace": "shop", "size": 8})


def test_the_full_text_is_javas_with_references_inlined() -> None:
    assert json.loads(registry.full_text(registry.parse(TEXT, [MONEY]))) == {
        "type": "record",
        "name": "Thing",
        "namespace": "shop",
        "doc": "d",
        "fields": [
            {
                "name": "kind",
                "type": {
                    "type": "enum",
                    "name": "Kind",
                    "namespace": "shop.inner",
                    "symbols": ["A", "B"],
                    "default": "B",
                    "references": "kept inside",
                },
                "doc": "é",
                "default": "A",
                "order": "ignore",
                "aliases": ["c"],
                "tags": ["pii"],
            },
            {
                "name": "other",
                "type": ["null", "shop.inner.Kind", {"type": "fixed", "name": "Money", "size": 8}],
                "default": None,
            },
            {"name": "at", "type": {"type": "int", "logicalType": "date"}},
            {"name": "plain", "type": "string"},
        ],
        "aliases": ["Old", "else.Older"],
    }


def test_the_full_text_is_compact_has_an_order_and_keeps_letters() -> None:
    text = registry.full_text(registry.parse(TEXT, [MONEY]))
    assert text.startswith(
        '{"type":"record","name":"Thing","namespace":"shop","doc":"d","fields":['
    )
    assert '"doc":"é","default":"A","order":"ignore","aliases":["c"],"tags":["pii"]}' in text
    assert text.endswith('"aliases":["Old","else.Older"]}')


def test_the_canonical_form_keeps_what_decides_how_bytes_are_read() -> None:
    assert registry.canonical_form(registry.parse(TEXT, [MONEY])) == (
        '{"name":"shop.Thing","type":"record","fields":['
        '{"name":"kind","type":{"name":"shop.inner.Kind","type":"enum","symbols":["A","B"]}},'
        '{"name":"other","type":["null","shop.inner.Kind",'
        '{"name":"shop.Money","type":"fixed","size":8}]},'
        '{"name":"at","type":"int"},{"name":"plain","type":"string"}]}'
    )


def test_the_id_is_made_of_the_full_text() -> None:
    schema = registry.parse(TEXT, [MONEY])
    digest = hashlib.sha256(registry.full_text(schema).encode()).hexdigest()
    assert registry.schema_id(schema) == 1 + int(digest[:16], 16) % (2**31 - 1)


def test_formatting_and_the_order_of_attributes_change_no_id() -> None:
    turned = json.dumps(dict(reversed(TEXT.items())), indent=3)
    one, other = registry.parse(TEXT, [MONEY]), registry.parse(turned, [MONEY])
    assert registry.schema_id(one) == registry.schema_id(other)


@pytest.mark.parametrize(
    "change", [{"doc": "other"}, {"aliases": []}, {"namespace": "", "name": "Thing", "fields": []}]
)
def test_what_the_canonical_form_drops_still_changes_the_id(change: dict[str, Any]) -> None:
    one, other = registry.parse(TEXT, [MONEY]), registry.parse({**TEXT, **change}, [MONEY])
    assert registry.schema_id(one) != registry.schema_id(other)


@pytest.mark.parametrize("name", ["null", "int", "string"])
def test_the_null_namespace_inside_another_is_written_out(name: str) -> None:
    inner = {
        "type": "record",
        "name": "In",
        "namespace": "",
        "fields": [{"name": "a", "type": name}],
    }
    outer = {"type": "record", "name": "n.Out", "fields": [{"name": "b", "type": inner}]}
    text = registry.full_text(registry.parse(json.dumps(outer)))
    assert '"name":"In","namespace":""' in text
    assert registry.full_text(registry.parse(text)) == text
