"""The relay and a sink that fails: nothing is lost or out of order, and outages are told once."""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pika.exceptions import AMQPConnectionError, StreamLostError
from sqlalchemy import Engine, delete, text, update
from sqlalchemy.orm import Session

from registry import wire
from registry.records.rooms.room_changed.v1 import RoomChanged
from services.chassis.database import writing
from services.chassis.errors import DatabaseAway
from services.chassis.events.declaration import Events
from services.chassis.events.rabbit.connection import reason_of
from services.chassis.events.tables import OutboxRow, SinkCursorRow
from services.chassis.events.telling import backlog, leader
from services.chassis.events.telling.leader import leader_of
from services.chassis.events.telling.outbox import Outbox
from services.chassis.events.telling.relay import Relay
from services.chassis.events.telling.sequencer import Sequencer
from services.chassis.events.telling.sink import Outgoing, SinkAway
from services.chassis.events.telling.waiting import Waiting
from services.chassis.events.telling.watching import Watcher
from services.chassis.schemas import tree
from services.chassis.stopping import Stopping
from tests.services import examples
from tests.services.databases import on_both_databases, on_postgresql
from tests.services.test_relay import cursor, tell, until

# What a sink does with a batch: takes it, fails before, after a part of it, or after all of it.
TAKES, FAILS, FAILS_HALFWAY, FAILS_LATE = "takes", "fails", "fails halfway", "fails late"
# Its connection is gone before it is waited for.
LOSES = "loses"


