"""The headers that keep browsers and caches from doing more with an answer than they should."""

from typing import Final

import httpx2
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.settings import Settings

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
_DATA_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
_PAGE_POLICY: Final = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src {connect}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_YEAR: Final = "max-age=31536000"


class SafeHeaders:
    """Wraps an ASGI application; what it sets itself stays."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._in_production = not settings.is_local
        # The Swagger page asks for tokens where the issuer is.
        found = (settings.auth.token_url, settings.auth.issuer)
        origins = dict.fromkeys(_origin(url) for url in found if url)
        self._page_policy = _PAGE_POLICY.format(connect=" ".join(["'self'", *origins]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        is_https = scope["scheme"] == "https"

        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(MutableHeaders(scope=message), is_https=is_https)
            await send(message)

        await self._app(scope, receive, send_safe)

    def _complete(self, headers: MutableHeaders, *, is_https: bool) -> None:
        for name, value in _ALWAYS.items():
            headers.setdefault(name, value)
        is_page = headers.get("content-type", "").startswith("text/html")
        policy = self._page_policy if is_page else _DATA_POLICY
        headers.setdefault("Content-Security-Policy", policy)
        # What has an ETag may be kept, if it is asked for again each time.
        headers.setdefault(
            "Cache-Control", "private, no-cache" if "etag" in headers else "no-store"
        )
        if self._in_production and is_https:
            headers.setdefault("Strict-Transport-Security", _YEAR)


def _origin(url: str) -> str:
    parsed = httpx2.URL(url)
    return f"{parsed.scheme}://{parsed.netloc.decode('ascii')}"
