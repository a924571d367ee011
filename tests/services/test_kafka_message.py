"""Messages of Kafka: what is told of an event, and what other clients make of it."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import fastavro
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import SchemaTree, wire
from registry.errors import NotFramed, UnknownSchema
from registry.tree import read_texts
from services.chassis.events.kafka.connection import settings_of, shown
from services.chassis.events.kafka.message import message_of
from services.chassis.pages.asyncapi.messages import payload_of
from services.chassis.schemas import tree
from tests.services import examples
from tests.services.test_kafka_sink import EVENT, TYPE

CHANGED = examples.room_changed(examples.room(), 1)
TEXTS = read_texts(Path("schemas"))


def tree_with(**texts: str) -> SchemaTree:
    return SchemaTree.from_texts({**TEXTS, **texts})


def test_a_message_says_all_of_its_event() -> None:
    message = message_of(EVENT, "rooms", tree())
    assert (message.topic, message.key, message.timestamp) == (TYPE, "a room", 1767323045678)
    assert dict(message.headers) == {
        "id": "00000000-0000-0000-0000-000000000002",
        "type": TYPE,
        "dataschema": EVENT.dataschema,
        "source": "rooms",
        "position": "1",
        "feed": "00000000-0000-0000-0000-000000000001",
    }


def test_its_value_is_what_our_own_readers_read_by_the_id() -> None:
    value = message_of(EVENT, "rooms", tree()).value
    assert value[5:] == EVENT.data[10:]
    assert wire.decode(value, type(CHANGED), schemas=tree()).room.name == CHANGED.room.name


def test_its_value_is_what_others_read_with_the_schema_of_the_id() -> None:
    value = message_of(EVENT, "rooms", tree()).value
    assert value[0] == 0
    version = tree().by_id(int.from_bytes(value[1:5], "big"))
    schema = fastavro.parse_schema(payload_of(version)["schema"])
    read = fastavro.schemaless_reader(BytesIO(value[5:]), schema, None)
    assert isinstance(read, dict)
    assert read["room"]["name"] == CHANGED.room.name


def test_a_pinned_id_wins() -> None:
    pinned = tree_with(**{"ids.toml": f'"{EVENT.dataschema}" = 17'})
    assert message_of(EVENT, "rooms", pinned).value[:5] == b"\0\0\0\0\x11"


def test_the_topic_is_the_first_that_the_subject_names() -> None:
    path = next(each for each in TEXTS if each.endswith("rooms/room_changed/subject.toml"))
    named = tree_with(**{path: 'owner = "rooms"\ntopics = ["rooms-told", "elsewhere"]'})
    assert message_of(EVENT, "rooms", named).topic == "rooms-told"


@given(st.binary(max_size=40))
def test_whatever_the_outbox_holds_is_framed_as_its_version_or_refused(data: bytes) -> None:
    version = tree().version(EVENT.dataschema)
    try:
        value = wire.reframe(data, version)
    except NotFramed:
        assert not data.startswith(b"\xc3\x01") or len(data) < 10
    except UnknownSchema:
        assert data[2:10] != version.fingerprint
    else:
        assert value[5:] == data[10:]


def test_the_query_of_the_url_says_more_but_not_less_of_what_order_stands_on() -> None:
    url = (
        "kafka://a:9092,b:9093/?security.protocol=SASL_SSL&sasl.password=s%26t&acks=0"
        "&enable.idempotence=false&bootstrap.servers=elsewhere&socket.timeout.ms=5"
    )
    settings = settings_of(url, "rooms tells")
    assert settings["bootstrap.servers"] == shown(url) == "a:9092,b:9093"
    assert settings["sasl.password"] == "s&t"
    assert settings["security.protocol"] == "SASL_SSL"
    assert settings["socket.timeout.ms"] == "5"
    assert (settings["acks"], settings["enable.idempotence"]) == ("all", True)
    assert settings["client.id"] == "rooms tells"


@pytest.mark.parametrize("size", [0, 1, 9])
def test_a_frame_that_is_cut_is_refused(size: int) -> None:
    with pytest.raises(NotFramed):
        message_of(replace(EVENT, data=EVENT.data[:size]), "rooms", tree())
