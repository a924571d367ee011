"""How a service connects to Kafka: in order and to all replicas, whatever else is set."""

from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

_MILLISECONDS: Final = 1000
_CONNECT_SECONDS: Final = 5
_ANSWER_SECONDS: Final = 10
_NO_TOPIC_SECONDS: Final = 5

_USUAL: Final = {
    # Events may be larger than librdkafka thinks; the topic's max.message.bytes decides.
    "message.max.bytes": 16 << 20,
    "socket.connection.setup.timeout.ms": _CONNECT_SECONDS * _MILLISECONDS,
    "socket.timeout.ms": _ANSWER_SECONDS * _MILLISECONDS,
    "topic.metadata.propagation.max.ms": _NO_TOPIC_SECONDS * _MILLISECONDS,
}
_ALWAYS: Final = {
    "acks": "all",
    "enable.idempotence": True,
    # None is left out while those after it arrive: the producer fails for good instead, and another
    # begins from the cursor. Messages that expire are exempt from that, so none does.
    "enable.gapless.guarantee": True,
    "message.timeout.ms": 0,
    # An entity's partition is that of Kafka's own clients.
    "partitioner": "murmur2",
}


def settings_of(url: str, name: str) -> dict[str, Any]:
    """Return librdkafka's settings for a producer to the cluster at `url`.

    The query of the URL says more, such as `?security.protocol=SASL_SSL`, and wins over what is
    usual here, but not over what order and safety stand on. `name` is shown by the cluster.
    """
    said = dict(parse_qsl(urlsplit(url).query))
    return {"client.id": name, **_USUAL, **said, **_ALWAYS, "bootstrap.servers": shown(url)}


def shown(url: str) -> str:
    """Return where the cluster is: its first brokers, with commas between."""
    return urlsplit(url).netloc
