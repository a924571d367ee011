"""What a request costs here, and on the stock stack and other frameworks with the same store."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib import import_module
from importlib.util import find_spec
from itertools import count, repeat
from pathlib import Path
from sqlite3 import Connection
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

import orjson
from connexion import FlaskApp
from injector import Binder
from sqlalchemy import Engine
from sqlalchemy.event import listen

from services.chassis.app import Configure, create_app
from services.chassis.database import open_database
from services.chassis.edge import Edge
from services.chassis.settings import Settings
from services.chassis.wiring import per_request
from tests.benchmarks.codec.turns import amount
from tests.benchmarks.services import api, store
from tests.benchmarks.services.driving import ROUNDS, Request, race
from tests.benchmarks.table import Row
from tests.services.stock import stock_app

OURS: Final = "ours"
WHOLE: Final = "ours with its edge"
STOCK: Final = "stock Connexion"
PAGE: Final = 20
WANTED: Final = {"GET one": 2.0, f"list {PAGE}": 4.5, "POST": 1.8}
PEERS: Final = {"FastAPI": "fastapi", "Litestar": "litestar"}
Apps = dict[str, Any]


def body(number: int) -> dict[str, Any]:
    """Return a room as a client sends it."""
    return {
        "name": "Garden room",
        "description": "Opens onto the garden, and is quiet but for the birds.",
        "price": {"amount": "510.00", "currency": "EUR"},
        "provider": "Canal Homes",
        "url": f"https://canal-homes.example/rooms/{number}",
        "area": {"city": "Ghent", "country": "BE", "postal_code": "9000"},
        "images": [{"url": f"https://canal-homes.example/{number}.jpg", "caption": "The garden"}],
    }


def measure(rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield a row for each kind of request and each peer; those against stock are gates."""
    with contestants() as (apps, identity):
        kinds = {
            "GET one": repeat(Request("GET", f"/v1/rooms/{identity}")),
            f"list {PAGE}": repeat(Request("GET", f"/v1/rooms?limit={PAGE}")),
            "POST": (
                Request("POST", "/v1/rooms", 201, orjson.dumps(body(number)))
                for number in count(PAGE)
            ),
        }
        for what, requests in kinds.items():
            costs = race(apps, requests, rounds)
            ours, whole = costs.pop(OURS), costs.pop(WHOLE)
            yield Row(
                what=f"{what}, with the edge",
                ours=f"{amount(whole.processor)}, {1 / whole.clock:,.0f}/s",
                peer=f"without: {amount(ours.processor)}, {1 / ours.clock:,.0f}/s",
                ratio=ours.processor / whole.processor,
            )
            for peer, cost in costs.items():
                yield Row(
                    what=what,
                    ours=f"{amount(ours.processor)}, {1 / ours.clock:,.0f}/s",
                    peer=f"{peer}: {amount(cost.processor)}, {1 / cost.clock:,.0f}/s",
                    ratio=cost.processor / ours.processor,
                    least=WANTED[what] if peer == STOCK else float("-inf"),
                )


@contextmanager
def contestants() -> Iterator[tuple[Apps, UUID]]:
    """Give the applications, which share a database, and the id of one of its rooms."""
    with TemporaryDirectory() as folder, ExitStack() as ending:
        logging.disable(logging.INFO)
        ending.callback(logging.disable, logging.NOTSET)
        engine = open_database(f"sqlite:///{Path(folder)}/bench.sqlite")
        ending.callback(engine.dispose)
        listen(engine, "connect", _spare_the_disk)
        identity = store.prepare(engine, [body(number) for number in range(PAGE)])
        apps = {name: make(engine) for name, make in _APPS.items()}
        peers = {name: _peer(module) for name, module in PEERS.items() if find_spec(module)}
        yield apps | {name: make(engine) for name, make in peers.items()}, identity


def _peer(package: str) -> Callable[[Engine], Any]:
    """Return what makes the application of a framework, which requirements/bench.lock has."""
    app: Callable[[Engine], Any] = getattr(
        import_module(f"tests.benchmarks.services.{package}_peer"), f"{package}_app"
    )
    return app


def _spare_the_disk(connection: Connection, _record: object) -> None:
    """Let commits not wait for the disk, which is no framework's."""
    connection.execute("PRAGMA synchronous = OFF")


def _without_edge(app: FlaskApp) -> FlaskApp:
    """Return the app without metrics, logs, limits and compression, which the others lack too."""
    stack = app.middleware.middlewares
    app.middleware.middlewares = [each for each in stack if getattr(each, "func", None) is not Edge]
    return app


def _settings(engine: Engine) -> Settings:
    url = engine.url.render_as_string()
    return Settings(name="bench", port=0, database_url=url, empty=True)


def _binding(engine: Engine) -> Configure:
    def configure(binder: Binder) -> None:
        binder.bind(Engine, to=engine)
        binder.bind(store.Store, scope=per_request)

    return configure


_APPS: Final[Mapping[str, Callable[[Engine], Any]]] = {
    OURS: lambda engine: _without_edge(create_app(api, _settings(engine), _binding(engine))),
    WHOLE: lambda engine: create_app(api, _settings(engine), _binding(engine)),
    STOCK: lambda engine: stock_app(api, _settings(engine), _binding(engine)),
}
