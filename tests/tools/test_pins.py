"""Pins: other numbers in a text, and nothing else changed."""

from registry.tree import SchemaTree
from tests.tools.trees import record
from tools.versions.pins import repinned

TEXT = """{"type": "record", "name": "Order", "namespace": "shop", "doc": "version: 1 \u20ac",
\t"references": [ {"version" :9,"name":"shop.Line"},{"name":"shop.Note", "version": 1} ],\r
\t"version": 1, "fields": [ {"name":"line","type":"Line"}, {"name":"note","type":"Note"} ]}"""


def test_numbers_of_any_length_are_put_where_the_old_ones_stood() -> None:
    texts = {f"shop/line/v{n}.avsc": record("shop.Line", doc=str(n)) for n in range(1, 10)}
    texts |= {"shop/note/v1.avsc": record("shop.Note"), "shop/order/v1.avsc": TEXT}
    order = SchemaTree.from_texts(texts)["shop.Order"].latest
    expected = TEXT.replace('"version" :9', '"version" :10').replace(
        'e", "version": 1', 'e", "version": 123'
    )
    assert repinned(order, {"shop.Line": 10, "shop.Note": 123, "shop.Other": 7}) == expected
    assert repinned(order, {}) == TEXT
