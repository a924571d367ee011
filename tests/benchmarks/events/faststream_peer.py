"""FastStream with confirms, which it waits for one by one, or together where tasks are gathered."""

import asyncio
from collections.abc import Sequence

from faststream.rabbit import ExchangeType, RabbitBroker, RabbitExchange

from services.chassis.events.rabbit.message import properties_of
from services.chassis.events.rabbit.topology import EXCHANGE
from services.chassis.events.telling.sink import Outgoing
from tests.benchmarks.events import raw

_EXCHANGE = RabbitExchange(EXCHANGE, type=ExchangeType.TOPIC, durable=True)


class FastStreamPublisher:
    """A broker of FastStream, whose tasks for a batch are gathered, the fastest that it offers."""

    def __init__(self, url: str) -> None:
        self._runner = asyncio.Runner()
        self._broker = RabbitBroker(url, logger=None, app_id=raw.SERVICE)
        self._runner.run(self._broker.start())

    def publish(self, events: Sequence[Outgoing]) -> None:
        """Return once the broker has confirmed all events."""
        self._runner.run(self._all(events))

    def close(self) -> None:
        """Leave the broker."""
        self._runner.run(self._broker.stop())
        self._runner.close()

    async def _all(self, events: Sequence[Outgoing]) -> None:
        await asyncio.gather(*map(self._one, events))

    async def _one(self, event: Outgoing) -> None:
        said = properties_of(event, raw.SERVICE)
        await self._broker.publish(
            event.data,
            exchange=_EXCHANGE,
            routing_key=event.type,
            mandatory=True,
            persist=True,
            content_type=said.content_type,
            message_id=said.message_id,
            message_type=said.type,
            timestamp=said.timestamp,
            headers=said.headers,
        )
