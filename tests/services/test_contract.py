import json
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import validate

from registry import SchemaTree
from services.chassis.contract import Document, load_contract, published
from services.chassis.contract.yaml_file import read_yaml
from services.chassis.errors import ContractError
from services.chassis.schemas import tree
from services.chassis.serving.discovery import default_ports, load

ORDER: dict[str, Any] = {
    "type": "record",
    "name": "Order",
    "namespace": "shop",
    "doc": "An order.",
    "fields": [
        {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
        {"name": "note", "type": "string"},
        {"name": "copies", "type": "int", "default": 1},
        {"name": "parts", "type": {"type": "array", "items": "Order"}, "default": []},
    ],
}
NEXT_ORDER = ORDER | {"fields": [*ORDER["fields"], {"name": "x", "type": "int", "default": 0}]}
SHOP = SchemaTree.from_texts(
    {"shop/order/v1.avsc": json.dumps(ORDER), "shop/order/v2.avsc": json.dumps(NEXT_ORDER)}
)


def contract(
    folder: Path, *references: str, server_set: str = "[]", sent: str = "avro:shop.Order/1"
) -> Document:
    answers = "".join(
        f"""
        "{200 + number}":
          description: An order.
          content:
            application/json:
              schema: {{$ref: "{reference}"}}"""
        for number, reference in enumerate(references)
    )
    path = folder / "openapi.yaml"
    path.write_text(f"""
openapi: 3.0.3
info: {{title: Shop, version: "1"}}
servers: [{{url: /v1}}]
x-server-set: {server_set}
paths:
  /orders:
    get:
      operationId: search
      responses:{answers}
    post:
      operationId: post
      requestBody:
        content:
          application/json:
            schema: {{$ref: "{sent}"}}
""")
    return load_contract(path, SHOP).document


def schema_of(document: Document, status: str) -> str:
    answer = document["paths"]["/orders"]["get"]["responses"][status]
    reference: str = answer["content"]["application/json"]["schema"]["$ref"]
    return reference


def test_a_schema_version_becomes_a_component_under_its_full_name(tmp_path: Path) -> None:
    document = contract(tmp_path, "avro:shop.Order/1")
    assert schema_of(document, "200") == "#/components/schemas/shop.Order"
    component = document["components"]["schemas"]["shop.Order"]
    assert component["required"] == ["id", "note"]
    assert component["description"] == "An order."


def test_create_leaves_out_what_the_server_sets(tmp_path: Path) -> None:
    document = contract(
        tmp_path, "avro:shop.Order/1", "avro:shop.Order/1?create", server_set="[id]"
    )
    assert schema_of(document, "201") == "#/components/schemas/shop.Order-create"
    sent = document["components"]["schemas"]["shop.Order-create"]
    assert list(sent["properties"]) == ["note", "copies", "parts"]
    assert sent["required"] == ["note"]
    assert "id" in document["components"]["schemas"]["shop.Order"]["properties"]


def test_patch_leaves_out_what_the_server_sets_and_requires_and_presumes_nothing(
    tmp_path: Path,
) -> None:
    document = contract(
        tmp_path, "avro:shop.Order/1", sent="avro:shop.Order/1?patch", server_set="[id]"
    )
    sent = document["components"]["schemas"]["shop.Order-patch"]
    assert list(sent["properties"]) == ["note", "copies", "parts"]
    assert "required" not in sent
    assert not any("default" in each for each in sent["properties"].values())


def test_null_in_a_patch_is_for_fields_that_have_a_default(tmp_path: Path) -> None:
    document = contract(
        tmp_path, "avro:shop.Order/1", sent="avro:shop.Order/1?patch", server_set="[id]"
    )
    form = document["components"]["schemas"]["shop.Order-patch"]
    checker = OAS30Validator(form | {"components": document["components"]})
    assert checker.is_valid({"copies": None, "parts": None})
    assert not checker.is_valid({"note": None})


def test_a_wrong_reference_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(ContractError) as caught:
        contract(tmp_path, "avro:shop.Order/9")
    place = "paths > /orders > get > responses > 200 > content > application/json > schema"
    assert f"openapi.yaml: {place}: " in str(caught.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[", "cannot be read"),
        ("- openapi", "holds no OpenAPI document"),
        ("openapi: 3.0.3", "no 'info'"),
        ("openapi: 3.0.3\ninfo: {}\npaths: {}", "servers must be one path"),
        ("info: {}\nopenapi: 3.0.3\ninfo: {}", "info is there twice"),
    ],
)
def test_a_file_that_is_no_contract_is_refused_with_the_reason(
    tmp_path: Path, text: str, reason: str
) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(text)
    with pytest.raises(ContractError, match=reason) as caught:
        load_contract(path, SHOP)
    assert str(path) in str(caught.value)


def test_a_date_and_a_status_stay_texts_as_in_json(tmp_path: Path) -> None:
    document = contract(tmp_path, "avro:shop.Order/1")
    assert json.loads(json.dumps(document)) == document
    path = tmp_path / "dates.yaml"
    path.write_text("{200: 2024-02-29}")
    assert read_yaml(path) == {"200": "2024-02-29"}


def test_what_is_published_names_operations_after_what_they_do_and_no_extension(
    tmp_path: Path,
) -> None:
    shown = published(contract(tmp_path, "avro:shop.Order/1?create", server_set="[id]"))
    operations = [each for path in shown["paths"].values() for each in path.values()]
    names = [each["operationId"] for each in operations]
    assert names == ["searchOrders", "postOrders", "getEvents"]
    assert shown["servers"] == [{"url": "../v1"}]
    assert '"x-' not in json.dumps(shown)
    validate(shown)


def test_two_operations_of_one_name_are_refused(tmp_path: Path) -> None:
    document = contract(tmp_path, "avro:shop.Order/1")
    document["paths"]["/old/orders"] = document["paths"]["/orders"]
    with pytest.raises(ContractError, match="get /orders and get /old/orders are both search"):
        published(document)


def test_a_schema_that_recurs_is_a_valid_contract(tmp_path: Path) -> None:
    document = contract(tmp_path, "avro:shop.Order/1")
    parts = document["components"]["schemas"]["shop.Order"]["properties"]["parts"]
    assert parts["items"] == {"$ref": "#/components/schemas/shop.Order"}
    validate(document)


def test_two_versions_of_a_type_in_one_contract_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"shop\.Order is here in two versions"):
        contract(tmp_path, "avro:shop.Order/1", "avro:shop.Order/2")


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("avro:shop.Order", "not understood"),
        ("avro:shop.Order/1?delete", "not understood"),
        ("avro:shop.Order/3", "no version"),
        ("avro:shop.Basket/1", "no subject"),
    ],
)
def test_a_wrong_reference_is_refused_with_the_file(
    tmp_path: Path, reference: str, reason: str
) -> None:
    with pytest.raises(ContractError, match=reason) as caught:
        contract(tmp_path, reference)
    assert str(tmp_path / "openapi.yaml") in str(caught.value)


def test_a_field_that_no_record_has_cannot_be_set_by_the_server(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="names 'identity'"):
        contract(tmp_path, "avro:shop.Order/1?create", server_set="[id, identity]")


def test_every_operation_may_answer_with_a_problem(tmp_path: Path) -> None:
    document = contract(tmp_path, "avro:shop.Order/1")
    for path in document["paths"].values():
        for operation in path.values():
            assert operation["responses"]["default"] == {"$ref": "#/components/responses/Problem"}


@pytest.mark.parametrize("name", default_ports())
def test_the_contract_of_a_service_is_valid_openapi_and_so_is_what_is_published(name: str) -> None:
    folder = Path(str(load(name).__file__)).parent
    document = load_contract(folder / "openapi.yaml", tree()).document
    validate(document)
    assert "avro:" not in json.dumps(document)
    shown = json.loads(json.dumps(published(document)))
    validate(shown)
    assert "services." not in json.dumps(shown)
