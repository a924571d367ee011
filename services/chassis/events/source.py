"""Where a follower reads the events of another service: its feed, over HTTP."""

from http import HTTPStatus

import httpx2

from registry import wire
from registry.errors import WireError
from registry.records.events.page.v1 import Page
from services.chassis.auth.errors import TokenUnavailable
from services.chassis.auth.service_token import ServiceToken
from services.chassis.correlation import outgoing_headers
from services.chassis.media_types import AVRO
from services.chassis.schemas import tree

_SCOPE = "events:read"
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_PAGE_EVENTS = 500
_GRACE_SECONDS = 5.0


class SourceAway(Exception):
    """The other service gives no events now; the message says why."""


class FeedSource:
    """The feed of the service at `url`, read with a token for the scope `events:read`."""

    def __init__(
        self, url: str, token: ServiceToken, transport: httpx2.BaseTransport | None = None
    ) -> None:
        self.url = url
        self._token = token
        # Services call each other directly: a proxy of the environment is not for them.
        self._client = httpx2.Client(base_url=url, transport=transport, trust_env=False)

    def read(self, after: int, wait: float) -> Page:
        """Return the events after a position; wait `wait` seconds at most for the first.

        Raises SourceAway where the service does not answer, or not with a page of events.
        """
        try:
            answer = self._answer(after, wait)
            if answer.status_code in _REFUSED:
                # The token may have been withdrawn, or its scopes given since.
                self._token.forget()
                answer = self._answer(after, wait)
            if answer.status_code in _REFUSED:
                raise SourceAway(_refusal(answer))
            answer.raise_for_status()
            return wire.decode(answer.content, Page, schemas=tree())
        except (httpx2.HTTPError, TokenUnavailable, WireError) as error:
            raise SourceAway(str(error)) from error

    def _answer(self, after: int, wait: float) -> httpx2.Response:
        token = self._token.token(_SCOPE)
        authorization = {} if token is None else {"Authorization": f"Bearer {token}"}
        return self._client.get(
            "/v1/events",
            params={"after": after, "limit": _PAGE_EVENTS, "wait": wait},
            headers={"Accept": AVRO, **authorization, **outgoing_headers()},
            timeout=wait + _GRACE_SECONDS,
        )

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


def _refusal(answer: httpx2.Response) -> str:
    why = answer.headers.get("WWW-Authenticate", "no reason")
    return f"it refuses this service's token with {answer.status_code}, {why}"
