"""Asks ASGI applications without a server: what is asked, and what is answered."""

from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import unquote_to_bytes

import orjson
from starlette.types import Message, Scope

Headers = tuple[tuple[str, str], ...]
IDENTITY = "018f0000-0000-7000-8000-000000000000"
TEXTS = ["", "a", "abcde", "abcdef", "é", "null", "1", "%00", "a%20b", "%C3%A9", "%FF", "a+b", "😀"]
NUMBERS = ["0", "5", "-1", "+5", "05", "1.0", "1e2", "1_0", "x", "", "nan", "1e999", "2147483648"]
FLAGS = ["true", "false", "True", "1", "null", ""]
MOMENTS = ["2026-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01", "2026-01-01T00:00:60Z"]
VALUES: dict[str, list[str]] = {
    "text": TEXTS,
    "whole": NUMBERS,
    "number": NUMBERS,
    "flag": FLAGS,
    "kind": ["A", "B", "C", "null", ""],
    "many": ["1", "1,2", "1,x", ""],
    "moment": MOMENTS,
    "other": ["1"],
    "text[a]": ["1"],
}
NAMES = [
    IDENTITY,
    IDENTITY.upper(),
    "name",
    "a%2Fb",
    "a%20b",
    "%C3%A9",
    "too-long-a-name-it-is",
    "1",
]
TYPES = [
    "application/json", "application/json; charset=utf-8", "APPLICATION/JSON", "text/plain",
    "application/xml", "application/merge-patch+json", "json", None,
]  # fmt: skip
RAW = [
    b"", b"{", b"null", b"[]", b"NaN", b'{"value": NaN}', b'{"value": 1e999}', b"\xff", b"[" * 5000,
    b'{"value": 1, "value": 2}', b'{"value": 1.0}', b'{"value": -99999999999999999999999}',
    b'{"value": 1, "ratio": 12345678901234567890}', b'{"value": 1, "name": "\\ud800"}',
    b'{"value": 1, "name": "\\ud83c\\udfe0"}', b'\xef\xbb\xbf{"value": 1}', b' {"value": 1} ',
    b'{"value": 1, "either": null}', b'{"value": 1, "name": null}', b"1" * 5000,
    b'{"next":' * 70 + b"1" + b"}" * 70,
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A request."""

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""

    @property
    def scope(self) -> Scope:
        raw = self.path.encode()
        headers = [(b"host", b"localhost")]
        headers += [(name.encode(), value.encode()) for name, value in self.headers]
        if self.body:
            headers.append((b"content-length", str(len(self.body)).encode()))
        return {
            "type": "http",
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": _decoded(raw),
            "raw_path": raw,
            "query_string": self.query.encode(),
            "root_path": "",
            "headers": headers,
            "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 40000),
            "extensions": {},
            "state": {},
        }


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, and what the layers have noted in the scope."""

    status: int
    media_type: str
    body: bytes
    noted: dict[str, Any] = field(compare=False, default_factory=dict)


async def ask(app: Any, asked: Asked) -> Answered:
    scope = asked.scope
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": asked.body, "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, send)
    start, *parts = messages
    media_type = dict(start["headers"]).get(b"content-type", b"").decode()
    body = b"".join(part["body"] for part in parts)
    return Answered(start["status"], media_type, body, scope["extensions"])


def some(random: Random) -> Asked:
    """Return a request, of which about half are as the contract wants them."""
    return random.choice([_search, _search, _post, _post, _get, _put, _delete, _fail, _odd])(random)


def _search(random: Random) -> Asked:
    method = random.choice(["GET", "GET", "GET", "GET", "HEAD"])
    word = random.choice([(), (), (("x-word", "abc"),), (("x-word", "ABC"),)])
    return Asked(method, "/v1/echoes", _query(random), (*_accept(random), *word))


def _post(random: Random) -> Asked:
    headers = _accept(random) + _type(random)
    return Asked("POST", "/v1/echoes", "", headers, _body(random))


def _get(random: Random) -> Asked:
    query = random.choice(["needed=a", "needed=", "needed=nothing", "", "needed=a&needed=b"])
    return Asked("GET", f"/v1/echoes/{random.choice(NAMES)}", query, _accept(random))


def _put(random: Random) -> Asked:
    path = f"/v1/echoes/{random.choice(NAMES)}"
    return Asked("PUT", path, "", _accept(random) + _type(random), _body(random))


def _delete(random: Random) -> Asked:
    return Asked("DELETE", f"/v1/echoes/{random.choice(NAMES)}", random.choice(["", "", "a=1"]))


def _fail(random: Random) -> Asked:
    return Asked("GET", f"/v1/echoes/{random.choice(['raise', 'unfit', 'well'])}/fail")


def _odd(random: Random) -> Asked:
    method = random.choice(["GET", "POST", "PATCH", "OPTIONS", "DELETE", "TRACE"])
    paths = ["/", "/v1", "/nothing", "/v1/echoes/", "/v1/echoes", "/v1/ECHOES", "/v1/echoes/a/b"]
    return Asked(method, random.choice(paths), "", _accept(random))


def _accept(random: Random) -> Headers:
    types = [*["*/*", "application/json"] * 4, "text/html", "application/vnd.apache.avro"]
    return (("accept", random.choice(types)),)


def _query(random: Random) -> str:
    names = random.choices(list(VALUES), k=random.choice([0, 1, 1, 2, 3]))
    return "&".join(f"{name}={random.choice(VALUES[name])}" for name in names)


def _type(random: Random) -> Headers:
    media_type = random.choice(TYPES) if random.random() < 0.3 else TYPES[0]
    return () if media_type is None else (("content-type", media_type),)


def _body(random: Random) -> bytes:
    return random.choice(RAW) if random.random() < 0.4 else orjson.dumps(_node(random, 3))


def _node(random: Random, depth: int) -> dict[str, Any]:
    members: dict[str, list[Any]] = {
        "ratio": [1, 0.5, "1"],
        "name": [None, "é", "too long"],
        "kind": ["A", "C"],
        "id": [IDENTITY, "x"],
        "either": ["a", 1, None],
        "other": [1],
    }
    chosen = random.sample(list(members), k=random.choice([0, 1, 2]))
    node = {name: random.choice(members[name][: 2 if name != "other" else 1]) for name in chosen}
    if random.random() < 0.9:
        node["value"] = random.choice([1, 9, 1, 9, 10, "1"])
    if depth and random.random() < 0.4:
        node["next"] = _node(random, depth - 1)
    if depth and random.random() < 0.3:
        node["nodes"] = [_node(random, depth - 1) for _ in range(random.choice([0, 1, 3]))]
    return node


def _decoded(raw: bytes) -> str:
    return unquote_to_bytes(raw).decode(errors="replace")
