"""The pages for those who operate a service: health and figures. No contract lists them."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final

from injector import inject
from prometheus_client import CONTENT_TYPE_LATEST
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from services.chassis.health import Health, report
from services.chassis.observing.events import EventFigures
from services.chassis.observing.metrics import Metrics
from services.chassis.observing.polled import Polled

_log = logging.getLogger(__name__)

_METHODS: Final = ("GET", "HEAD", "OPTIONS")
_ALLOW: Final = {"Allow": ", ".join(_METHODS)}
_SECONDS = 2.0
_FRESH_SECONDS = 1.0
_RETRY = {"Retry-After": "1"}


class Operations:
    """Answers `/health/live`, `/health/ready` and `/metrics`."""

    @inject
    def __init__(self, health: Health, metrics: Metrics, events: EventFigures) -> None:
        self._health = health
        self._metrics = metrics
        self._events = Polled(events.read, seconds=_SECONDS, fresh=_FRESH_SECONDS)
        self.pages: Mapping[str, ASGIApp] = {
            "/health/live": _Page(self._live),
            "/health/ready": _Page(self._ready),
            "/metrics": _Page(self._figures),
        }

    async def _live(self) -> Response:
        return JSONResponse({"status": "live"})

    async def _ready(self) -> Response:
        is_ready, document = report(await self._health.parts())
        if is_ready:
            return JSONResponse(document)
        return JSONResponse(document, HTTPStatus.SERVICE_UNAVAILABLE, _RETRY)

    async def _figures(self) -> Response:
        body = self._metrics.exposition(await self._event_figures())
        return Response(body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _event_figures(self) -> list[Metric]:
        """Return what the database tells, or only that it tells nothing."""
        figures: list[Metric] = []
        try:
            figures = await self._events.get()
        # Of a database that is away, the other figures tell the most.
        except Exception as error:  # noqa: BLE001
            _log.debug("The database gives no figures: %s.", type(error).__name__)
        name, documentation = "database_up", "Whether the database gave its figures."
        return [GaugeMetricFamily(name, documentation, float(bool(figures))), *figures]


class _Page:
    """Answers GET and HEAD with what a function makes."""

    def __init__(self, make: Callable[[], Awaitable[Response]]) -> None:
        self._make = make

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "OPTIONS":
            answer = Response(status_code=HTTPStatus.NO_CONTENT, headers=_ALLOW)
        elif scope["method"] not in _METHODS:
            raise HTTPException(HTTPStatus.METHOD_NOT_ALLOWED, headers=_ALLOW)
        else:
            answer = await self._make()
        await answer(scope, receive, send)
