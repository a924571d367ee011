"""The same service on FastAPI: pydantic checks what comes in and what goes out."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import Depends, FastAPI, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.benchmarks.services.store import Store


class Recurrency(StrEnum):
    UNKNOWN = "UNKNOWN"
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


class Visibility(StrEnum):
    HIDDEN = "HIDDEN"
    PUBLIC = "PUBLIC"


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Money(Model):
    amount: str = Field(pattern=r"^-?[0-9]{1,10}(\.[0-9]{1,2})?$")
    currency: str


class Area(Model):
    city: str
    country: str
    district: str | None = None
    postal_code: str | None = None


class Coordinates(Model):
    latitude: float
    longitude: float


class Image(Model):
    url: str
    caption: str | None = None


class Body(Model):
    name: str
    description: str
    price: Money
    recurrency: Recurrency = Recurrency.MONTHLY
    provider: str
    url: str
    monthly_price: Money | None = None
    property_size: int | None = Field(default=None, ge=-(2**31), lt=2**31)
    visibility: Visibility = Visibility.PUBLIC
    area: Area | None = None
    coordinates: Coordinates | None = None
    images: list[Image] = Field(default_factory=list)


class Shown(Body):
    id: UUID


class Page(Model):
    rooms: list[Shown]


def fastapi_app(engine: Engine) -> FastAPI:
    """Return the service; its handlers run in threads, as the database needs."""
    app = FastAPI()

    def store() -> Iterator[Store]:
        with Session(engine, expire_on_commit=False) as session:
            yield Store(session)

    Stored = Annotated[Store, Depends(store)]  # noqa: N806 it is a type

    @app.get("/v1/rooms")
    def search(store: Stored, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> Page:
        found = store.search(limit)
        return Page(rooms=[Shown.model_validate_json(each) for each in found])

    @app.get("/v1/rooms/{room_id}")
    def get(room_id: UUID, store: Stored) -> Shown:
        return Shown.model_validate_json(store.get(room_id))

    @app.post("/v1/rooms", status_code=201)
    def post(body: Body, store: Stored, response: Response) -> Shown:
        identity, room = store.add(body.model_dump(mode="json"))
        response.headers["Location"] = f"/v1/rooms/{identity}"
        return Shown.model_validate_json(room)

    return app
