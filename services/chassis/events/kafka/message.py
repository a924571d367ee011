"""An event as a message of Kafka."""

from dataclasses import dataclass

from registry import SchemaTree, wire
from services.chassis.events.telling.sink import Outgoing

_MILLISECONDS = 1000


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message to produce. `timestamp` is in milliseconds since 1970."""

    topic: str
    key: str
    value: bytes
    headers: list[tuple[str, str | bytes | None]]
    timestamp: int


def message_of(event: Outgoing, service: str, tree: SchemaTree) -> Outbound:
    """Return the message of an event of `service`, whose schema and topic are in the tree.

    The datum goes from one frame into the other as it is. Raises TreeError where the tree does not
    have its version, WireError where it is not of that version.
    """
    version = tree.version(event.dataschema)
    return Outbound(
        topic=next(iter(tree[version.subject].config.topics), event.type),
        key=event.aggregate_id,
        value=wire.reframe(event.data, version),
        headers=[
            ("id", str(event.event_id)),
            ("type", event.type),
            ("dataschema", event.dataschema),
            ("source", service),
            ("position", str(event.position)),
            ("feed", str(event.feed)),
        ],
        timestamp=int(event.occurred_at.timestamp() * _MILLISECONDS),
    )
