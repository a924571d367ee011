"""One process that serves one service, by uvicorn."""

import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from threading import Timer
from types import FrameType, ModuleType
from typing import Any

import uvicorn
from connexion import FlaskApp

from services.chassis.serving.limits import BACKLOG, CLOSING_SECONDS
from services.chassis.serving.listening import address
from services.chassis.serving.protocol import BoundedProtocol
from services.chassis.serving.turn import Turn
from services.chassis.settings import Settings
from services.chassis.stopping import Stopping

_log = logging.getLogger(__name__)


def make_app(package: ModuleType, settings: Settings, stopping: Stopping, turn: Turn) -> FlaskApp:
    """Return the service, which waits for nobody once `stopping` is set."""

    def configure(binder: Any) -> None:
        binder.bind(Stopping, to=stopping)
        binder.bind(Turn, to=turn)

    app: FlaskApp = package.create_app(settings, configure)
    return app


def serve(package: ModuleType, settings: Settings, listening: socket.socket) -> None:
    """Serve until a signal asks to stop."""
    stopping = Stopping()
    app = make_app(package, settings, stopping, Turn())
    server = _Telling(configuration(app, settings), settings, stopping)
    server.run([listening])


def configuration(
    app: FlaskApp, settings: Settings, notify: Callable[[], Awaitable[None]] | None = None
) -> uvicorn.Config:
    """Return how uvicorn serves the app; it calls `notify` all ten seconds."""
    proxies = settings.serving.trusted_proxies
    return uvicorn.Config(
        app,
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        backlog=BACKLOG,
        timeout_graceful_shutdown=settings.serving.shutdown_seconds,
        callback_notify=notify,
        timeout_notify=10,
    )


def tell_address(name: str, listening: socket.socket) -> None:
    """Say where the Swagger page is."""
    _log.info("The %s service is at %s/v1/ui/", name, address(listening))


class Server(uvicorn.Server):
    """Finishes what is in flight when it is asked to stop; asked by Ctrl-C again, ends at once."""

    def __init__(self, config: uvicorn.Config, settings: Settings, stopping: Stopping) -> None:
        super().__init__(config)
        self._name = settings.name
        self._seconds = settings.serving.shutdown_seconds + CLOSING_SECONDS
        self._stopping = stopping

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; a stop that was asked for is a success."""
        if sig == signal.SIGQUIT or (self._stopping.is_set() and sig == signal.SIGINT):
            os._exit(1)
        if not self._stopping.is_set():
            # A thread that is still at work would keep Python from ending.
            bound = Timer(self._seconds, _abandon)
            bound.daemon = True
            bound.start()
        self._stopping.set()
        super().handle_exit(sig, frame)
        self._captured_signals.clear()


class _Telling(Server):
    """Says where it is, once the service has begun."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say where."""
        await super().startup(sockets)
        for each in sockets or ():
            tell_address(self._name, each)


def _abandon() -> None:
    _log.error("Requests that do not end are abandoned.")
    os._exit(1)
