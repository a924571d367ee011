"""Services and databases of their own for each test."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from injector import Injector
from sqlalchemy import Engine
from starlette.testclient import TestClient

import services.items
import services.rooms
from services.chassis.bindings import injector_of
from services.chassis.database import open_database
from services.chassis.events.declaration import Events
from services.chassis.migrations import migrate
from services.chassis.settings import Settings
from services.items.bindings import configure
from services.items.events import EVENTS
from tests.services.brokers import rabbitmq, virtual_host
from tests.services.databases import Database, database, postgresql, postgresql_server
from tests.services.tokens import ALL_SCOPES, bearer

__all__ = ["database", "postgresql", "postgresql_server", "rabbitmq", "virtual_host"]

ITEMS_MIGRATIONS = Path(services.items.__file__).parent / "migrations"


@pytest.fixture
def rooms_settings(database: Database, tmp_path: Path) -> Settings:
    """Settings of a rooms service whose items service is away."""
    return Settings(
        name="rooms",
        port=0,
        database_url=database("rooms"),
        empty=True,
        var=tmp_path,
        urls={"items": "http://127.0.0.1:9"},
    )


@pytest.fixture
def items_settings(database: Database, tmp_path: Path) -> Settings:
    return Settings(name="items", port=0, database_url=database("items"), empty=True, var=tmp_path)


@pytest.fixture
def authorization(tmp_path: Path) -> dict[str, str]:
    """A header with a token of the development issuer that has all scopes."""
    return bearer(tmp_path, *ALL_SCOPES)


@pytest.fixture
def anonymous_rooms(rooms_settings: Settings) -> Iterator[TestClient]:
    """The rooms service, asked without a token."""
    app = services.rooms.create_app(rooms_settings)
    with app.test_client(follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def rooms(anonymous_rooms: TestClient, authorization: dict[str, str]) -> TestClient:
    anonymous_rooms.headers.update(authorization)
    return anonymous_rooms


@pytest.fixture
def items(items_settings: Settings, authorization: dict[str, str]) -> Iterator[TestClient]:
    """The items service, following nobody."""
    alone = replace(EVENTS, hears=())
    app = services.items.create_app(items_settings, lambda binder: binder.bind(Events, to=alone))
    with app.test_client(
        follow_redirects=False, raise_server_exceptions=False, headers=authorization
    ) as client:
        yield client


@pytest.fixture
def engine(items_settings: Settings) -> Iterator[Engine]:
    """The database of the items service, with its tables."""
    opened = open_database(items_settings.database_url, items_settings.name)
    migrate(opened, ITEMS_MIGRATIONS)
    yield opened
    opened.dispose()


@pytest.fixture
def items_injector(items_settings: Settings, engine: Engine) -> Injector:
    """What the items service injects, on a database with its tables."""
    return injector_of(items_settings, configure, lambda binder: binder.bind(Engine, to=engine))