class Memory:
    """A sink that keeps positions, and fails as its plan says."""

    name = "memory"
    where = "here"

    def __init__(self, plan: Sequence[str] = ()) -> None:
        self.plan = list(plan)
        self.kept: list[int] = []
        self.entities: list[tuple[str, int]] = []
        self.is_away = False
        self.is_blocked = False
        self._events: Sequence[Outgoing] = ()
        self._does = TAKES

    def open(self) -> None:
        if self.is_away:
            raise SinkAway("it is not there")
        if self._does == LOSES:
            self._does, self._events = TAKES, ()

    def put(self, events: Sequence[Outgoing]) -> None:
        self._events = events
        self._does = self.plan.pop(0) if self.plan else TAKES

    def flush(self) -> None:
        events = self._events
        does = self._does
        positions = [each.position for each in events]
        kept = {FAILS: 0, LOSES: 0, FAILS_HALFWAY: len(positions) // 2}.get(does, len(positions))
        self.kept += positions[:kept]
        self.entities += [_entity(each) for each in events[:kept]]
        if does != TAKES:
            raise SinkAway(does)

    def close(self) -> None:
        pass


def _entity(event: Outgoing) -> tuple[str, int]:
    changed = wire.decode(event.data, RoomChanged, schemas=tree(), writer=event.dataschema)
    return event.aggregate_id, changed.entity_version


def relay_of(engine: Engine, sink: Memory) -> Relay:
    stopping = Stopping()
    waiting = Waiting(stopping)
    return Relay(engine, sink, waiting, Watcher(engine, waiting, stopping), stopping)


def attempts(relay: Relay, count: int) -> None:
    for _ in range(count):
        relay.attempt()


@pytest.fixture
def sink() -> Memory:
    return Memory()


@pytest.fixture
def relay(engine: Engine, sink: Memory) -> Iterator[Relay]:
    made = relay_of(engine, sink)
    yield made
    made.leave()


@given(
    plan=st.lists(st.sampled_from([TAKES, FAILS, FAILS_HALFWAY, FAILS_LATE, LOSES]), max_size=8),
    rewind=st.integers(0, 8),
    count=st.integers(0, 9),
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_fails_all_events_come_and_first_in_their_order(
    engine: Engine, plan: list[str], rewind: int, count: int
) -> None:
    with pytest.MonkeyPatch.context() as patch, Session(engine) as session:
        patch.setattr(backlog, "BATCH", 3)
        with writing(session):
            session.execute(delete(OutboxRow))
            session.execute(delete(SinkCursorRow))
        sink = Memory(plan)
        relay = relay_of(engine, sink)
        tell(engine, count)
        attempts(relay, rewind)
        with writing(session):
            session.execute(update(SinkCursorRow).values(position=0))
        attempts(relay, 3 * len(plan) + 10)
        relay.leave()
    assert list(dict.fromkeys(sink.kept)) == list(range(1, count + 1))
    assert cursor(engine) == count


@on_both_databases
def test_an_outage_of_the_sink_is_told_once_and_its_end_once(
    relay: Relay, sink: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for is_away, state in ((False, "leading"), (True, "away"), (False, "leading")):
        sink.is_away = is_away
        attempts(relay, 3)
        assert relay.state == state
    assert [each.message for each in caplog.records] == [
        "Events go to memory at here, after position 0.",
        "memory is away at here (it is not there): events are kept for it.",
        "Events go to memory at here, after position 0.",
    ]


def test_attempts_are_rarer_while_the_sink_is_away(
    engine: Engine, relay: Relay, sink: Memory
) -> None:
    sink.is_away = True
    assert [relay.attempt() for _ in range(7)] == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]
    sink.is_away = False
    tell(engine, 1)
    attempts(relay, 2)
    sink.is_away = True
    assert relay.attempt() == 0.1


def test_a_sink_that_lets_the_relay_wait_is_blocked(relay: Relay, sink: Memory) -> None:
    relay.attempt()
    sink.is_blocked = True
    assert relay.state == "blocked"


def test_a_database_that_fails_is_told_and_the_relay_goes_on(
    engine: Engine, relay: Relay, sink: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    tell(engine, 1)
    for name, other in (("outbox", "hidden"), ("hidden", "outbox")):
        with Session(engine) as session, writing(session):
            session.execute(text(f"ALTER TABLE {name} RENAME TO {other}"))
        attempts(relay, 3)
        assert relay.state == ("failing" if other == "hidden" else "leading")
    assert caplog.text.count("the database fails") == 1
    assert sink.kept == [1]


def test_an_error_nobody_thought_of_ends_no_relay(
    engine: Engine, relay: Relay, sink: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError

    tell(engine, 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sink, "put", fail)
        attempts(relay, 2)
        assert relay.state == "failing"
    attempts(relay, 2)
    assert sink.kept == [1]
    assert "ZeroDivisionError" in caplog.text


@on_both_databases
def test_a_relay_that_left_lets_another_lead(engine: Engine, relay: Relay) -> None:
    other = relay_of(engine, Memory())
    attempts(relay, 1)
    attempts(other, 1)
    assert (relay.state, other.state) == ("leading", "standing by")
    relay.leave()
    attempts(other, 1)
    attempts(relay, 1)
    assert (relay.state, other.state) == ("standing by", "leading")
    other.leave()


@on_both_databases
def test_one_that_woke_late_moves_no_cursor_back(engine: Engine) -> None:
    tell(engine, 4)
    late, fast = (backlog.Backlog(engine, "memory") for _ in range(2))
    read = late.next()
    fast.next(fast.next())
    assert cursor(engine) == 4
    with Session(engine) as session, writing(session):
        session.execute(update(SinkCursorRow).values(position=3))
    assert [each.position for each in late.next(read).events] == [4]
    assert cursor(engine) == 3


@on_postgresql
def test_a_leader_that_hangs_is_deposed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(leader, "_DEPOSED_AFTER", "300ms")
    hanging, other = leader_of(engine), leader_of(engine)
    assert hanging.leads()
    # The other one hangs at most as long as this machine does.
    monkeypatch.undo()
    until(other.leads)
    assert not hanging.leads()
    other.leave()
    hanging.leave()
    assert "Traceback" not in caplog.text


def test_a_lock_whose_file_was_removed_is_lost(engine: Engine) -> None:
    first, second = leader_of(engine), leader_of(engine)
    assert first.leads()
    assert not second.leads()
    Path(f"{engine.url.database}.relay").unlink()
    assert second.leads()
    assert not first.leads()
    second.leave()


@on_both_databases
def test_the_feed_and_the_relay_number_together(engine: Engine, relay: Relay) -> None:
    for _ in range(3):
        tell(engine, 2)
        Sequencer(engine).run()
        tell(engine, 2)
        attempts(relay, 1)
    sink = relay.sink
    assert isinstance(sink, Memory)
    attempts(relay, 3)
    assert sink.kept == list(range(1, 13))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (AMQPConnectionError(ConnectionRefusedError(111, "refused")), "[Errno 111] refused"),
        (StreamLostError("gone"), "gone"),
        (DatabaseAway("why"), "The database does not answer now. Try again in a few seconds."),
        (ValueError(), "ValueError"),
    ],
)
def test_reasons_are_said_in_a_line(error: Exception, reason: str) -> None:
    assert reason_of(error) == reason


@on_postgresql
def test_an_event_that_is_committed_late_is_not_skipped(
    engine: Engine, relay: Relay, sink: Memory
) -> None:
    # By its id it stands before one that was read already.
    with Session(engine) as late, writing(late):
        append(late, "late", 1)
        late.flush()
        tell(engine, 1)
        attempts(relay, 3)
        assert sink.kept == [1]
    attempts(relay, 3)
    assert sink.kept == [1, 2]
    assert sink.entities[-1] == ("late", 1)


@on_both_databases
def test_events_of_each_entity_come_in_order_while_many_write(
    engine: Engine, relay: Relay, sink: Memory
) -> None:
    writers, versions = 8, 12

    def write(writer: int) -> None:
        for version in range(1, versions + 1):
            with Session(engine) as session, writing(session):
                append(session, f"room {writer}", version)

    with ThreadPoolExecutor(writers) as threads:
        written = [threads.submit(write, writer) for writer in range(writers)]
        while not all(each.done() for each in written):
            relay.attempt()
            Sequencer(engine).run()
        for each in written:
            each.result()
    attempts(relay, 4)
    assert sink.kept == list(range(1, writers * versions + 1))
    for writer in range(writers):
        told = [version for entity, version in sink.entities if entity == f"room {writer}"]
        assert told == list(range(1, versions + 1))


def append(session: Session, entity: str, version: int) -> None:
    changed = examples.room_changed(examples.room(name=f"{entity}/{version}"), version)
    Outbox(Events(), Waiting(Stopping())).append(session, changed, entity, version)
