"""Events that cannot take effect, and events that come again, as anybody could send them."""

import os
from random import Random
from uuid import UUID

import pika
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from registry import wire
from services.chassis.database import writing
from services.chassis.entities.uuid7 import uuid7
from services.chassis.events.tables import FeedRow, OutboxRow, SinkCursorRow
from services.chassis.media_types import AVRO
from tests.services.examples import room, room_changed

_TYPE = "rooms.RoomChanged"
_EXCHANGE = "events"
_AGAIN = 200


def bad_data(random: Random) -> list[tuple[str, bytes]]:
    """Return a few (dataschema, data) that no consumer can read: poison, and unknown schemas."""
    good = wire.encode(room_changed(room()))
    poison = [b"", good[:2], good[:-1], good + b"z", os.urandom(40)]
    schema = f"{_TYPE}/{random.randrange(90, 99)}"
    unknown = [(schema, good[:2] + random.randbytes(8) + good[10:]) for _ in range(2)]
    return [(f"{_TYPE}/1", data) for data in poison] + unknown


def tell_bad_events(rooms: Engine, random: Random) -> list[UUID]:
    """Put events that cannot be read into the outbox of rooms; return their ids."""
    made = room_changed(room())
    rows = [
        OutboxRow(
            event_id=uuid7(),
            type=_TYPE,
            aggregate_id=f"hostile {random.getrandbits(64)}",
            aggregate_version=1,
            dataschema=schema,
            occurred_at=made.occurred_at,
            data=data,
        )
        for schema, data in bad_data(random)
    ]
    ids = [row.event_id for row in rows]
    with Session(rooms) as session, writing(session):
        session.add_all(rows)
    return ids


def publish_bad_events(url: str, random: Random) -> list[UUID]:
    """Publish messages that cannot be read; return their ids."""
    ids = []
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        for schema, data in bad_data(random):
            ids.append(uuid7())
            properties = pika.BasicProperties(
                content_type=AVRO,
                delivery_mode=2,
                message_id=str(ids[-1]),
                type=_TYPE,
                app_id="rooms",
                headers={"dataschema": schema, "subject": "hostile"},
            )
            channel.basic_publish(_EXCHANGE, _TYPE, data, properties, mandatory=True)
    return ids


def publish_again(url: str, rooms: Engine, random: Random) -> int:
    """Publish events that the relay has put already; return how many."""
    with Session(rooms) as session:
        last = session.scalar(select(SinkCursorRow.position)) or 0
        feed = session.scalars(select(FeedRow.id)).one()
        first = random.randrange(max(last - _AGAIN, 0) + 1)
        some = select(OutboxRow).where(OutboxRow.position.between(first + 1, first + _AGAIN))
        rows = session.scalars(some.where(OutboxRow.position <= last)).all()
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        for row in rows:
            channel.basic_publish(_EXCHANGE, row.type, row.data, _properties(row, feed))
    return len(rows)


def _properties(row: OutboxRow, feed: UUID) -> pika.BasicProperties:
    return pika.BasicProperties(
        content_type=AVRO,
        delivery_mode=2,
        message_id=str(row.event_id),
        type=row.type,
        app_id="rooms",
        timestamp=int(row.occurred_at.timestamp()),
        headers={
            "dataschema": row.dataschema,
            "subject": row.aggregate_id,
            "position": row.position,
            "feed": str(feed),
        },
    )
