"""What is kept of an event that could not take effect."""

from datetime import UTC, datetime
from typing import Any, Final

from services.chassis.events.hearing.source import Message

_MOST_TEXT: Final = 255
_MOST_DETAIL: Final = 10_000


class DeliveryLimit(Exception):
    """The broker has given up on a message; the consumer may have died of it."""

    def __init__(self) -> None:
        super().__init__(
            "It was delivered again and again, and never settled: its effect may end the process."
        )


def letter_of(source: str, message: Message, error: Exception | None) -> dict[str, Any]:
    """Return the row of a dead letter."""
    return {
        "source": source,
        "position": message.position,
        "event_id": message.event_id,
        "type": storable(message.type),
        "aggregate_id": storable(message.aggregate_id),
        "dataschema": storable(message.dataschema),
        "data": message.data,
        "received_at": datetime.now(UTC),
        **why(error),
    }


def why(error: Exception | None) -> dict[str, str]:
    """Return the reason and the detail of a failure, as a database can keep them."""
    return {"reason": storable(type(error).__name__), "detail": storable(str(error), _MOST_DETAIL)}


def storable(text: str, most: int = _MOST_TEXT) -> str:
    """Return as much of a text of anybody as a database can keep."""
    # PostgreSQL keeps no zero characters, and neither database keeps halves of surrogates.
    whole = text.encode(errors="replace").decode()
    return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")[:most]
