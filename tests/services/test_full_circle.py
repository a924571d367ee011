"""Two services that hear each other: what one tells comes back as what the other made of it."""

from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType

import httpx2
import pytest
from injector import Injector
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

import services.items
import services.rooms
from services.chassis.auth.development import DevelopmentIssuer
from services.chassis.auth.service_token import DevelopmentToken
from services.chassis.bindings import injector_of
from services.chassis.events.declaration import Events
from services.chassis.events.hearing.feed_source import FeedSource
from services.chassis.events.hearing.follower import Follower
from services.chassis.events.hearing.inbox import Inbox
from services.chassis.settings import Settings
from services.chassis.stopping import Stopping
from services.rooms.rows import KnownItemRow
from tests.services.databases import on_both_databases
from tests.services.examples import ITEM_BODY, ROOM_BODY

pytestmark = on_both_databases


class Wire(httpx2.BaseTransport):
    """Carries the requests of a follower to a service in this process."""

    def __init__(self, client: TestClient) -> None:
        self._client = client

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        # The test need not wait for an event that does not come.
        path = str(request.url.copy_set_param("wait", "0"))
        kept = {name: request.headers[name] for name in ("accept", "authorization")}
        answer = self._client.get(path, headers=kept)
        return httpx2.Response(answer.status_code, content=answer.content)


class Circle:
    """The services, and what lets them hear each other until nobody has anything to tell."""

    def __init__(
        self, items: TestClient, rooms: TestClient, followers: list[Follower], engine: Engine
    ) -> None:
        self.items = items
        self.rooms = rooms
        self._followers = followers
        self._engine = engine

    def settle(self) -> None:
        for _ in range(20):
            found = [each.attempt() for each in self._followers]
            if not any(found):
                return
        pytest.fail("they go on telling each other")

    def offer_room(self, name: str) -> str:
        url = f"https://a.example/{name}"
        return self._offer(self.rooms, "/v1/rooms", ROOM_BODY | {"url": url})

    def offer_item(self, room_id: str | None) -> str:
        return self._offer(self.items, "/v1/items", ITEM_BODY | {"room_id": room_id})

    def _offer(self, client: TestClient, path: str, body: dict[str, object]) -> str:
        answer = client.post(path, json=body)
        assert answer.status_code == 201
        self.settle()
        identity: str = answer.json()["id"]
        return identity

    def count(self, room_id: str) -> int:
        """How many items a room has, as its service answers."""
        found = self.rooms.get(f"/v1/rooms/{room_id}/items").json()
        assert found["room_id"] == room_id
        count: int = found["count"]
        return count

    def known_items(self) -> dict[str, str | None]:
        """In which room each item is, as the rooms service knows it."""
        with Session(self._engine) as session:
            rows = session.scalars(select(KnownItemRow)).all()
        return {str(row.id): str(row.room_id) if row.room_id else None for row in rows}


def opened(service: ModuleType, settings: Settings, headers: dict[str, str]) -> TestClient:
    """The service, whose own followers rest: the test lets others take their turns."""
    deaf = replace(service.events.EVENTS, hears=())
    app = service.create_app(settings, lambda binder: binder.bind(Events, to=deaf))
    client: TestClient = app.test_client(follow_redirects=False, headers=headers)
    return client


def following(injector: Injector, source: str, client: TestClient) -> Follower:
    settings = injector.get(Settings)
    token = DevelopmentToken(DevelopmentIssuer.open(settings.var), settings.name, "services")
    feed = FeedSource(f"http://{source}.test", token, Wire(client))
    inbox = Inbox(injector, source, injector.get(Events).hears)
    return Follower(source, feed, inbox, Stopping())


@pytest.fixture
def circle(
    rooms_settings: Settings, items_settings: Settings, authorization: dict[str, str]
) -> Iterator[Circle]:
    of_items = injector_of(items_settings, services.items.bindings.configure)
    of_rooms = injector_of(rooms_settings, services.rooms.bindings.configure)
    with (
        opened(services.items, items_settings, authorization) as items,
        opened(services.rooms, rooms_settings, authorization) as rooms,
    ):
        followers = [following(of_items, "rooms", rooms), following(of_rooms, "items", items)]
        yield Circle(items, rooms, followers, of_rooms.get(Engine))
    for each in (of_items, of_rooms):
        each.get(Engine).dispose()


def test_the_items_of_a_room_are_counted_as_they_come_move_and_go(circle: Circle) -> None:
    garden, attic = circle.offer_room("garden"), circle.offer_room("attic")
    assert circle.count(garden) == 0
    first, second, _ = (circle.offer_item(each) for each in (garden, garden, None))
    assert (circle.count(garden), circle.count(attic)) == (2, 0)
    circle.items.patch(f"/v1/items/{first}", json={"room_id": attic})
    circle.settle()
    assert (circle.count(garden), circle.count(attic)) == (1, 1)
    circle.items.delete(f"/v1/items/{second}")
    circle.settle()
    assert (circle.count(garden), circle.count(attic)) == (0, 1)


def test_a_room_that_is_deleted_leaves_its_items_which_are_told_and_counted_nowhere(
    circle: Circle,
) -> None:
    garden, attic = circle.offer_room("garden"), circle.offer_room("attic")
    left = [circle.offer_item(garden), circle.offer_item(garden)]
    kept = circle.offer_item(attic)
    circle.rooms.delete(f"/v1/rooms/{garden}")
    assert circle.rooms.get(f"/v1/rooms/{garden}/items").status_code == 404
    circle.settle()
    rooms_of = {each: circle.items.get(f"/v1/items/{each}").json()["room_id"] for each in left}
    assert rooms_of == dict.fromkeys(left)
    assert circle.items.get(f"/v1/items/{kept}").json()["room_id"] == attic
    told = circle.items.get("/v1/events?after=3").json()["events"]
    assert [(each["aggregate_id"], each["data"]["item"]["room_id"]) for each in told] == [
        (each, None) for each in left
    ]
    assert circle.known_items() == {left[0]: None, left[1]: None, kept: attic}


def test_an_item_that_was_put_into_a_room_while_that_was_deleted_leaves_it_as_well(
    circle: Circle,
) -> None:
    garden = circle.offer_room("garden")
    circle.rooms.delete(f"/v1/rooms/{garden}")
    body = ITEM_BODY | {"room_id": garden}
    item = circle.items.post("/v1/items", json=body).json()
    assert item["room_id"] == garden
    circle.settle()
    assert circle.items.get(f"/v1/items/{item['id']}").json()["room_id"] is None
    assert circle.known_items() == {item["id"]: None}
