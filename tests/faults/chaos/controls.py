"""Systems that lack what keeps events safe: the harness must see what goes wrong in each."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Thread
from uuid import uuid4

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError
from sqlalchemy import Engine, func, insert, select, text, update
from sqlalchemy.orm import Session

from registry import wire
from services.chassis.database import open_database
from services.chassis.events.tables import InboxCursorRow, OutboxRow
from services.chassis.migrations import migrate
from services.rooms import migrations
from tests.faults.broker import Broker, broker
from tests.faults.chaos.faults import Chaos
from tests.faults.chaos.making import running_cluster, system
from tests.faults.chaos.system import Combination, System, until
from tests.faults.chaos.verdict import Version, judged, misordered
from tests.services.examples import room, room_changed

_SECONDS = 60.0
_RATE = 100.0
_EVENTS = 3000
_ENTITIES = 30
_RELAYS = 4
_BATCH = 20
_QUEUE = "heard"
_QUIET_SECONDS = 1.5
# So that the broker is back before the last is sent.
_PACE_SECONDS = 0.003


def run() -> bool:
    """Run all, and return whether each showed what it lacks."""
    found = {"without an inbox, double effects": _without_inbox()}
    with _servers() as (engine, node):
        found["with several relays, misordered events"] = _with_several_relays(engine, node)
        found["without an outbox, lost events"] = _without_outbox(node)
    print("\ncontrols, each of which is to find some:")
    for name, count in found.items():
        print(f"  {name:<40} {count:>6}{'' if count else '  WRONG: none was seen'}", flush=True)
    return all(found.values())


def _without_inbox() -> int:
    """Forget what was received, set the cursor back, and return how many effects were double."""
    with system(Combination("feed", "sqlite"), seed=1, rate=_RATE) as made:
        made.start()
        with made.engines["items"].begin() as connection:
            forget = "DELETE FROM inbox WHERE event_id = NEW.event_id"
            connection.execute(
                text(f"CREATE TRIGGER forget AFTER INSERT ON inbox BEGIN {forget}; END")
            )
        until(lambda: _heard(made) > _BATCH, _SECONDS)
        Chaos(system=made, random=Random(1), is_long=False).set_cursor_back()  # noqa: S311 repeatable
        made.kill(*made.writers)
        until(lambda: _heard(made) == _told(made), _SECONDS)
        return judged(made.engines, {}).double


def _heard(made: System) -> int:
    with Session(made.engines["items"]) as session:
        return session.scalar(select(InboxCursorRow.position)) or 0


def _told(made: System) -> int:
    with Session(made.engines["rooms"]) as session:
        return session.scalar(select(func.count(OutboxRow.id))) or 0


@contextmanager
def _servers() -> Iterator[tuple[Engine, Broker]]:
    """Give a database with the tables of rooms, and a broker with one queue for all events."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="chaos-")))
        folder.chmod(0o755)
        for name in ("postgresql", "rabbitmq"):
            (folder / name).mkdir()
        server = stack.enter_context(running_cluster(folder / "postgresql"))
        engine = open_database(server.url.replace("postgresql:", "postgresql+psycopg:"), "rooms")
        stack.callback(engine.dispose)
        migrate(engine, Path(str(migrations.__file__)).parent)
        yield engine, stack.enter_context(broker(folder / "rabbitmq"))


def _with_several_relays(engine: Engine, node: Broker) -> int:
    """Let relays without a leader share the work, and return how many events were misordered."""
    _fill(engine)
    with _channel(node) as channel:
        channel.queue_declare(_QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
    with ThreadPoolExecutor(_RELAYS) as threads:
        for each in [threads.submit(_relay, engine, node) for _ in range(_RELAYS)]:
            each.result(_SECONDS)
    return misordered(_arrived(node))


def _fill(engine: Engine) -> None:
    changed = room_changed(room())
    rows = [
        {
            "event_id": uuid4(),
            "type": "rooms.RoomChanged",
            "aggregate_id": str(number % _ENTITIES),
            "aggregate_version": number // _ENTITIES + 1,
            "dataschema": "rooms.RoomChanged/1",
            "occurred_at": changed.occurred_at,
            "data": wire.encode(changed),
        }
        for number in range(_EVENTS)
    ]
    with engine.begin() as connection:
        connection.execute(insert(OutboxRow), rows)


def _relay(engine: Engine, node: Broker) -> None:
    """Put what nobody else is putting, until there is no more."""
    row = OutboxRow
    some = select(row.id, row.aggregate_id, row.aggregate_version).where(row.position.is_(None))
    some = some.order_by(row.id).limit(_BATCH).with_for_update(skip_locked=True)
    with _channel(node) as channel:
        while True:
            with engine.begin() as connection:
                found = connection.execute(some).all()
                if not found:
                    return
                for _, entity, version in found:
                    channel.basic_publish("", _QUEUE, f"{entity} {version}".encode())
                ids = [each.id for each in found]
                done = update(row).where(row.id.in_(ids)).values(position=row.id)
                connection.execute(done)


def _without_outbox(node: Broker) -> int:
    """Publish and hope, while the broker dies once; return how many events never arrived."""
    channel, back = None, Thread(target=node.start)
    for number in range(_EVENTS):
        if number == _EVENTS // 3:
            node.kill()
            back.start()
        channel = _hoped(node, channel, f"{number} 1")
    back.join(_SECONDS)
    # Some arrive, or it would be something else that is wrong.
    _hoped(node, None, f"{_EVENTS} 1")
    arrived = len(set(_arrived(node)))
    return _EVENTS + 1 - arrived if arrived else 0


def _hoped(node: Broker, channel: BlockingChannel | None, body: str) -> BlockingChannel | None:
    """Publish without a confirm; return the channel, None once it is of no use."""
    try:
        if channel is None:
            channel = pika.BlockingConnection(pika.URLParameters(node.url)).channel()
        channel.basic_publish("", _QUEUE, body.encode(), pika.BasicProperties(delivery_mode=2))
    except (AMQPError, OSError):
        return None
    finally:
        time.sleep(_PACE_SECONDS)
    return channel


@contextmanager
def _channel(node: Broker) -> Iterator[BlockingChannel]:
    with pika.BlockingConnection(pika.URLParameters(node.url)) as connection:
        yield connection.channel()


def _arrived(node: Broker) -> list[Version]:
    """Return what is in the queue, in its order."""
    found: list[Version] = []
    with _channel(node) as channel:
        for method, _, body in channel.consume(
            _QUEUE, auto_ack=True, inactivity_timeout=_QUIET_SECONDS
        ):
            if method is None or body is None:
                break
            entity, version = body.decode().split()
            found.append((entity, int(version)))
    return found
