"""WSGI under ASGI: the environment is that of other adapters, and a request is one thread's."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import pytest
from a2wsgi.wsgi import build_environ
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect
from starlette.types import Message, Scope

from services.chassis.wsgi import Environ, ThreadedWSGI, environ_of

SCOPE: Scope = {
    "type": "http",
    "http_version": "1.1",
    "method": "POST",
    "scheme": "http",
    "path": "/v1/rooms",
    "query_string": b"limit=1",
    "headers": [],
    "server": ("127.0.0.1", 9091),
    "client": ("127.0.0.1", 40000),
}
NAMES = st.sampled_from(
    [
        b"accept",
        b"content-length",
        b"content-type",
        b"host",
        b"x-a",
        b"x_a",
        b"cookie",
        b"x-forwarded-for",
    ]
)
TEXT = st.characters(codec="utf-8", categories=("L", "N", "P"))
SCOPES = st.fixed_dictionaries(
    {
        "http_version": st.sampled_from(["1.0", "1.1", "2"]),
        "method": st.sampled_from(["GET", "POST", "PATCH", "DELETE"]),
        "scheme": st.sampled_from(["http", "https"]),
        "root_path": st.sampled_from(["", "/base"]),
        "path": st.text(TEXT, max_size=8).map("/base/".__add__),
        "query_string": st.binary(max_size=8),
        "headers": st.lists(st.tuples(NAMES, st.binary(max_size=8)), max_size=6),
        "server": st.sampled_from([None, ("127.0.0.1", 80), ("/run/socket", None)]),
        "client": st.sampled_from([None, ("127.0.0.1", 1)]),
    }
)
# What the other adapter says otherwise, or not at all.
REASONS = {
    "wsgi.input": "the body is there already, in a file of its own",
    "wsgi.input_terminated": "so that Werkzeug reads a body without a length",
    "wsgi.errors": "what goes wrong is for stderr, not stdout",
    "CONTENT_LENGTH": "it is that of the body, whatever was announced",
    "HTTP_COOKIE": "several are joined by '; ' (RFC 9113, section 8.2.3), as no cookie has a comma",
    "HTTP_X_A": "x_a passes for no x-a",
}


@given(scope=SCOPES, body=st.binary(max_size=8))
def test_the_environment_is_that_of_another_adapter_but_for_what_has_a_reason(
    scope: Scope, body: bytes
) -> None:
    ours = environ_of(scope, body)
    # It fails for octets above 127 in a query.
    ascii_scope = {
        **scope,
        "query_string": scope["query_string"].decode("latin-1").encode("ascii", "ignore"),
    }
    theirs: dict[str, Any] = dict(build_environ(ascii_scope, None))  # type: ignore[arg-type]
    assert ours.pop("asgi.scope") is scope
    del theirs["asgi.scope"]
    assert ours.pop("QUERY_STRING").encode("latin-1") == scope["query_string"]
    del theirs["QUERY_STRING"]
    different = {key for key in ours | theirs if ours.get(key) != theirs.get(key)}
    assert different <= REASONS.keys()


@given(scope=SCOPES, body=st.binary(max_size=8))
def test_the_body_has_its_true_length_and_no_name_is_forged(scope: Scope, body: bytes) -> None:
    environ = environ_of(scope, body)
    assert environ["wsgi.input"].read() == body
    assert int(environ.get("CONTENT_LENGTH", 0)) == len(body)
    sent = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-a"]
    assert environ.get("HTTP_X_A") == (",".join(sent) if sent else None)


@pytest.mark.parametrize(
    ("root", "path", "script", "info"),
    [
        ("", "/é", "", "/Ã©"),
        ("/base", "/base/a", "/base", "/a"),
        ("/base", "/base", "/base", ""),
        ("/base", "/basement", "/base", "/basement"),
        ("/base", "/a", "/base", "/a"),
    ],
)
def test_the_path_is_parted_at_the_root(root: str, path: str, script: str, info: str) -> None:
    environ = environ_of({**SCOPE, "root_path": root, "path": path}, b"")
    assert (environ["SCRIPT_NAME"], environ["PATH_INFO"]) == (script, info)


def test_a_chunked_body_has_a_length_and_is_chunked_no_more() -> None:
    environ = environ_of({**SCOPE, "headers": [(b"transfer-encoding", b"chunked")]}, b"")
    assert environ["CONTENT_LENGTH"] == "0"
    assert "HTTP_TRANSFER_ENCODING" not in environ


def test_cookies_are_joined_as_cookies() -> None:
    headers = [(b"cookie", b"a=1"), (b"cookie", b"b=2")]
    assert environ_of({**SCOPE, "headers": headers}, b"")["HTTP_COOKIE"] == "a=1; b=2"


class Answer:
    """An iterable of WSGI that knows whether it was closed."""

    def __init__(self, *, fails: bool = False) -> None:
        self.closed = False
        self._fails = fails

    def __iter__(self) -> Iterator[bytes]:
        yield b"one"
        if self._fails:
            raise KeyError("inside")
        yield b"two"

    def close(self) -> None:
        self.closed = True


async def ask(app: Any, *bodies: bytes) -> list[Message]:
    waiting = [{"type": "http.request", "body": each, "more_body": True} for each in bodies]
    waiting.append({"type": "http.request"})
    sent: list[Message] = []

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    await ThreadedWSGI(app, threads=2)(SCOPE, receive, send)
    return sent


def test_an_answer_is_sent_whole_and_closed() -> None:
    answer = Answer()

    def app(environ: Environ, start: Callable[..., Any]) -> Answer:
        assert environ["wsgi.input"].read() == b"abcd"
        start("201 Created", [("X-A", "1"), ("Set-Cookie", "a"), ("Set-Cookie", "b")])(b"zero")
        return answer

    start, body = asyncio.run(ask(app, b"ab", b"cd"))
    assert (start["status"], body["body"]) == (201, b"zeroonetwo")
    assert start["headers"] == [(b"x-a", b"1"), (b"set-cookie", b"a"), (b"set-cookie", b"b")]
    assert answer.closed


def test_what_is_raised_inside_is_raised_outside_and_nothing_is_sent() -> None:
    answer = Answer(fails=True)

    def app(_environ: Environ, start: Callable[..., Any]) -> Answer:
        start("200 OK", [])
        return answer

    with pytest.raises(KeyError, match="inside"):
        asyncio.run(ask(app))
    assert answer.closed


def test_a_second_start_after_an_error_counts() -> None:
    def app(_environ: Environ, start: Callable[..., Any]) -> list[bytes]:
        start("200 OK", [])
        start("500 Internal Server Error", [], (KeyError, KeyError(), None))
        return [b"failed"]

    start, body = asyncio.run(ask(app))
    assert (start["status"], body["body"]) == (500, b"failed")


def test_a_context_variable_is_seen_in_the_thread() -> None:
    request_id: ContextVar[str] = ContextVar("request_id")
    seen: list[str] = []

    def app(_environ: Environ, start: Callable[..., Any]) -> list[bytes]:
        seen.append(request_id.get())
        assert threading.current_thread() is not threading.main_thread()
        start("204 No Content", [])
        return []

    async def main() -> None:
        request_id.set("a")
        await ask(app)

    asyncio.run(main())
    assert seen == ["a"]


def test_a_request_that_is_cancelled_leaves_its_thread_to_end_what_it_has_begun() -> None:
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def app(_environ: Environ, start: Callable[..., Any]) -> list[bytes]:
        begun.set()
        assert go_on.wait(10)
        start("200 OK", [])
        ended.set()
        return []

    async def main() -> None:
        request = asyncio.create_task(ask(app))
        await asyncio.to_thread(begun.wait, 10)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        go_on.set()
        assert await asyncio.to_thread(ended.wait, 10)

    asyncio.run(main())


def test_a_client_that_goes_amid_its_body_calls_nothing() -> None:
    messages: list[Message] = [
        {"type": "http.request", "body": b"a", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return messages.pop(0)

    async def send(_message: Message) -> None:
        pytest.fail("sent to nobody")

    def app(_environ: Environ, _start: Callable[..., Any]) -> list[bytes]:
        pytest.fail("was called")

    with pytest.raises(ClientDisconnect):
        asyncio.run(ThreadedWSGI(app, threads=1)(SCOPE, receive, send))
