"""How fast events are: told, heard, from a commit to its effect, and what one costs a request."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack

from tests.benchmarks.events import appending, hearing, journey, telling
from tests.benchmarks.events.broker import virtual_host
from tests.benchmarks.events.missing import Missing, say
from tests.benchmarks.events.stores import stores
from tests.benchmarks.table import Row


def measure() -> Iterator[Row]:
    """Yield all rows; without a broker those of the feed, and of a request."""
    with ExitStack() as ending:
        logging.disable(logging.WARNING)
        ending.callback(logging.disable, logging.NOTSET)
        url: str | None = None
        try:
            url = ending.enter_context(virtual_host())
        except Missing as reason:
            say(f"what goes by RabbitMQ: {reason}")
        found = ending.enter_context(stores())
        if url is not None:
            yield from telling.measure(url, found)
            yield from hearing.measure(url, found)
        yield from journey.measure(url, found)
        yield from appending.measure(found)
