"""The AsyncAPI document: valid, whole, true, and all that another team needs."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import avro.schema
import fastavro
import jsonschema
import pika
import pytest
from starlette.testclient import TestClient

import registry
import services.rooms
from registry import Record, wire
from registry.records.events.page.v1 import Page
from registry.records.rooms.room_changed import v1, v2
from services.chassis.contract import Contract
from services.chassis.events.declaration import Events, Tells
from services.chassis.events.rabbit.topology import EXCHANGE, queue_of
from services.chassis.pages.asyncapi import asyncapi
from services.chassis.settings import EventsSettings, Settings
from services.rooms.events import EVENTS
from tests.services.brokers import taken
from tests.services.examples import ROOM_BODY

BROKER = "amqps://me:s3cret@[2001:db8::7]/prod%2Fa"
JsonObject = dict[str, Any]
RECORDS: tuple[type[Record], ...] = (v1.RoomChanged, v2.RoomChanged)


@pytest.fixture(params=[None, BROKER], ids=["the feed", "a broker"])
def settings(request: pytest.FixtureRequest) -> Settings:
    return Settings(
        name="rooms", port=9091, database_url="", events=EventsSettings(url=request.param)
    )


PARAMETER = {"name": "after", "schema": {"type": "integer"}, "description": "Where."}
CONTRACT: JsonObject = {
    "info": {"title": "Rooms", "version": "1"},
    "servers": [{"url": "/v1"}],
    "paths": {"/events": {"get": {"parameters": [PARAMETER]}}},
}


@pytest.fixture
def document(settings: Settings) -> JsonObject:
    return asyncapi(Contract(CONTRACT, ()), settings, EVENTS)


def at(document: JsonObject, reference: str) -> JsonObject:
    """What a reference within the document leads to."""
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return at(document, found["$ref"]) if "$ref" in found else found


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from references(each)


def messages_of(document: JsonObject, channel: JsonObject) -> list[JsonObject]:
    return [at(document, each["$ref"]) for each in channel["messages"].values()]


def test_it_is_valid_by_the_official_json_schema(document: JsonObject) -> None:
    named = os.environ.get("ASYNCAPI_SCHEMA", "")
    if not named and not os.environ.get("CI"):
        pytest.skip("ASYNCAPI_SCHEMA names no file 3.0.0.json of the npm package @asyncapi/specs")
    official = jsonschema.Draft7Validator(json.loads(Path(named).read_text(encoding="utf-8")))
    assert [each.message for each in official.iter_errors(document)] == []
    assert list(official.iter_errors({**document, "asyncapi": "2.6.0"}))


def test_every_reference_leads_somewhere(document: JsonObject) -> None:
    found = list(references(document))
    assert len(found) > 10
    for each in found:
        assert each.startswith("#/")
        assert at(document, each)


def test_messages_of_an_operation_are_those_of_its_channel(document: JsonObject) -> None:
    for operation in document["operations"].values():
        channel = operation["channel"]["$ref"]
        for each in operation.get("messages", []):
            assert each["$ref"].startswith(f"{channel}/messages/")


def test_each_version_that_is_told_is_a_message_with_its_whole_schema(
    document: JsonObject,
) -> None:
    channel = document["channels"]["rooms.RoomChanged"]
    messages = messages_of(document, channel)
    assert [each["name"] for each in messages] == ["rooms.RoomChanged/1", "rooms.RoomChanged/2"]
    assert channel["x-compatibility"] == "FULL_TRANSITIVE"
    for message, record in zip(messages, RECORDS, strict=True):
        payload = message["payload"]["schema"]
        assert registry.fingerprint(registry.parse(payload)) == record.FINGERPRINT
        assert message["x-fingerprint"] == record.FINGERPRINT.hex()
        avro.schema.parse(json.dumps(payload))
        fastavro.parse_schema(payload)
        assert "A room was created" in payload["doc"]


def test_a_version_that_is_not_told_yet_is_no_message(settings: Settings) -> None:
    (now,) = EVENTS.tells
    before = Tells(now.entity, v1.RoomChanged, lambda *_: pytest.fail("nothing is told"))
    shown = asyncapi(Contract(CONTRACT, ()), settings, Events(tells=(before,)))
    assert list(shown["components"]["messages"]) == ["rooms.RoomChanged.v1", "page"]


def test_the_examples_are_messages_as_they_travel(document: JsonObject) -> None:
    (first, second) = messages_of(document, document["channels"]["rooms.RoomChanged"])
    for message, record in zip((first, second), RECORDS, strict=True):
        (example,) = message["examples"]
        jsonschema.validate(example["headers"], message["headers"])
        read = wire.decode(bytes.fromhex(message["x-body"]), record)
        assert json.loads(read.to_json()) == example["payload"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(first["examples"][0]["headers"], second["headers"])


def test_the_exchange_and_the_queues_are_those_that_the_services_use(document: JsonObject) -> None:
    told, heard = document["channels"]["rooms.RoomChanged"], document["channels"]["rooms.items"]
    assert told["address"] == "rooms.RoomChanged"
    exchange = told["bindings"]["amqp"]["exchange"]
    assert (exchange["name"], exchange["type"], exchange["durable"]) == (EXCHANGE, "topic", True)
    queue = heard["bindings"]["amqp"]["queue"]
    assert queue["name"] == heard["address"] == queue_of("rooms", "items")
    (message,) = messages_of(document, heard)
    assert message["bindings"]["amqp"]["x-properties"]["properties"]["app_id"]["const"] == "items"
    assert document["operations"]["hear.items"]["action"] == "receive"
    assert document["operations"]["tell.rooms.RoomChanged"]["action"] == "send"


def test_a_service_that_tells_and_hears_nothing_has_its_feed(settings: Settings) -> None:
    shown = asyncapi(Contract(CONTRACT, ()), settings, Events())
    assert list(shown["channels"]) == ["feed"]
    assert shown["channels"]["feed"]["address"] == "/v1/events"
    (page,) = messages_of(shown, shown["channels"]["feed"])
    assert page["x-fingerprint"] == Page.FINGERPRINT.hex()
    query = shown["operations"]["tell.feed"]["bindings"]["http"]["query"]
    assert query["properties"] == {"after": {"type": "integer", "description": "Where."}}


def test_the_broker_is_shown_without_user_and_password() -> None:
    events = EventsSettings(url=BROKER)
    with_broker = Settings(name="rooms", port=0, database_url="", events=events)
    shown = asyncapi(Contract(CONTRACT, ()), with_broker, EVENTS)
    assert "s3cret" not in json.dumps(shown)
    server = shown["servers"]["rabbitmq"]
    assert (server["protocol"], server["host"]) == ("amqps", "[2001:db8::7]:5671")
    assert server["pathname"] == "/prod%2Fa"
    exchange = shown["channels"]["rooms.RoomChanged"]["bindings"]["amqp"]["exchange"]
    assert exchange["vhost"] == "prod/a"


def test_without_a_broker_none_is_named() -> None:
    alone = Settings(name="rooms", port=0, database_url="")
    shown = asyncapi(Contract(CONTRACT, ()), alone, EVENTS)
    assert list(shown["servers"]) == ["feed"]
    assert "RabbitMQ is not set now" in shown["channels"]["rooms.RoomChanged"]["description"]


def test_everybody_may_read_it(anonymous_rooms: TestClient) -> None:
    answer = anonymous_rooms.get("/v1/asyncapi.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json()["info"]["title"] == "Rooms"


# From here on, another team: it knows AMQP, Avro and the document, and nothing of our code.


class ThirdParty:
    """Hears of one type with what the document says of it."""

    def __init__(self, document: JsonObject, kind: str, user: Any) -> None:
        (operation,) = [
            each
            for each in document["operations"].values()
            if each["action"] == "send" and kind in each["channel"]["$ref"]
        ]
        self.channel = at(document, operation["channel"]["$ref"])
        self.messages = {
            each["headers"]["properties"]["dataschema"]["const"]: each
            for each in messages_of(document, self.channel)
        }
        server = at(document, self.channel["servers"][0]["$ref"])
        host, _, port = server["host"].rpartition(":")
        self.parameters = pika.ConnectionParameters(
            host, int(port), unquote(server["pathname"][1:]), user
        )

    def bind(self, queue: str) -> None:
        exchange = self.channel["bindings"]["amqp"]["exchange"]
        with pika.BlockingConnection(self.parameters) as connection:
            channel = connection.channel()
            channel.exchange_declare(
                exchange["name"], exchange["type"], durable=exchange["durable"]
            )
            channel.queue_declare(queue, durable=True)
            channel.queue_bind(queue, exchange["name"], self.channel["address"])

    def read(self, properties: pika.BasicProperties, body: bytes) -> JsonObject:
        headers: Any = properties.headers
        message = self.messages[headers["dataschema"]]
        jsonschema.validate(headers, message["headers"])
        said = {name: getattr(properties, name) for name in PROPERTIES}
        jsonschema.validate(said, message["bindings"]["amqp"]["x-properties"])
        assert properties.content_type == message["contentType"]
        assert body[:10].hex() == "c301" + message["x-fingerprint"]
        schema = fastavro.parse_schema(message["payload"]["schema"])
        found: Any = fastavro.schemaless_reader(BytesIO(body[10:]), schema, None)
        return dict(found)


PAGE = Path(__file__).parents[2].joinpath("docs/messages.md").read_text(encoding="utf-8")
PAGE_BROKER = "amqp://guest:guest@127.0.0.1:5672/"
PROPERTIES = ("message_id", "type", "app_id", "content_type", "delivery_mode", "timestamp")


@pytest.fixture
def telling(
    rooms_settings: Settings, authorization: dict[str, str], rabbitmq: str
) -> Iterator[TestClient]:
    """A rooms service that tells RabbitMQ, and hears nobody."""
    on_broker = replace(rooms_settings, events=EventsSettings(url=rabbitmq))
    deaf = replace(EVENTS, hears=())
    app = services.rooms.create_app(on_broker, lambda binder: binder.bind(Events, to=deaf))
    with app.test_client(headers=authorization) as client:
        yield client


def test_another_team_hears_of_a_room_with_nothing_but_the_document(
    telling: TestClient, rabbitmq: str
) -> None:
    document = telling.get("/v1/asyncapi.json").json()
    theirs = ThirdParty(document, "RoomChanged", pika.URLParameters(rabbitmq).credentials)
    theirs.bind("billing.rooms")
    room = telling.post("/v1/rooms", json=ROOM_BODY, headers={"X-Request-ID": "r-7"}).json()
    (message,) = taken(rabbitmq, "billing.rooms", 1)
    event = theirs.read(*message)
    assert (event["kind"], event["entity_version"], event["request_id"]) == ("CREATED", 1, "r-7")
    assert str(event["room"]["id"]) == room["id"]


def test_the_program_of_the_page_on_messages_runs_as_it_stands(
    telling: TestClient, rabbitmq: str, tmp_path: Path
) -> None:
    (program,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (tmp_path / "asyncapi.json").write_bytes(telling.get("/v1/asyncapi.json").content)
    words = [sys.executable, "-c", program.replace(PAGE_BROKER, rabbitmq)]
    with subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as hearing:
        try:
            assert hearing.stdout
            assert hearing.stdout.readline() == "Hearing rooms.RoomChanged\n"
            telling.post("/v1/rooms", json=ROOM_BODY)
            assert hearing.stdout.readline().endswith(" CREATED Garden room\n")
        finally:
            hearing.kill()
