"""A registry that speaks as much of Confluent's API as a reader asks for, over real HTTP."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import unquote

from registry import SchemaTree, SchemaVersion
from registry.errors import NoSuchSubject, NoSuchVersion

_JSON = "application/vnd.schemaregistry.v1+json"


@dataclass(frozen=True, slots=True)
class Instead:
    """What is answered instead, whatever is asked for."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class StandInRegistry:
    """Serves a tree at `url`, and does as it is told: `instead`, `lies`, or hangs while `hangs`."""

    def __init__(self, tree: SchemaTree) -> None:
        self.tree = tree
        self.asked: list[str] = []
        self.authorizations: list[str | None] = []
        self.instead: Instead | None = None
        self.lies: dict[str, str] = {}
        self.hangs = False
        self.released = Event()
        self.port = 0
        self._server: ThreadingHTTPServer | None = None
        self._thread: Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def appears(self) -> None:
        """Listen, at the port of before."""
        self._server = _Server(("127.0.0.1", self.port), _handler(self))
        self.port = self._server.server_port
        self._thread = Thread(target=self._server.serve_forever, args=[0.01])
        self._thread.start()

    def goes(self) -> None:
        """Refuse connections."""
        if self._server and self._thread:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = None

    def answer(self, path: str) -> tuple[int, dict[str, object]]:
        """Return status and body of `/subjects/{subject}/versions/{version}`."""
        _, subjects, subject, versions, number = map(unquote, path.split("/"))
        assert (subjects, versions) == ("subjects", "versions")
        name = self.lies.get(f"{subject}/{number}", f"{subject}/{number}")
        try:
            return 200, _shown(self.tree.version(name))
        except NoSuchSubject:
            return 404, {"error_code": 40401, "message": f"Subject '{subject}' not found."}
        except NoSuchVersion:
            return 404, {"error_code": 40402, "message": f"Version {number} not found."}


class _Server(ThreadingHTTPServer):
    allow_reuse_address = True


def _shown(version: SchemaVersion) -> dict[str, object]:
    text = json.loads(version.text)
    text.pop("references", None)  # in this API it stands beside the text
    pins = [{"name": name, "subject": name, "version": at} for name, at in version.references]
    shown = {"subject": version.subject, "version": version.number, "id": version.id}
    return {**shown, "schema": json.dumps(text), **({"references": pins} if pins else {})}


def _handler(registry: StandInRegistry) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            registry.asked.append(self.path)
            registry.authorizations.append(self.headers["authorization"])
            if registry.hangs:
                registry.released.wait(30)
                return
            instead = registry.instead
            if instead is None:
                status, body = registry.answer(self.path)
                instead = Instead(status, json.dumps(body).encode(), {"Content-Type": _JSON})
            self.send_response(instead.status)
            for name, value in instead.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(instead.body)))
            self.end_headers()
            with suppress(OSError):  # the reader has had enough
                self.wfile.write(instead.body)

        def log_message(self, *_words: object) -> None:
            """Say nothing: a test looks at `asked`."""

    return Handler


@contextmanager
def standing_in(tree: SchemaTree) -> Iterator[StandInRegistry]:
    """Serve a tree until the block ends."""
    registry = StandInRegistry(tree)
    registry.appears()
    try:
        yield registry
    finally:
        registry.released.set()
        registry.goes()
