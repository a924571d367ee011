"""Where a follower reads the events of another service: its feed, over HTTP."""

import time
from http import HTTPStatus
from operator import ge

import httpx2

from registry import wire
from registry.errors import WireError
from registry.limits import LIMITS
from registry.records.events.page.v1 import Event, Page
from services.chassis.auth.errors import TokenUnavailable
from services.chassis.auth.service_token import ServiceToken
from services.chassis.correlation import outgoing_headers
from services.chassis.events.hearing.source import Batch, Message, SourceAway
from services.chassis.media_types import AVRO
from services.chassis.schemas import tree

_SCOPE = "events:read"
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_PAGE_EVENTS = 500
_GRACE_SECONDS = 5.0
# Of a page that has begun to come.
_PAGE_SECONDS = 60


class FeedSource:
    """The feed of the service at `url`, read with a token for the scope `events:read`."""

    def __init__(
        self, url: str, token: ServiceToken, transport: httpx2.BaseTransport | None = None
    ) -> None:
        self.name = url
        self._token = token
        # Services call each other directly: a proxy of the environment is not for them.
        self._client = httpx2.Client(base_url=url, transport=transport, trust_env=False)

    def open(self) -> None:
        """Do nothing: a feed keeps what is told."""

    def read(self, after: int, wait: float) -> Batch:
        """Return the events after a position; wait `wait` seconds at most for the first.

        Raises SourceAway where the service does not answer, or not with a page of what comes next.
        """
        page = self._page(after, wait)
        places = [after, *(each.position for each in page.events)]
        if page.position != places[-1] or any(map(ge, places, places[1:])):
            raise SourceAway(f"it answers with a page that does not follow event {after}")
        messages = [_message(each, page) for each in page.events]
        return Batch(messages, page.feed, after, page.position)

    def settle(self, batch: Batch) -> None:
        """Do nothing: the next read says how far this service is."""

    def _page(self, after: int, wait: float) -> Page:
        try:
            answer, body = self._answer(after, wait)
            if answer.status_code in _REFUSED:
                # The token may have been withdrawn, or its scopes given since.
                self._token.forget()
                answer, body = self._answer(after, wait)
            if answer.status_code in _REFUSED:
                raise SourceAway(_refusal(answer))
            answer.raise_for_status()
            return wire.decode(body, Page, schemas=tree())
        except (httpx2.HTTPError, TokenUnavailable, WireError) as error:
            raise SourceAway(str(error)) from error

    def _answer(self, after: int, wait: float) -> tuple[httpx2.Response, bytes]:
        token = self._token.token(_SCOPE)
        authorization = {} if token is None else {"Authorization": f"Bearer {token}"}
        with self._client.stream(
            "GET",
            "/v1/events",
            params={"after": after, "limit": _PAGE_EVENTS, "wait": wait},
            headers={"Accept": AVRO, **authorization, **outgoing_headers()},
            timeout=wait + _GRACE_SECONDS,
        ) as answer:
            return answer, _body(answer)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


def _body(answer: httpx2.Response) -> bytes:
    body, end = bytearray(), time.monotonic() + _PAGE_SECONDS
    for part in answer.iter_bytes():
        body += part
        if len(body) > LIMITS.datum_bytes:
            raise SourceAway(f"it answers with more than {LIMITS.datum_bytes} bytes")
        if time.monotonic() > end:
            raise SourceAway(f"its answer takes more than {_PAGE_SECONDS} seconds")
    return bytes(body)


def _message(event: Event, page: Page) -> Message:
    return Message(
        event_id=event.id,
        type=event.type,
        dataschema=event.dataschema,
        aggregate_id=event.aggregate_id,
        position=event.position,
        feed=page.feed,
        data=event.data,
    )


def _refusal(answer: httpx2.Response) -> str:
    why = answer.headers.get("WWW-Authenticate", "no reason")
    return f"it refuses this service's token with {answer.status_code}, {why}"
