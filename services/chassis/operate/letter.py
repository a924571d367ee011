"""A dead letter as a page that people read: what it is, what it holds, and what can be done."""

import json
import re
from collections.abc import Iterator

from injector import Injector

from registry.errors import WireError
from services.chassis.errors import ServiceError
from services.chassis.events.declaration import Events
from services.chassis.events.hearing.dead_letters import message_of
from services.chassis.events.hearing.effects import Effects
from services.chassis.events.tables import DeadLetterRow
from services.chassis.operate.lines import printable

_UNSHOWN = re.compile("[^ -~]")
_HEX_BYTES = 16
_MOST_BYTES = 4096
_UNREADABLE = (
    "{source} sent what is no such datum: tell those who run it, and drop the letter, as it will "
    "never be read."
)
_ADVICE = {
    "UnknownSchema": "take in the version of the schema that {source} writes (git pull, or set "
    "SCHEMA_REGISTRY_URL), start {name} again, then replay.",
    "NotFramed": _UNREADABLE,
    "Undecodable": _UNREADABLE,
    "LimitExceeded": _UNREADABLE,
    "DeliveryLimit": "look in the log of {name} why it died of it; replay once that is mended.",
    "NotHeard": "{name} hears no such event any more: drop it.",
}
_FAILED = (
    "the effect in services/{name}/events.py failed; its traceback is in the log of {name}, where "
    "request_id is the event's id. Replay once that is mended."
)


def page(name: str, letter: DeadLetterRow, injector: Injector) -> str:
    """Return all that is known of a dead letter of the service `name`."""
    members = {
        "source": letter.source,
        "position": letter.position or "not said",
        "event": letter.event_id,
        "type": letter.type or "not said",
        "dataschema": letter.dataschema or "not said",
        "subject": letter.aggregate_id or "not said",
        "received": f"{letter.received_at:%Y-%m-%d %H:%M:%S} UTC",
        "reason": letter.reason,
        "detail": letter.detail,
    }
    lines = [f"dead letter {letter.id} of {name}"]
    lines += [f"  {key:<10}  {printable(str(value))}" for key, value in members.items()]
    todo = _ADVICE.get(letter.reason, _FAILED).format(name=name, source=letter.source)
    return "\n".join(
        [
            *lines,
            "",
            *_content(letter, injector),
            "",
            f"What to do: {todo}",
            f"  ./invoke dead-letters.replay {name} {letter.id}",
            f"  ./invoke dead-letters.drop {name} {letter.id}",
        ]
    )


def _content(letter: DeadLetterRow, injector: Injector) -> Iterator[str]:
    """Yield the datum as JSON where the service can read it, else its bytes."""
    message = message_of(letter)
    hears = [each for each in injector.get(Events).hears if each.source == letter.source]
    effects = Effects(injector, hears)
    if effects.hear(message):
        try:
            document = json.loads(effects.decode(message).to_json())
        except (WireError, ServiceError):
            pass
        else:
            text = json.dumps(document, ensure_ascii=False, indent=2)
            yield from map(printable, text.split("\n"))
            return
    yield f"{len(letter.data)} bytes, which cannot be read:"
    yield from _dump(letter.data)


def _dump(data: bytes) -> Iterator[str]:
    shown = data[:_MOST_BYTES]
    for start in range(0, len(shown), _HEX_BYTES):
        row = shown[start : start + _HEX_BYTES]
        text = _UNSHOWN.sub(".", row.decode("latin-1"))
        yield f"  {start:06x}  {row.hex(' '):<{_HEX_BYTES * 3}} {text}"
    if len(data) > _MOST_BYTES:
        yield f"  and {len(data) - _MOST_BYTES} more"
