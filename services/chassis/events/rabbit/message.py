"""An event as a message of AMQP 0-9-1.

The body is the datum in single-object encoding. `message_id` is the event's id, `type` its type,
`app_id` the service that tells it, `timestamp` the second at which it occurred. Headers:
`dataschema`, such as `rooms.RoomChanged/1`; `subject`, the entity's id; `position` and `feed`, its
place among all that the service tells.
"""

from typing import Any, Final
from uuid import UUID, uuid5

from pika import BasicProperties

from services.chassis.events.hearing.letters import storable
from services.chassis.events.hearing.source import Message
from services.chassis.events.telling.sink import Outgoing
from services.chassis.media_types import AVRO

_PERSISTENT: Final = 2
# Of the ids for messages that have none; any uuid does, but never another one.
_NAMELESS: Final = UUID("5d0c2e0c-3f9d-4c5e-8f43-7a3f7f0c9b1e")
_LARGEST: Final = (1 << 63) - 1


def properties_of(event: Outgoing, service: str) -> BasicProperties:
    """Return what a message of `service` says of the event beside its body."""
    return BasicProperties(
        content_type=AVRO,
        delivery_mode=_PERSISTENT,
        message_id=str(event.event_id),
        type=event.type,
        app_id=service,
        timestamp=int(event.occurred_at.timestamp()),
        headers={
            "dataschema": event.dataschema,
            "subject": event.aggregate_id,
            "position": event.position,
            "feed": str(event.feed),
        },
    )


def message_of(properties: BasicProperties, body: bytes, routing_key: str = "") -> Message:
    """Return the event that a message holds, whoever sent it.

    What is missing or makes no sense becomes 0, empty or None. A message without an id has one that
    is made of what it says, so that it is the same when it comes again.
    """
    headers = properties.headers if isinstance(properties.headers, dict) else {}
    type_ = _text(properties.type) or routing_key
    dataschema = _text(headers.get("dataschema"))
    event_id = _uuid(properties.message_id)
    if event_id is None:
        said = (_text(properties.message_id), type_, dataschema, body.hex())
        event_id = uuid5(_NAMELESS, repr(said))
    return Message(
        event_id=event_id,
        type=type_,
        dataschema=dataschema,
        aggregate_id=_text(headers.get("subject")),
        position=_position(headers.get("position")),
        feed=_uuid(headers.get("feed")),
        data=body,
    )


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return storable(value) if isinstance(value, str) else ""


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(_text(value))
    except ValueError:
        return None


def _position(value: Any) -> int:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return value if is_whole and 0 <= value <= _LARGEST else 0
