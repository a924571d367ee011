"""Handlers that answer with what they were called with."""

from typing import Any
from uuid import UUID

from flask import Response, request
from injector import Inject

from services.chassis.errors import NoSuchEntity
from services.chassis.settings import Settings


def echo(**arguments: Any) -> dict[str, Any]:
    return {"arguments": arguments, "endpoint": request.endpoint, "path": request.path}


def search(  # noqa: PLR0913, PLR0917 as many as the contract has
    settings: Inject[Settings],
    text: str | None = None,
    whole: int = 0,
    number: float = 0,
    flag: bool | None = None,  # noqa: FBT001
    kind: str | None = None,
    many: list[int] | None = None,
    moment: str | None = None,
) -> dict[str, Any]:
    given = {"text": text, "whole": whole, "number": number, "flag": flag, "kind": kind}
    return echo(**given, many=many, moment=moment, service=settings.name)


def post(body: Any) -> tuple[dict[str, Any], int, dict[str, str]]:
    return echo(body=body), 201, {}


def get(name: str, needed: str) -> dict[str, Any]:
    if needed == "nothing":
        raise NoSuchEntity("echo", UUID(name))
    return echo(name=name, needed=needed)


def put(name: str, body: Any = None) -> dict[str, Any]:
    return echo(name=name, body=body)


def delete(name: str) -> Response:
    assert name
    gone = Response(status=204)
    del gone.headers["Content-Type"]
    return gone


def fail(name: str) -> Any:
    if name == "raise":
        raise RuntimeError("a secret")
    return {"no": "arguments"} if name == "unfit" else echo(name=name)
