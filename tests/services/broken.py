"""Services whose provider does something unforeseen."""

import time
from collections.abc import Callable
from typing import Any, NoReturn

from starlette.testclient import TestClient

import services.items
from services.chassis.settings import Settings
from services.items.provider import ItemsProvider


def raising(error: BaseException) -> Callable[[], NoReturn]:
    def act() -> NoReturn:
        raise error

    return act


def sleeping(seconds: float) -> Callable[[], None]:
    return lambda: time.sleep(seconds)


def items_that(act: Callable[[], object], settings: Settings) -> TestClient:
    """Return the items service whose handlers call `act` for their provider."""
    make: Any = act
    app = services.items.create_app(settings, lambda binder: binder.bind(ItemsProvider, to=make))
    client: TestClient = app.test_client(raise_server_exceptions=False)
    return client
