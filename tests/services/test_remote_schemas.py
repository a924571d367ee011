"""Schemas that this checkout does not have come from a registry, or it is said why not."""

import gzip
import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from registry import SchemaTree, fingerprint, wire
from registry.errors import UnknownSchema
from registry.records.rooms.room_changed.v1 import RoomChanged
from services.chassis.bindings import injector_of
from services.chassis.errors import RegistryAway
from services.chassis.schemas import Schemas, confluent, tree
from services.chassis.schemas.confluent import ConfluentRegistry
from services.chassis.schemas.lookup import AWAY_SECONDS, UNKNOWN_SECONDS
from services.chassis.settings import EventsSettings, Settings
from tests.registry.trees_of_texts import TEXTS, text
from tests.services import examples
from tests.services.newer_rooms import NEWER, newer_data, newer_tree
from tests.services.stand_in_registry import Instead, StandInRegistry, standing_in

THEIRS = SchemaTree.from_texts(TEXTS)
NOTHING = SchemaTree({})


@pytest.fixture
def registry() -> Iterator[StandInRegistry]:
    with standing_in(THEIRS) as made:
        yield made


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def reader(registry: StandInRegistry, clock: Clock | None = None) -> Schemas:
    return Schemas(NOTHING, ConfluentRegistry(registry.url), clock or Clock())


def test_a_version_of_the_checkout_is_not_asked_for(registry: StandInRegistry) -> None:
    schemas = Schemas(tree(), ConfluentRegistry(registry.url))
    assert schemas.version("rooms.Room/2") is tree().version("rooms.Room/2")
    assert registry.asked == []


def test_a_version_of_a_registry_is_the_one_that_was_put_there(registry: StandInRegistry) -> None:
    found = reader(registry).version("shop.Price/1")
    theirs = THEIRS.version("shop.Price/1")
    assert (str(found), found.fingerprint, found.id) == (str(theirs), theirs.fingerprint, theirs.id)
    assert found.references == theirs.references
    assert registry.asked == [
        "/subjects/shop.Price/versions/1",
        "/subjects/common.Money/versions/1",
    ]


def test_a_version_is_fetched_once_whoever_asks(registry: StandInRegistry) -> None:
    schemas = reader(registry)
    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(schemas.version, ["common.Money/2"] * 16))
    assert (len(found), len(registry.asked)) == (1, 1)
    assert schemas.by_fingerprint(found.pop().fingerprint) != ()


def test_a_message_of_a_newer_writer_is_read_through_the_class_of_the_reader(
    registry: StandInRegistry,
) -> None:
    registry.tree = newer_tree()
    changed = examples.room_changed(examples.room())
    data = newer_data(changed)
    schemas = Schemas(tree(), ConfluentRegistry(registry.url))
    assert wire.decode(data, RoomChanged, schemas, NEWER) == changed
    forged = data[:2] + bytes(8) + data[10:]
    with pytest.raises(UnknownSchema, match="but its fingerprint is"):
        wire.decode(forged, RoomChanged, schemas, NEWER)


def test_what_a_registry_does_not_know_is_asked_for_again_after_a_while(
    registry: StandInRegistry,
) -> None:
    clock = Clock()
    schemas = reader(registry, clock)
    for _ in range(3):
        with pytest.raises(UnknownSchema, match="Version 3 not found"):
            schemas.version("common.Money/3")
    assert len(registry.asked) == 1
    registry.tree = SchemaTree.from_texts(TEXTS | {"common/money/v3.avsc": THIRD})
    clock.now += UNKNOWN_SECONDS
    assert str(schemas.version("common.Money/3")) == "common.Money/3"


THIRD = text("common.Money", "long", doc="third")


@pytest.mark.parametrize(
    "name",
    ["", "nonsense", "shop.Price", "shop.Price/0", "shop.Price/01", "shop.Price/latest",
     "shop.Price/-1", "shop.Price/4294967296", "../x/1", "shop..Price/1", "ä.Ö/1", "a" * 300 + "/1",
     "shop.Price/1/2", "shop.Price/1\n"],
)  # fmt: skip
def test_what_names_no_version_is_not_asked_for(registry: StandInRegistry, name: str) -> None:
    with pytest.raises(UnknownSchema):
        reader(registry).version(name)
    assert registry.asked == []


def test_a_registry_that_is_away_is_waited_for_not_taken_for_one_that_does_not_know(
    registry: StandInRegistry,
) -> None:
    clock = Clock()
    schemas = reader(registry, clock)
    registry.goes()
    with pytest.raises(RegistryAway) as caught:
        schemas.version("common.Money/1")
    assert registry.url in caught.value.reason
    registry.appears()
    with pytest.raises(RegistryAway):  # one attempt is enough for a batch
        schemas.version("shop.Price/1")
    assert registry.asked == []
    clock.now += AWAY_SECONDS
    assert str(schemas.version("common.Money/1")) == "common.Money/1"


AWAY = {
    "an error": Instead(500, b'{"error_code": 50001, "message": "store"}'),
    "too many requests": Instead(429),
    "no token": Instead(401, b'{"error_code": 401, "message": "Unauthorized"}'),
    "a redirect": Instead(302, headers={"Location": "http://127.0.0.1:9/elsewhere"}),
    "a page": Instead(200, b"<html>welcome</html>"),
    "a page that is not there": Instead(404, b"<html>404</html>"),
    "another API": Instead(200, b'{"name": "x"}'),
    "a list": Instead(200, b"[]"),
    "what is compressed": Instead(200, gzip.compress(b"{}"), {"Content-Encoding": "gzip"}),
}


