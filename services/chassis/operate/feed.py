"""The feed of a service as people read it: JSON, with each datum decoded by the service itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeAlias

import httpx2

from services.chassis.auth.errors import TokenUnavailable
from services.chassis.auth.service_token import ServiceToken
from services.chassis.media_types import JSON

Event: TypeAlias = Mapping[str, Any]

SCOPE = "events:read"
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_GRACE_SECONDS = 5.0


class FeedAway(Exception):
    """Nothing at the URL gives a page of events now; the message says why."""


class FeedRefused(Exception):
    """The service does not let the caller read its feed; the message says why."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a service tells after some position; `position` is the one to ask after next."""

    feed: str
    events: Sequence[Event]
    position: int


class ReadableFeed:
    """The feed of the service at `url`."""

    def __init__(
        self, url: str, token: ServiceToken, transport: httpx2.BaseTransport | None = None
    ) -> None:
        self.url = url
        self._token = token
        # A proxy of the environment is not for services.
        self._client = httpx2.Client(base_url=url, transport=transport, trust_env=False)

    def read(self, after: int, limit: int = 100, wait: float = 0) -> Page:
        """Return the events after a position; wait `wait` seconds at most for the first.

        Raises FeedAway and FeedRefused.
        """
        try:
            answer = self._answer(after, limit, wait)
            if answer.status_code in _REFUSED:
                self._token.forget()
                answer = self._answer(after, limit, wait)
            if answer.status_code in _REFUSED:
                why = answer.headers.get("WWW-Authenticate", "no reason")
                raise FeedRefused(f"{answer.status_code}, {why}")
            answer.raise_for_status()
            return _page(answer.json())
        except (httpx2.HTTPError, TokenUnavailable, ValueError) as error:
            raise FeedAway(str(error)) from error

    def head(self) -> int:
        """Return the position of the last event, 0 where there is none; positions have holes.

        The feed does not say it, so it is looked for in steps that double, then halve. Raises what
        `read` raises.
        """
        last, step, is_growing = 0, 1, True
        while step:
            found = self.read(last + step - 1, limit=1).events
            if found:
                last = found[0]["position"]
            is_growing = is_growing and bool(found)
            step = step * 2 if is_growing else step // 2
        return last

    def _answer(self, after: int, limit: int, wait: float) -> httpx2.Response:
        token = self._token.token(SCOPE)
        authorization = {} if token is None else {"Authorization": f"Bearer {token}"}
        return self._client.get(
            "/v1/events",
            params={"after": after, "limit": limit, "wait": wait},
            headers={"Accept": JSON, **authorization},
            timeout=wait + _GRACE_SECONDS,
        )


def _page(document: Any) -> Page:
    """Return the page that a JSON document is. Raises ValueError."""
    match document:
        case {"feed": str(feed), "events": [*events], "position": int(position)}:
            if all(map(_is_event, events)):
                return Page(feed, events, position)
    raise ValueError("what answers there is no page of events")


def _is_event(event: object) -> bool:
    match event:
        case {
            "position": int(),
            "type": str(),
            "aggregate_id": str(),
            "occurred_at": str(),
            "data": dict() | None,
        }:
            return True
    return False
