"""Old readers read new events and new readers old ones: every pair of versions of every event."""

import json
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import fastavro
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from injector import Injector

import registry
from registry import Record, SchemaTree, SchemaVersion, wire
from registry.canonical import full_text
from registry.json_form import to_json
from registry.source import JSON
from registry.testing import records
from services.chassis.events.declaration import Events, Hears
from services.chassis.events.hearing.effects import Effects
from services.chassis.events.hearing.source import Message
from services.chassis.schemas import Schemas, tree
from services.chassis.schemas.confluent import ConfluentRegistry
from services.chassis.serving.discovery import default_ports
from tests.registry.golden_bytes import class_of
from tests.registry.written_versions import Versions, written_versions
from tests.services.stand_in_registry import standing_in


def declared() -> Iterator[Events]:
    """What each service tells and hears."""
    for name in default_ports():
        yield import_module(f"services.{name}.events").EVENTS


EVENTS = sorted({told.event.SUBJECT for each in declared() for told in each.tells})
PAIRS = [pair for name in EVENTS for pair in product(tree()[name].versions, repeat=2)]


def made(version: SchemaVersion) -> type[Record]:
    found = class_of(version)
    assert found
    return found


def ignore(_event: Record) -> None:
    """Have no effect: what counts here is what was read."""


def heard(written: Record, reader: type[Record], schemas: Schemas | None = None) -> Record:
    """What an inbox makes of an event, by what its message says."""
    looked_up = schemas or Schemas(tree())
    injector = Injector()
    injector.binder.bind(Schemas, to=looked_up)
    effects = Effects(injector, [Hears("others", reader, ignore)])
    return effects.decode(
        Message(
            event_id=UUID(int=1),
            type=written.SUBJECT,
            dataschema=f"{written.SUBJECT}/{written.VERSION}",
            aggregate_id="1",
            position=1,
            feed=None,
            data=wire.encode(written),
        )
    )


def shared(written: JSON, read: JSON) -> JSON:
    """What of a reader's JSON form the writer said as well, at any depth."""
    if isinstance(written, dict) and isinstance(read, dict):
        return {key: shared(written[key], read[key]) for key in written.keys() & read.keys()}
    return read


def test_every_event_that_a_service_hears_is_told_by_the_other() -> None:
    told = {name: import_module(f"services.{name}.events").EVENTS for name in default_ports()}
    for events in told.values():
        for each in events.hears:
            tells = [one.event.SUBJECT for one in told[each.source].tells]
            assert each.event.SUBJECT in tells


@pytest.mark.parametrize(("writer", "reader"), PAIRS, ids=lambda each: str(each).replace("/", "-v"))
def test_each_version_of_an_event_reads_what_each_other_writes(
    writer: SchemaVersion, reader: SchemaVersion
) -> None:
    assert list(registry.check(reader.schema, writer.schema)) == []

    @settings(max_examples=40)
    @given(records(made(writer)))
    def reads(event: Record) -> None:
        found = heard(event, made(reader))
        assert type(found) is made(reader)
        if writer == reader:
            assert found == event
        before, after = (json.loads(each.to_json()) for each in (event, found))
        assert shared(before, after) == shared(after, before)
        assert as_others_read(event, writer, reader) == after

    reads()


def as_others_read(event: Record, writer: SchemaVersion, reader: SchemaVersion) -> JSON:
    """What another library makes of an event, in JSON."""
    theirs = [
        fastavro.parse_schema(json.loads(full_text(each.schema))) for each in (writer, reader)
    ]
    value = fastavro.schemaless_reader(BytesIO(event.to_avro()), *theirs)  # type: ignore[arg-type]
    return to_json(reader.schema, value)


def field(name: str, of: JSON, **more: JSON) -> JSON:
    return {"name": name, "type": of, **more}


def symbols(*more: str) -> JSON:
    every: list[JSON] = ["UNKNOWN", "MADE", *more]
    return {"type": "enum", "name": "OrderChange", "symbols": every, "default": "UNKNOWN"}


def event(*fields: JSON) -> str:
    names = {"type": "record", "name": "Order", "namespace": "probe"}
    return json.dumps({**names, "fields": list(fields)})


NOTE: JSON = ["null", "string"]
LINES: JSON = {"type": "array", "items": "string"}
EVOLVED = (
    event(field("kind", symbols()), field("count", "long")),
    event(
        field("kind", symbols("SENT")),
        field("count", "long"),
        field("note", NOTE, default=None),
    ),
    event(
        field("remark", NOTE, default=None, aliases=["note"]),
        field("kind", symbols("SENT", "LOST")),
        field("count", "long"),
        field("lines", LINES, default=[]),
    ),
    event(
        field("kind", symbols("SENT", "LOST")),
        field("count", "long"),
        field("lines", LINES, default=["none"]),
        field("parcel", ["null", {"type": "record", "name": "Parcel", "fields": [
            {"name": "weight", "type": "double"}]}], default=None),
    ),
)  # fmt: skip


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Versions]:
    with written_versions(tmp_path, monkeypatch) as found:
        found.add(*EVOLVED)
        yield found


def known_to(number: int, texts: dict[str, str]) -> SchemaTree:
    """The tree of who has gone as far as this version."""
    return SchemaTree.from_texts(
        {path: text for path, text in texts.items() if int(path[-6]) <= number}
    )


def expected(written: Any, reader: int) -> dict[str, JSON]:
    """What a reader of the event above is to see."""
    kinds: dict[int, set[str]] = {1: {"MADE"}, 2: {"MADE", "SENT"}}
    kind = str(written.kind)
    seen: dict[str, JSON] = {"count": written.count}
    seen["kind"] = kind if kind in kinds.get(reader, {kind}) else "UNKNOWN"
    if reader == 2:
        seen["note"] = getattr(written, "note", None)
    if reader == 3:
        seen["remark"] = getattr(written, "remark", getattr(written, "note", None))
    if reader >= 3:
        seen["lines"] = getattr(written, "lines", ["none"] if reader == 4 else [])
    if reader == 4:
        seen["parcel"] = to_dict(getattr(written, "parcel", None))
    return seen


def to_dict(parcel: Any) -> JSON:
    return parcel and {"weight": parcel.weight}


def test_readers_of_any_version_read_writers_that_have_gone_further(versions: Versions) -> None:
    whole = SchemaTree.from_texts(versions.texts)
    with standing_in(whole) as server:
        for reader in (1, 2, 3, 4):
            schemas = Schemas(known_to(reader, versions.texts), ConfluentRegistry(server.url))
            read_all(versions, partial(heard, schemas=schemas), reader)
    fetched = [f"/subjects/probe.Order/versions/{number}" for number in (2, 3, 4, 3, 4, 4)]
    assert server.asked == fetched


def read_all(versions: Versions, hear: Any, number: int) -> None:
    """Let one reader read what each writer writes."""
    reader = versions("Order", number)

    @settings(max_examples=15)
    @given(st.data())
    def reads(data: st.DataObject) -> None:
        for writer in (1, 2, 3, 4):
            written = data.draw(records(versions("Order", writer)))
            assert json.loads(hear(written, reader).to_json()) == expected(written, number)

    reads()
