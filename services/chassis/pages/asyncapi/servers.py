"""Where the messages of a service are to be had: its feed, and RabbitMQ where that is set."""

from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from services.chassis.contract import Document
from services.chassis.settings import Settings

RABBITMQ: Final = "rabbitmq"
FEED: Final = "feed"

_PORTS: Final = {"amqp": 5672, "amqps": 5671}

SECURITY_SCHEMES: Final[Document] = {
    "broker": {"type": "userPassword", "description": "A user of the broker who may read."},
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A token with the scope events:read; none is needed where reads are open.",
    },
}


def virtual_host(url: str) -> str:
    """Return the virtual host that a URL of a broker names."""
    return unquote(urlsplit(url).path[1:]) or "/"


def servers_of(settings: Settings) -> Document:
    """Return the servers. Neither user nor password of the broker is shown."""
    servers: dict[str, Any] = {FEED: _feed(settings)}
    if settings.events.rabbitmq_url:
        servers[RABBITMQ] = _rabbitmq(settings.events.rabbitmq_url)
    return servers


def _feed(settings: Settings) -> Document:
    return {
        "host": "{host}",
        "protocol": "http",
        "description": "The service itself, over HTTP. It works without a broker, and beside one.",
        "variables": {
            "host": {
                "default": f"127.0.0.1:{settings.port}",
                "description": "Where this document came from, with what stands before its path.",
            }
        },
        "security": [{"$ref": "#/components/securitySchemes/bearer"}],
    }


def _rabbitmq(url: str) -> Document:
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    return {
        "host": f"{host}:{parts.port or _PORTS[parts.scheme]}",
        "pathname": "/" + quote(virtual_host(url), safe=""),
        "protocol": parts.scheme,
        "protocolVersion": "0.9.1",
        "description": "RabbitMQ. The path is the virtual host.",
        "security": [{"$ref": "#/components/securitySchemes/broker"}],
    }
