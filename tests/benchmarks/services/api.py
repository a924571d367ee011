"""The handlers of the services on Connexion, ours and the stock one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response
from injector import Inject

from tests.benchmarks.services.store import Store

JSON = "application/json"


def search(store: Inject[Store], limit: int = 20, cursor: str | None = None) -> Response:
    assert cursor is None
    return Response(b'{"rooms":[%b]}' % b",".join(store.search(limit)), content_type=JSON)


def get(room_id: str, store: Inject[Store]) -> Response:
    return Response(store.get(UUID(room_id)), content_type=JSON)


def post(body: Mapping[str, Any], store: Inject[Store]) -> Response:
    identity, room = store.add(body)
    headers = {"Location": f"/v1/rooms/{identity}"}
    return Response(room, 201, headers, content_type=JSON)
