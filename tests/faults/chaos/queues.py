"""What the harness does at the broker besides sending: looks into queues, and removes one."""

import pika
from pika.exceptions import ChannelClosedByBroker

_QUIET_SECONDS = 1.0
_NOT_FOUND = 404


def delete_queue(url: str, queue: str) -> None:
    """Remove a queue with all that is in it, if it is there."""
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        connection.channel().queue_delete(queue)


def taken(url: str, queue: str) -> int:
    """Take what is in a queue, to the last; return how many there were, 0 if it is not there.

    The count that the broker itself gives may be late.
    """
    found = 0
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        try:
            for method, _, _ in channel.consume(
                queue, auto_ack=True, inactivity_timeout=_QUIET_SECONDS
            ):
                if method is None:
                    break
                found += 1
        except ChannelClosedByBroker as error:
            if error.reply_code != _NOT_FOUND:
                raise
    return found
