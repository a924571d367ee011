"""A contract may ask more of what is sent than Avro's schemas can say."""

import json
from pathlib import Path
from typing import Any

import pytest

from registry import SchemaTree
from services.chassis.contract import load_contract
from services.chassis.errors import ContractError

ORDER: dict[str, Any] = {
    "type": "record",
    "name": "Order",
    "namespace": "shop",
    "fields": [
        {"name": "note", "type": "string"},
        {
            "name": "lines",
            "type": {
                "type": "array",
                "items": {
                    "type": "record",
                    "name": "Line",
                    "fields": [{"name": "code", "type": "string"}],
                },
            },
        },
        {"name": "parts", "type": {"type": "array", "items": "Order"}, "default": []},
    ],
}
SHOP = SchemaTree.from_texts({"shop/order/v1.avsc": json.dumps(ORDER)})
NO_NUL = r"^[^\u0000]*$"


def components(folder: Path, rules: str) -> dict[str, Any]:
    path = folder / "openapi.yaml"
    content = "content: {application/json: {schema: {$ref: 'avro:shop.Order/1"
    path.write_text(f"""
openapi: 3.0.3
info: {{title: Shop, version: "1"}}
servers: [{{url: /v1}}]
x-narrow: {rules}
paths:
  /orders:
    post:
      operationId: post
      requestBody: {{{content}?create'}}}}}}}}
      responses:
        "201": {{description: The order., {content}'}}}}}}}}
    patch:
      operationId: patch
      requestBody: {{{content}?patch'}}}}}}}}
      responses: {{}}
""")
    schemas: dict[str, Any] = load_contract(path, SHOP).document["components"]["schemas"]
    return schemas


def test_what_is_sent_is_narrower_and_what_is_answered_is_as_it_was(tmp_path: Path) -> None:
    found = components(tmp_path, "{shop.Order: {note: {maxLength: 5}}}")
    for sent in ("shop.Order-create", "shop.Order-patch"):
        assert found[sent]["properties"]["note"]["maxLength"] == 5
    assert found["shop.Order"]["properties"]["note"] == {"type": "string"}


def test_a_record_inside_is_narrower_too_where_it_is_sent(tmp_path: Path) -> None:
    found = components(tmp_path, "{shop.Line: {code: {pattern: '^[A-Z]+$'}}}")
    lines = found["shop.Order-create"]["properties"]["lines"]
    assert lines["items"] == {"$ref": "#/components/schemas/shop.Line-sent"}
    assert found["shop.Line-sent"]["properties"]["code"]["pattern"] == "^[A-Z]+$"
    assert "pattern" not in found["shop.Line"]["properties"]["code"]


def test_a_record_that_recurs_is_narrower_at_each_depth(tmp_path: Path) -> None:
    found = components(tmp_path, "{shop.Order: {note: {maxLength: 5}}}")
    inner = {"$ref": "#/components/schemas/shop.Order-sent"}
    assert found["shop.Order-create"]["properties"]["parts"]["items"] == inner
    assert found["shop.Order-sent"]["properties"]["parts"]["items"] == inner
    assert found["shop.Order-sent"]["properties"]["note"]["maxLength"] == 5


def test_no_text_that_is_sent_holds_a_nul_unless_a_rule_says_what_it_holds(tmp_path: Path) -> None:
    found = components(tmp_path, "{shop.Line: {code: {pattern: '^[A-Z]+$'}}}")
    assert found["shop.Order-create"]["properties"]["note"]["pattern"] == NO_NUL
    assert found["shop.Order-sent"]["properties"]["note"]["pattern"] == NO_NUL


@pytest.mark.parametrize("rules", ["{shop.Basket: {note: {}}}", "{shop.Order: {shape: {}}}"])
def test_a_rule_for_what_nobody_sends_is_refused(tmp_path: Path, rules: str) -> None:
    with pytest.raises(ContractError, match="which no body that is sent has"):
        components(tmp_path, rules)
