"""The benchmarks of events say what they found, and hold a relay to its share of pika alone."""

import math

import pytest

from registry import wire
from registry.records.rooms.room_changed.v1 import RoomChanged
from tests.benchmarks.events import appending, broker, journey, measure, rates, telling
from tests.benchmarks.events.missing import Missing
from tests.benchmarks.events.raw import QUEUE, topology
from tests.benchmarks.events.sample import TYPE, events
from tests.benchmarks.events.stores import POSTGRESQL, SQLITE
from tests.benchmarks.services.driving import Cost
from tests.services.brokers import rabbitmq, taken, virtual_host

__all__ = ["rabbitmq", "virtual_host"]


def test_contestants_take_turns_and_the_median_of_each_counts() -> None:
    ours, theirs = iter([1.0, 9.0, 2.0]), iter([5.0, 4.0, 6.0])
    assert rates.race({"a": lambda: next(ours), "b": lambda: next(theirs)}, 3) == {"a": 2, "b": 5}


def test_relays_are_held_to_their_share_of_pika_alone_and_told_beside_the_others() -> None:
    found = list(telling.rows({SQLITE: 60, POSTGRESQL: 29}, {"pika alone": 100, "kombu": 10}))
    assert [(row.ratio, row.ok) for row in found] == [
        (0.6, True),
        (6.0, True),
        (0.29, False),
        (2.9, True),
    ]
    assert [row.least for row in found if math.isfinite(row.least)] == [0.45, 0.3]


def test_an_event_may_cost_a_request_fifteen_percent_of_the_time_in_most_rounds() -> None:
    silent = [Cost(0.001, 0.002), Cost(0.001, 0.002), Cost(0.001, 0.020)]
    rows = [
        appending.row(SQLITE, [Cost(0.001, clock), Cost(0.001, clock), Cost(0.001, 0.002)], silent)
        for clock in (0.0022, 0.0024)
    ]
    assert [row.ok for row in rows] == [True, False]


def test_delays_are_told_as_median_and_last_hundredth() -> None:
    row = journey.delay_row("feed, SQLite", [0.001 * each for each in range(101)])
    assert row.ours == "p50 50 ms, p99 99 ms"


def test_the_sample_is_real_events_of_the_rooms_service() -> None:
    first, second = events(2)
    assert wire.decode(first.data, RoomChanged).room.name == "Garden room"
    assert (first.type, second.position) == (TYPE, 2)
    assert first.event_id != second.event_id


@pytest.mark.parametrize("name", ["pika alone", *telling.PEERS])
def test_contestants_publish_the_same_message(name: str, rabbitmq: str) -> None:
    makers = dict(telling.publishers())
    if name not in makers:
        pytest.skip(f"{name} is not installed: it is in requirements/bench.lock alone")
    sent = events(3)
    with topology(rabbitmq):
        contestant = makers[name](rabbitmq)
        contestant.publish(sent)
        contestant.close()
    found = taken(rabbitmq, QUEUE, 3)
    assert [body for _, body in found] == [each.data for each in sent]
    assert [said.message_id for said, _ in found] == [str(each.event_id) for each in sent]
    assert [said.headers["position"] for said, _ in found if said.headers] == [1, 2, 3]


def test_what_is_not_here_is_said_and_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(broker, "SERVER", "amqp://guest:guest@127.0.0.1:9/")
    with pytest.raises(Missing, match="no RabbitMQ answers"), broker.virtual_host():
        pass
    for part in (journey, appending):
        monkeypatch.setattr(part, "measure", lambda *_: iter(()))
    assert list(measure.measure()) == []
    assert "no RabbitMQ answers at TEST_RABBITMQ_URL" in capsys.readouterr().err