@pytest.mark.parametrize("instead", AWAY.values(), ids=AWAY)
def test_who_does_not_answer_as_a_registry_is_taken_for_away(
    registry: StandInRegistry, instead: Instead
) -> None:
    registry.instead = instead
    with pytest.raises(RegistryAway):
        reader(registry).version("common.Money/1")
    assert len(registry.asked) == 1


def test_a_registry_that_hangs_is_away_after_its_time(
    registry: StandInRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confluent, "_SECONDS", 0.2)
    registry.hangs = True
    schemas = reader(registry)
    for _ in range(20):
        with pytest.raises(RegistryAway):
            schemas.version("common.Money/1")
    assert len(registry.asked) == 1


def dripping(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, content=(b" " for _ in iter(int, 1)), request=request)


def test_a_registry_that_never_ends_its_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = ConfluentRegistry("http://r.example", httpx2.MockTransport(dripping))
    monkeypatch.setattr(confluent, "_SECONDS", 0.0)
    with pytest.raises(RegistryAway) as caught:
        endless.version("common.Money/1")
    assert "takes more than" in caught.value.reason
    monkeypatch.setattr(confluent, "_SECONDS", 60.0)
    monkeypatch.setattr(confluent, "_MAX_BYTES", 1 << 10)
    with pytest.raises(UnknownSchema, match="is of more than 1024 bytes"):
        endless.version("common.Money/1")


def answering(**more: Any) -> Instead:
    return Instead(200, json.dumps({"schema": '"int"', **more}).encode())


ITSELF = [{"name": "common.Money", "subject": "common.Money", "version": 1}]
UNUSABLE = {
    "no JSON": answering(schema="{"),
    "no schema": answering(schema='{"type": "record"}'),
    "no named type": answering(),
    "another language": answering(schemaType="PROTOBUF", schema="message M {}"),
    "itself": answering(references=ITSELF),
    "no references": answering(references={"name": "x"}),
    "half a reference": answering(references=[{"name": "x"}]),
    "a reference of true": answering(references=[{**ITSELF[0], "version": True}]),
    "deep": answering(schema='{"type":"array","items":' * 500 + '"int"' + "}" * 500),
    "a number for a text": answering(schemaType=7),
}


@pytest.mark.parametrize("instead", UNUSABLE.values(), ids=UNUSABLE)
def test_what_cannot_be_used_is_unknown_with_the_reason(
    registry: StandInRegistry, instead: Instead
) -> None:
    registry.instead = instead
    with pytest.raises(UnknownSchema) as caught:
        reader(registry).version("common.Money/1")
    assert "common.Money/1" in str(caught.value)
    assert len(registry.asked) <= confluent._MAX_DEPTH + 1  # noqa: SLF001


def test_a_registry_that_gives_another_type_is_not_believed(registry: StandInRegistry) -> None:
    registry.lies = {"shop.Price/1": "common.Money/1"}
    with pytest.raises(UnknownSchema, match=r"gives as shop\.Price/1 is common\.Money"):
        reader(registry).version("shop.Price/1")


def test_a_version_that_refers_to_too_many_others_is_given_up(registry: StandInRegistry) -> None:
    others = [{"name": f"a.B{n}", "subject": "common.Money", "version": n} for n in range(1, 5000)]
    registry.instead = answering(references=others)
    with pytest.raises(UnknownSchema):
        reader(registry).version("common.Money/1")
    assert len(registry.asked) < 200


def test_user_and_password_are_sent_and_never_shown(registry: StandInRegistry) -> None:
    url = registry.url.replace("//", "//me:s3cret@")
    schemas = Schemas(NOTHING, ConfluentRegistry(url))
    schemas.version("common.Money/1")
    assert registry.authorizations == ["Basic bWU6czNjcmV0"]
    registry.instead = Instead(403)
    with pytest.raises(RegistryAway) as caught:
        schemas.version("common.Money/2")
    assert "s3cret" not in caught.value.reason + str(caught.value)


def test_a_proxy_of_the_environment_is_not_asked(
    registry: StandInRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert reader(registry).version("common.Money/1")


def test_a_registry_may_stand_below_a_path(registry: StandInRegistry) -> None:
    registry.instead = Instead(404, b'{"error_code": 40401, "message": "no"}')
    with pytest.raises(UnknownSchema):
        ConfluentRegistry(f"{registry.url}/apis/v7/").version("common.Money/1")
    assert registry.asked == ["/apis/v7/subjects/common.Money/versions/1"]


def test_a_service_asks_the_registry_of_its_settings(
    registry: StandInRegistry, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    plain = Settings(name="items", port=0, database_url="sqlite://")
    events = EventsSettings(registry_url=registry.url)
    asking, alone = (lookup(replace(plain, events=each)) for each in (events, EventsSettings()))
    assert fingerprint(asking.version("shop.Price/1").schema)
    assert "shop.Price/1 is not in this checkout" in caplog.text
    with pytest.raises(UnknownSchema, match=r"There is no subject 'shop\.Price'"):
        alone.version("shop.Price/1")


def lookup(settings: Settings) -> Schemas:
    injector = injector_of(settings)
    found = injector.get(Schemas)
    assert injector.get(Schemas) is found
    return found
