"""The same service on Litestar: msgspec checks what comes in, nobody what goes out."""

from asyncio import to_thread
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Litestar, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.benchmarks.services.fastapi_peer import Recurrency, Visibility
from tests.benchmarks.services.store import Store

JSON = "application/json"
Amount = Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]{1,10}(\.[0-9]{1,2})?$")]
Int32 = Annotated[int, msgspec.Meta(ge=-(2**31), lt=2**31)]


class Struct(msgspec.Struct, forbid_unknown_fields=True):
    pass


class Money(Struct):
    amount: Amount
    currency: str


class Area(Struct):
    city: str
    country: str
    district: str | None = None
    postal_code: str | None = None


class Coordinates(Struct):
    latitude: float
    longitude: float


class Image(Struct):
    url: str
    caption: str | None = None


class Body(Struct, kw_only=True):
    name: str
    description: str
    price: Money
    recurrency: Recurrency = Recurrency.MONTHLY
    provider: str
    url: str
    monthly_price: Money | None = None
    property_size: Int32 | None = None
    visibility: Visibility = Visibility.PUBLIC
    area: Area | None = None
    coordinates: Coordinates | None = None
    images: list[Image] = msgspec.field(default_factory=list)


def litestar_app(engine: Engine) -> Litestar:
    """Return the service; its handlers run in threads, as the database needs."""

    async def provide_store() -> AsyncIterator[Store]:
        with Session(engine, expire_on_commit=False) as session:
            yield Store(session)

    @get("/v1/rooms")
    async def search(
        store: NamedDependency[Store], limit: Annotated[int, QueryParameter(ge=1, le=100)] = 20
    ) -> Response[bytes]:
        rooms = b",".join(await to_thread(store.search, limit))
        return Response(b'{"rooms":[%b]}' % rooms, media_type=JSON)

    @get("/v1/rooms/{room_id:uuid}")
    async def get_one(room_id: FromPath[UUID], store: NamedDependency[Store]) -> Response[bytes]:
        return Response(await to_thread(store.get, room_id), media_type=JSON)

    @post("/v1/rooms")
    async def add(data: JSONBody[Body], store: NamedDependency[Store]) -> Response[bytes]:
        body: dict[str, Any] = msgspec.to_builtins(data)
        identity, room = await to_thread(store.add, body)
        headers = {"Location": f"/v1/rooms/{identity}"}
        return Response(room, media_type=JSON, headers=headers)

    provided = {"store": Provide(provide_store)}
    return Litestar([search, get_one, add], dependencies=provided, openapi_config=None)
