"""Compresses answers; a compressed one is another representation, with an ETag of its own."""

import re
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SMALLEST: Final = 1000
_LEVEL: Final = 5
_SUFFIX: Final = '-gzip"'
_CONDITIONS: Final = ("if-match", "if-none-match")
# RFC 9110, section 12.5.3: a weight of zero refuses a coding.
_REFUSED: Final = re.compile(r"gzip\s*;\s*q\s*=\s*0(\.0*)?\s*(,|$)", re.IGNORECASE)


class Compression:
    """Wraps an ASGI application, which sees and sets ETags as if nothing were compressed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = GZipMiddleware(app, minimum_size=_SMALLEST, compresslevel=_LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        inner = {**scope, "headers": list(scope["headers"])}
        is_known = _read_tags(MutableHeaders(scope=inner))

        async def send_tagged(message: Message) -> None:
            if message["type"] == "http.response.start":
                _write_tag(message, is_known=is_known)
            await send(message)

        await self._app(inner, receive, send_tagged)


def _read_tags(headers: MutableHeaders) -> bool:
    """Take our suffix off the ETags of the conditions; return whether one had it."""
    found = False
    for name in _CONDITIONS:
        if _SUFFIX in headers.get(name, ""):
            headers[name] = headers[name].replace(_SUFFIX, '"')
            found = True
    if _REFUSED.search(headers.get("accept-encoding", "")):
        headers["accept-encoding"] = "identity"
    return found


def _write_tag(message: Message, *, is_known: bool) -> None:
    """Mark the ETag of what is compressed here, or was when the client got it (304)."""
    headers = MutableHeaders(scope=message)
    is_unchanged = message["status"] == 304  # noqa: PLR2004 its name is longer than its number
    if is_unchanged:
        headers.add_vary_header("Accept-Encoding")
    tag = headers.get("etag", "")
    is_compressed = headers.get("content-encoding") == "gzip" or (is_unchanged and is_known)
    if is_compressed and tag.endswith('"'):
        headers["etag"] = tag[:-1] + _SUFFIX
