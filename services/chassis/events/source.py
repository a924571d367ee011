"""Where a follower reads the events of another service: its feed, over HTTP."""

import httpx2

from registry import wire
from registry.errors import WireError
from registry.records.events.page.v1 import Page
from services.chassis.schemas import tree

MEDIA_TYPE = "application/vnd.apache.avro"
_PAGE_EVENTS = 500
_GRACE_SECONDS = 5.0


class SourceAway(Exception):
    """The other service gives no events now; the message says why."""


class FeedSource:
    """The feed of the service at `url`."""

    def __init__(self, url: str, transport: httpx2.BaseTransport | None = None) -> None:
        self.url = url
        # Services call each other directly: a proxy of the environment is not for them.
        self._client = httpx2.Client(base_url=url, transport=transport, trust_env=False)

    def read(self, after: int, wait: float) -> Page:
        """Return the events after a position; wait `wait` seconds at most for the first.

        Raises SourceAway where the service does not answer, or not with a page of events.
        """
        query = {"after": after, "limit": _PAGE_EVENTS, "wait": wait}
        try:
            answer = self._client.get(
                "/v1/events",
                params=query,
                headers={"Accept": MEDIA_TYPE},
                timeout=wait + _GRACE_SECONDS,
            )
            answer.raise_for_status()
            return wire.decode(answer.content, Page, schemas=tree())
        except (httpx2.HTTPError, WireError) as error:
            raise SourceAway(str(error)) from error

    def close(self) -> None:
        """Close the connection."""
        self._client.close()
