"""Services and databases of their own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

import services.items
import services.rooms
from registry.records.items.item_changed.v1 import ItemChanged
from services.chassis.database import open_database
from services.chassis.events.declaration import Events
from services.chassis.migrations import migrate
from services.chassis.settings import Settings

ITEMS_MIGRATIONS = Path(services.items.__file__).parent / "migrations"


@pytest.fixture
def rooms_settings(tmp_path: Path) -> Settings:
    url = f"sqlite:///{tmp_path}/rooms.sqlite"
    return Settings(name="rooms", port=0, database_url=url, empty=True)


@pytest.fixture
def items_settings(tmp_path: Path) -> Settings:
    url = f"sqlite:///{tmp_path}/items.sqlite"
    return Settings(name="items", port=0, database_url=url, empty=True)


@pytest.fixture
def rooms(rooms_settings: Settings) -> Iterator[TestClient]:
    app = services.rooms.create_app(rooms_settings)
    with app.test_client(follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def items(items_settings: Settings) -> Iterator[TestClient]:
    """The items service, following nobody."""
    alone = Events(tells=(ItemChanged,))
    app = services.items.create_app(items_settings, lambda binder: binder.bind(Events, to=alone))
    with app.test_client(follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def engine(items_settings: Settings) -> Iterator[Engine]:
    """The database of the items service, with its tables."""
    opened = open_database(items_settings.database_url)
    migrate(opened, ITEMS_MIGRATIONS)
    yield opened
    opened.dispose()
