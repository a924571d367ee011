"""An AsyncAPI 3.0 document, made of what a service declares and of the schemas."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from registry import SchemaVersion
from registry.record import Record
from registry.records.events.page.v1 import Page
from services.chassis.contract import Contract, Document, feed_path
from services.chassis.events.declaration import Events, Hears
from services.chassis.events.rabbit.topology import EXCHANGE, queue_of
from services.chassis.media_types import AVRO
from services.chassis.pages.asyncapi.messages import key_of, message_of, payload_of
from services.chassis.pages.asyncapi.servers import (
    FEED,
    RABBITMQ,
    SECURITY_SCHEMES,
    servers_of,
    virtual_host,
)
from services.chassis.schemas import tree
from services.chassis.settings import Settings

_FEED: Final = "feed"
_PAGE: Final = "page"
_HOW: Final = f"""

What happens is told in Avro, at least once, and of one entity in order. Whoever hears it remembers
the ids of events, and drops one that comes again.

With RabbitMQ: declare a durable queue, named `<who hears>.<who tells>`, bind it to the exchange
`{EXCHANGE}` once for each type as the routing key, and acknowledge a message when it has taken
effect. Without it, or to hear what was told before the queue was there: read the feed, page after
page, each after the `position` of the one before.

The header `dataschema` names the version that a datum is written in; each is a message here. Avro
resolves it to the version that a reader knows. A new version may come at any time; it is compatible
with those before as x-compatibility of its channel says (FULL: in both directions)."""


def asyncapi(contract: Contract, settings: Settings, events: Events) -> Document:
    """Return the document of a service, self-contained, as JSON's values."""
    info = contract.document["info"]
    told = {each.event.SUBJECT: _versions(each.event) for each in events.tells}
    heard = _heard(events.hears)
    messages = {key_of(each): message_of(each, settings.name) for each in _flat(told.values())}
    for source, subscriptions in heard.items():
        for each in _flat(_versions(one.event)[-1:] for one in subscriptions):
            messages.setdefault(key_of(each), message_of(each, source))
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": info["title"],
            "version": info["version"],
            "description": info.get("description", "") + _HOW,
        },
        "defaultContentType": AVRO,
        "servers": servers_of(settings),
        "channels": {
            **{name: _told(name, versions, settings) for name, versions in told.items()},
            **{
                queue_of(settings.name, source): _queue(source, subscriptions, settings)
                for source, subscriptions in heard.items()
            },
            _FEED: _feed(contract),
        },
        "operations": {
            **{f"tell.{name}": _telling(name, told[name]) for name in told},
            **{f"hear.{source}": _hearing(queue_of(settings.name, source)) for source in heard},
            "tell.feed": _serving(contract),
        },
        "components": {
            "messages": {**messages, _PAGE: _page()},
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def _versions(event: type[Record]) -> list[SchemaVersion]:
    """Return the versions of an event that may be told: up to that of today."""
    return [each for each in tree()[event.SUBJECT].versions if each.number <= event.VERSION]


def _flat(lists: Iterable[Sequence[SchemaVersion]]) -> list[SchemaVersion]:
    return [each for versions in lists for each in versions]


def _heard(hears: Iterable[Hears[Any]]) -> dict[str, list[Hears[Any]]]:
    """Return what is heard, by who tells it."""
    heard: dict[str, list[Hears[Any]]] = {}
    for each in hears:
        heard.setdefault(each.source, []).append(each)
    return heard


def _refers(versions: Iterable[SchemaVersion]) -> Document:
    keys = map(key_of, versions)
    return {key: {"$ref": f"#/components/messages/{key}"} for key in keys}


def _on_rabbitmq(settings: Settings) -> Document:
    """Return that a channel is RabbitMQ's, as far as there is one."""
    return {"servers": [{"$ref": f"#/servers/{RABBITMQ}"}]} if settings.events.rabbitmq_url else {}


def _virtual_host(settings: Settings) -> str:
    return virtual_host(settings.events.rabbitmq_url or "")


def _told(name: str, versions: Sequence[SchemaVersion], settings: Settings) -> Document:
    told = "" if settings.events.rabbitmq_url else " RabbitMQ is not set now."
    return {
        "address": name,
        "title": name,
        "summary": versions[-1].schema.doc or "",
        "description": (
            "The address is the routing key of RabbitMQ; in the feed, these are the events of "
            f"that type.{told}"
        ),
        "x-compatibility": tree()[name].config.compatibility.value,
        **_on_rabbitmq(settings),
        "messages": _refers(versions),
        "bindings": {
            "amqp": {
                "is": "routingKey",
                "exchange": {
                    "name": EXCHANGE,
                    "type": "topic",
                    "durable": True,
                    "autoDelete": False,
                    "vhost": _virtual_host(settings),
                },
                "bindingVersion": "0.3.0",
            }
        },
    }


def _queue(source: str, subscriptions: Sequence[Hears[Any]], settings: Settings) -> Document:
    known = [_versions(each.event)[-1] for each in subscriptions]
    types = ", ".join(each.subject for each in known)
    return {
        "address": queue_of(settings.name, source),
        "title": f"What this service hears of {source}",
        "description": (
            f"A quorum queue with one active consumer, bound to the exchange {EXCHANGE} with the "
            f"routing keys {types}. Messages of other versions come as well, and are read as the "
            f"version shown. Without a broker, the feed of {source} is read."
        ),
        **_on_rabbitmq(settings),
        "messages": _refers(known),
        "bindings": {
            "amqp": {
                "is": "queue",
                "queue": {
                    "name": queue_of(settings.name, source),
                    "durable": True,
                    "exclusive": False,
                    "autoDelete": False,
                    "vhost": _virtual_host(settings),
                },
                "bindingVersion": "0.3.0",
            }
        },
    }


def _feed(contract: Contract) -> Document:
    return {
        "address": feed_path(contract.document),
        "title": "The feed",
        "description": "All that this service tells, in the order of positions.",
        "servers": [{"$ref": f"#/servers/{FEED}"}],
        "messages": {_PAGE: {"$ref": f"#/components/messages/{_PAGE}"}},
    }


def _page() -> Document:
    (version,) = _versions(Page)[-1:]
    return {
        "name": str(version),
        "title": "A page of the feed",
        "summary": version.schema.doc or "",
        "description": (
            f"In single-object encoding: C3 01, the fingerprint {version.fingerprint.hex()}, the "
            "datum. The `data` of each event is the body of the message that its `dataschema` "
            f"names. Ask for it by Accept: {AVRO}; others get JSON."
        ),
        "contentType": AVRO,
        "payload": payload_of(version),
        "x-fingerprint": version.fingerprint.hex(),
    }


def _telling(name: str, versions: Sequence[SchemaVersion]) -> Document:
    channel = f"#/channels/{name}"
    return {
        "action": "send",
        "channel": {"$ref": channel},
        "summary": f"Tells {name}, in version {versions[-1].number} today.",
        "messages": [{"$ref": f"{channel}/messages/{key_of(each)}"} for each in versions],
        "bindings": {
            "amqp": {"deliveryMode": 2, "mandatory": True, "timestamp": True} | _BINDING_VERSION
        },
    }


def _hearing(queue: str) -> Document:
    return {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{queue}"},
        "summary": "Hears what another service tells; each event has its effect once.",
        "bindings": {"amqp": {"ack": True} | _BINDING_VERSION},
    }


def _serving(contract: Contract) -> Document:
    parameters = contract.document["paths"]["/events"]["get"]["parameters"]
    asked = {
        each["name"]: {**each["schema"], "description": each["description"]} for each in parameters
    }
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{_FEED}"},
        "summary": "Answers with the events after a position.",
        "bindings": {
            "http": {"method": "GET", "query": {"type": "object", "properties": asked}}
            | _BINDING_VERSION
        },
    }


_BINDING_VERSION: Final = {"bindingVersion": "0.3.0"}
