"""The exchanges and queues of events in RabbitMQ: what a third party may count on.

Events go to one topic exchange, under their types. Each hearing service has a queue for each
service it hears, such as `items.rooms`, with one consumer at a time so that order holds. A message
whose delivery fails again and again, because each time its consumer dies, ends in the queue's own
dead queue.
"""

from collections.abc import Iterable
from typing import Final

from pika.adapters.blocking_connection import BlockingChannel, BlockingConnection
from pika.exceptions import ChannelClosedByBroker

EXCHANGE: Final = "events"
DEAD: Final = "events.dead"

# A death of the consumer counts for all messages it had been given: a small limit would take
# hundreds that nothing is wrong with.
_DELIVERIES: Final = 100
_NOT_FOUND: Final = 404


def queue_of(consumer: str, source: str) -> str:
    """Return the name of the queue in which a service finds what it hears of another."""
    return f"{consumer}.{source}"


def dead_queue_of(queue: str) -> str:
    """Return the name of the queue for messages of `queue` that could not be delivered."""
    return f"{queue}.dead"


def declare_exchange(channel: BlockingChannel) -> None:
    """Make the exchange of events, if it is missing. Raises pika's AMQPError."""
    channel.exchange_declare(EXCHANGE, "topic", durable=True)


def exists(connection: BlockingConnection, queue: str) -> bool:
    """Return whether there is such a queue. Raises pika's AMQPError."""
    channel = connection.channel()
    try:
        channel.queue_declare(queue, passive=True)
    except ChannelClosedByBroker as error:
        if error.reply_code != _NOT_FOUND:
            raise
        return False
    channel.close()
    return True


def declare_queue(channel: BlockingChannel, queue: str, types: Iterable[str]) -> None:
    """Make a queue for events of these types, with all it stands on, if it is missing.

    Raises pika's AMQPError.
    """
    dead = dead_queue_of(queue)
    declare_exchange(channel)
    channel.exchange_declare(DEAD, "direct", durable=True)
    channel.queue_declare(dead, durable=True, arguments={"x-queue-type": "quorum"})
    channel.queue_bind(dead, DEAD, queue)
    arguments = {
        "x-queue-type": "quorum",
        "x-single-active-consumer": True,
        "x-overflow": "reject-publish",  # dead-lettering at least once asks for it
        "x-dead-letter-exchange": DEAD,
        "x-dead-letter-routing-key": queue,
        "x-dead-letter-strategy": "at-least-once",
        "x-delivery-limit": _DELIVERIES,
    }
    channel.queue_declare(queue, durable=True, arguments=arguments)
    for each in types:
        channel.queue_bind(queue, EXCHANGE, each)
