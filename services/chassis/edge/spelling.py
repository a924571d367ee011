"""Gives each request the one spelling that the layers inside agree on."""

from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.edge.answers import Answer
from services.chassis.edge.bounds import replay

_ENCODED_SLASHES = (b"%2f", b"%5c")


class Spelling:
    """Wraps an ASGI application; its `receive` gives the whole body at once."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on. Raises HTTPException for what could be read in two ways."""
        _check_path(scope)
        body = (await receive())["body"]
        _check_body(Headers(scope=scope), body)
        await self._app(_inner(scope, body), replay(body, receive), _Redirects(scope, send).send)


class _Redirects:
    """Sends an answer on; the routers inside redirect to the other spelling of a slash."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._answer = Answer(send)

    async def send(self, message: Message) -> None:
        path = self._scope["path"]
        if message["type"] == "http.response.start":
            location = self._local(MutableHeaders(scope=message))
            if location and path.endswith("/") and location.partition("?")[0] == path.rstrip("/"):
                detail = f"There is nothing here: leave out the slash after {path.rstrip('/')}."
                await self._answer.refuse(HTTPStatus.NOT_FOUND, detail)
        await self._answer.send(message)

    def _local(self, headers: MutableHeaders) -> str:
        """Return the Location, without the Host that the client claims."""
        host = Headers(scope=self._scope).get("host", "")
        location = headers.get("location", "")
        for base in (f"http://{host}/", f"https://{host}/"):
            if host and location.startswith(base):
                headers["location"] = location = location[len(base) - 1 :]
        return location


def _check_path(scope: Scope) -> None:
    if "//" in scope["path"]:
        raise HTTPException(HTTPStatus.NOT_FOUND, "No path here has an empty segment.")
    if "\n" in scope["path"]:
        # It passes by the patterns of the outer router, and would reach the inner one unchecked.
        raise HTTPException(HTTPStatus.NOT_FOUND, "No path here has a line break.")
    if any(each in scope["raw_path"].lower() for each in _ENCODED_SLASHES):
        # Decoded, it would lead to another resource than the one that was asked for.
        raise HTTPException(HTTPStatus.NOT_FOUND, "No path here has an encoded slash.")


def _check_body(headers: Headers, body: bytes) -> None:
    if body and len(headers.getlist("content-type")) != 1:
        message = "A body needs one Content-Type, such as application/json."
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, message)
    if body and headers.get("content-encoding", "identity").lower() != "identity":
        message = "The body has a Content-Encoding: send it as it is."
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, message)


def _inner(scope: Scope, body: bytes) -> Scope:
    """Return the request as the layers inside understand it."""
    inner = {
        **scope,
        # They check the body of the answer to GET, which the server leaves out of that to HEAD.
        "method": "GET" if scope["method"] == "HEAD" else scope["method"],
        "headers": list(scope["headers"]),
    }
    headers = MutableHeaders(scope=inner)
    if body or "transfer-encoding" in headers:
        del headers["transfer-encoding"]
        headers["content-length"] = str(len(body))
    if "content-type" in headers:
        headers["content-type"] = _plain(headers["content-type"])
    return inner


def _plain(content_type: str) -> str:
    """Spell a media type as the contract does; those of JSON have no parameters (RFC 8259)."""
    media_type, separator, parameters = content_type.partition(";")
    media_type = media_type.strip().lower()
    return media_type if media_type.endswith("json") else media_type + separator + parameters
