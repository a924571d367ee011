"""What commands show of what services have told and heard, and what they do about it."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from injector import Injector
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from services.chassis.bindings import injector_of
from services.chassis.events.declaration import Events
from services.chassis.events.hearing.dead_letters import DeadLetters
from services.chassis.events.hearing.inbox import Inbox
from services.chassis.events.hearing.source import Message
from services.chassis.events.tables import DeadLetterRow, InboxCursorRow, SinkCursorRow
from services.chassis.operate import dead_letters, lag, replay
from services.chassis.settings import Settings
from services.items.rows import KnownRoomRow
from tests.services import examples
from tests.services.databases import on_both_databases
from tests.services.examples import ROOM_BODY, feed_batch, message

Environment = dict[str, str]


@pytest.fixture
def environment(items_settings: Settings, rooms_settings: Settings) -> Environment:
    """What commands find the databases of the services by."""
    return {
        "ITEMS_DATABASE_URL": items_settings.database_url,
        "ROOMS_DATABASE_URL": rooms_settings.database_url,
        "VAR_DIR": str(items_settings.var),
    }


def poison(position: int) -> Message:
    changed = examples.room_changed(examples.room())
    return message(position, changed, data=b"poison\x1b[2J\xff")


def rejected(position: int) -> Message:
    """An event that could be read by a newer checkout."""
    changed = examples.room_changed(examples.room())
    return message(position, changed, dataschema="rooms.RoomChanged/99")


def hear(injector: Injector, *messages: Message) -> None:
    inbox = Inbox(injector, "rooms", injector.get(Events).hears)
    assert inbox.receive(feed_batch(inbox.cursor().position, *messages))


def identities(injector: Injector) -> list[int]:
    return [each.id for each in injector.get(DeadLetters).list()]


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


@on_both_databases
def test_the_lag_of_all_that_is_told_and_heard_is_in_one_table(
    rooms: TestClient,
    rooms_settings: Settings,
    items_injector: Injector,
    environment: Environment,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for number in range(3):
        rooms.post("/v1/rooms", json=ROOM_BODY | {"url": f"https://a.example/{number}"})
    feed = rooms.get("/v1/events").json()["feed"]
    rooms.post("/v1/rooms", json=ROOM_BODY)
    hear(items_injector, message(1, examples.room_changed(examples.room())), poison(2))
    with Session(items_injector.get(Engine)) as session, session.begin():
        session.get_one(InboxCursorRow, "rooms").feed = UUID(feed)
    put_to_a_sink(rooms_settings, "rabbitmq", position=1)
    put_to_a_sink(rooms_settings, "feed/billing", position=2)
    assert lag.main(environment) == 0
    _, items, heard, told, reader, to, none = lines(capsys)
    assert items == "items told 0"
    assert heard == "items heard of rooms 2 1 reads the feed next, 1 dead letter"
    assert told == "rooms told 3 1 more without a position yet"
    assert re.fullmatch(r"rooms to feed/billing 2 2 last seen \d+ s ago", reader)
    assert to.startswith("rooms to rabbitmq 1 3 the oldest waits for ")
    assert none == "rooms heard of items 0 0 nothing yet"


def put_to_a_sink(settings: Settings, sink: str, *, position: int) -> None:
    engine = injector_of(settings).get(Engine)
    with Session(engine) as session, session.begin():
        session.add(SinkCursorRow(sink=sink, position=position, moved_at=datetime.now(UTC)))
    engine.dispose()


def test_a_database_that_is_not_there_is_named_and_not_made(
    environment: Environment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lag.main(environment) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert [line.split(": ")[:2] for line in said.err.splitlines()] == [
        ["events.lag", "items"],
        ["events.lag", "rooms"],
    ]
    assert "not there yet: ./invoke run items makes" in said.err
    assert not list(tmp_path.glob("*.sqlite"))
    for code in (
        dead_letters.show("items", "1", environment),
        replay.main("items", 1, None, environment),
    ):
        assert code == 1
    assert dead_letters.show_list(dead_letters.Choice(), environment) == 0
    assert not list(tmp_path.glob("*.sqlite"))


@on_both_databases
def test_a_dead_letter_is_listed_shown_kept_while_it_fails_and_dropped(
    items_injector: Injector, environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    hear(items_injector, poison(1), rejected(2))
    first, second = identities(items_injector)
    capsys.readouterr()

    only = dead_letters.Choice(service="items", reason="NotFramed")
    assert dead_letters.show_list(only, environment) == 0
    (_, line) = lines(capsys)
    assert line.startswith(f"items {first} ")
    assert "rooms 1 rooms.RoomChanged NotFramed The bytes begin" in line

    assert dead_letters.show("items", str(first), environment) == 0
    shown = capsys.readouterr().out
    assert "000000  70 6f 69 73 6f 6e 1b 5b" in shown
    assert "\x1b" not in shown
    assert f"./invoke dead-letters.drop items {first}" in shown

    assert dead_letters.replay("items", str(second), environment) == 1
    assert f"{second} stays: UnknownSchema: " in capsys.readouterr().out
    assert dead_letters.drop("items", str(first), environment, yes=False) == 0
    assert identities(items_injector) == [second]


@on_both_databases
def test_a_dead_letter_that_takes_effect_now_is_none_any_more(
    items_injector: Injector, engine: Engine, environment: Environment
) -> None:
    hear(items_injector, rejected(1), rejected(2), poison(3))
    mend(engine)
    assert dead_letters.replay("items", "all", environment) == 1
    (left,) = items_injector.get(DeadLetters).list()
    assert left.reason == "NotFramed"
    with Session(engine) as session:
        assert len(session.scalars(select(KnownRoomRow)).all()) == 2


def mend(engine: Engine) -> None:
    """Let dead letters name a version that is known, as a newer checkout would know theirs."""
    with engine.begin() as connection:
        connection.execute(update(DeadLetterRow).values(dataschema="rooms.RoomChanged/1"))


def test_a_dead_letter_that_can_be_read_is_shown_as_json(
    items_injector: Injector,
    engine: Engine,
    environment: Environment,
    capsys: pytest.CaptureFixture[str],
) -> None:
    hear(items_injector, rejected(1))
    mend(engine)
    (identity,) = identities(items_injector)
    assert dead_letters.show("items", str(identity), environment) == 0
    shown = capsys.readouterr().out
    datum = json.loads(shown[shown.index("\n{") : shown.index("\n}") + 2])
    assert datum["room"]["name"] == "Garden room"
    assert "SCHEMA_REGISTRY_URL" in shown


def test_all_are_dropped_where_that_is_said_twice(
    items_injector: Injector, environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    hear(items_injector, poison(1), poison(2))
    assert dead_letters.drop("items", "all", environment, yes=False) == 2
    assert "--yes" in capsys.readouterr().err
    assert len(identities(items_injector)) == 2
    assert dead_letters.drop("items", "all", environment, yes=True) == 0
    assert identities(items_injector) == []


@pytest.mark.parametrize(
    ("identity", "code", "reason"),
    [("7", 1, "There is no dead letter 7."), ("seven", 2, "no id"), ("9" * 19, 2, "no id")],
)
def test_a_dead_letter_that_there_is_not_is_one_line(
    engine: Engine,
    environment: Environment,
    capsys: pytest.CaptureFixture[str],
    identity: str,
    code: int,
    reason: str,
) -> None:
    assert engine.url
    for command in (dead_letters.show, dead_letters.replay):
        assert command("items", identity, environment) == code
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert reason in said


@on_both_databases
def test_a_replay_from_the_first_event_empties_what_was_made_and_says_how_it_goes_on(
    items_injector: Injector,
    engine: Engine,
    environment: Environment,
    capsys: pytest.CaptureFixture[str],
) -> None:
    hear(items_injector, message(1, examples.room_changed(examples.room())))
    assert replay.main("items", 1, None, environment) == 0
    said = capsys.readouterr().out
    assert "items has heard rooms up to event 1, and hears it again from event 1." in said
    assert "known_rooms" in said
    assert "the feed of rooms at http://127.0.0.1:" in said
    with Session(engine) as session:
        assert session.scalars(select(KnownRoomRow)).all() == []
        cursor = session.get_one(InboxCursorRow, "rooms")
        assert (cursor.position, cursor.behind) == (0, True)


@pytest.mark.parametrize(
    ("asked", "code", "reason"),
    [
        (("cellars", 1, None), 2, "There are: items, rooms."),
        (("items", 3, None), 1, "not from 3"),
        (("items", 0, None), 1, "not from 0"),
        (("items", 1, "cellars"), 1, "it hears rooms"),
    ],
)
def test_a_replay_that_cannot_be_is_one_line(
    engine: Engine,
    environment: Environment,
    capsys: pytest.CaptureFixture[str],
    asked: tuple[str, int, str | None],
    code: int,
    reason: str,
) -> None:
    assert engine.url
    assert replay.main(*asked, environment) == code
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert reason in said


def test_settings_that_are_wrong_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert lag.main({"ITEMS_PORT": "many"}) == 2
    assert "ITEMS_PORT" in capsys.readouterr().err
