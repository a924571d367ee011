"""The layers around everything, from the outside in.

Connexion's own run inside the parts that they wrap; what concerns every answer belongs out here.
"""

from collections.abc import Mapping

from connexion import FlaskApp
from connexion.middleware import MiddlewarePosition
from injector import Injector
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from services.chassis.correlation import REQUEST_ID, TRACEPARENT
from services.chassis.edge.compression import Compression
from services.chassis.edge.guard import Guard
from services.chassis.edge.headers import SafeHeaders
from services.chassis.edge.operations import Operations
from services.chassis.edge.spelling import Spelling
from services.chassis.observing.metrics import Metrics
from services.chassis.observing.requests import Observed
from services.chassis.observing.tracing import traced
from services.chassis.settings import ServingSettings, Settings

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_ASKED = (
    "Authorization",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    REQUEST_ID,
    TRACEPARENT,
)
_TOLD = ("ETag", "Idempotency-Replayed", "Link", "Location", "Retry-After", REQUEST_ID)


def add_edge(app: FlaskApp, injector: Injector, feed: str) -> None:
    """Put the layers around an app. `feed` is the path of the events."""
    outermost = MiddlewarePosition.BEFORE_EXCEPTION
    app.add_middleware(Edge, position=outermost, injector=injector, feed=feed)


class Edge:
    """Wraps an ASGI application in all the layers. `feed` is the path of the events."""

    def __init__(self, app: ASGIApp, injector: Injector, feed: str) -> None:
        settings = injector.get(Settings)
        self._app = app
        pages = injector.get(Operations).pages
        guarded = Guard(_Fork(pages, Spelling(app)), settings.serving, feed)
        safe = SafeHeaders(_with_cors(Compression(guarded), settings.serving), settings)
        observed = Observed(safe, injector.get(Metrics), quiet={feed, *pages})
        self._http = traced(observed, settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; what is not HTTP passes through."""
        await (self._http if scope["type"] == "http" else self._app)(scope, receive, send)


class _Fork:
    """Answers some paths by themselves, and leaves the others to the application."""

    def __init__(self, pages: Mapping[str, ASGIApp], others: ASGIApp) -> None:
        self._pages = pages
        self._others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._pages.get(scope["path"], self._others)(scope, receive, send)


def _with_cors(app: ASGIApp, serving: ServingSettings) -> ASGIApp:
    if not serving.cors_origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=serving.cors_origins,
        allow_methods=_METHODS,
        allow_headers=_ASKED,
        expose_headers=_TOLD,
    )
